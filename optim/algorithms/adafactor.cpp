#include "optim/algorithms/adafactor.hpp"

#include <cmath>

#include "core/math.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<AdafactorOptions> AdafactorOptions::table() {
  using O = AdafactorOptions;
  return {{"beta2_decay",
           &O::beta2_decay,
           {.low = -range::largest, .high = 0},
           "exponent of the step in the weight of its squared gradient"},
          {"eps1", &O::eps1, range::not_negative,
           "least root mean square of gradients; 0: the machine epsilon"},
          {"eps2", &O::eps2, range::not_negative,
           "least root mean square of weights that scales their steps"},
          {"clip_threshold",
           &O::clip_threshold,
           {.low = 1, .high = range::largest},
           "largest root mean square of a step, relative to its rate, that isn't scaled down"},
          {"weight_decay", &O::weight_decay, range::not_negative, "weight decay"}};
}

Adafactor::Adafactor(const NamedTensors& parameters, const AdafactorOptions& options)
    : OptimizerWith("adafactor", parameters, options, {}) {
  set_state([](const std::string&, const Tensor& parameter) -> NamedTensors {
    const Shape& shape = parameter.shape();
    const int last = shape.rank() - 1;
    const auto zeros = [&](const Shape& of) { return Tensor::zeros(of, parameter.dtype()); };
    if (last < 1) return {{"variance", zeros(shape)}};
    return {{"row_var", zeros(shape.without(last).inserted(last, 1))},
            {"col_var", zeros(shape.without(last - 1).inserted(last - 1, 1))}};
  });
}

void Adafactor::update(const Target& target) {
  Tensor& parameter = target.parameter;
  const int64_t n = parameter.numel();
  if (n == 0) return;
  const auto t = static_cast<double>(steps());
  const double weight = math::pow(t, options_.beta2_decay);
  const Tensor squares = square(target.gradient);
  dispatch_floating(name(), parameter.dtype(), [&]<class T>(T) {
    const double least = options_.eps1 > 0 ? options_.eps1 : std::numeric_limits<T>::epsilon();
    const auto average = [&](Tensor& state, const Tensor& means) {
      kernels::average(state.numel(), weight, means.data<T>(), state.mutable_data<T>());
    };
    // A vector is a matrix of one row, whose factor is 1.
    Tensor row = Tensor::ones({1}, parameter.dtype()), column = target.state.back();
    if (target.state.size() > 1) {
      average(target.state[0], mean(squares, {-1}, true));
      average(target.state[1], mean(squares, {-2}, true));
      const Tensor& means = target.state[0];
      row = means / clamp(mean(means, {-2}, true), least, range::infinity);
    } else {
      average(target.state[0], squares);
    }
    const double size =
        std::sqrt(kernels::sum_of_squares(n, parameter.data<T>()) / static_cast<double>(n));
    Tensor direction = Tensor::empty(parameter.shape(), parameter.dtype());
    const double length = std::sqrt(
        kernels::factored_direction({.rows = parameter.rank() > 1 ? parameter.size(-2) : 1,
                                     .columns = parameter.rank() > 0 ? parameter.size(-1) : 1,
                                     .least = least * least},
                                    n, target.gradient.data<T>(), row.data<T>(), column.data<T>(),
                                    direction.mutable_data<T>()) /
        static_cast<double>(n));
    const double rate = std::max(options_.eps2, size) * std::min(target.lr, 1 / std::sqrt(t));
    kernels::update(n,
                    kernels::SgdUpdate{.lr = rate / std::max(1.0, length / options_.clip_threshold),
                                       .momentum = 0,
                                       .gain = 1,
                                       .weight_decay = 0,
                                       .shrink = 1 - target.lr * target.weight_decay},
                    direction.data<T>(), parameter.mutable_data<T>(), {});
  });
}

}  // namespace gradus::optim
