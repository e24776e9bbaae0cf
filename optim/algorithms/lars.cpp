#include "optim/algorithms/lars.hpp"

#include <cmath>

#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<LARSOptions> LARSOptions::table() {
  using O = LARSOptions;
  return {{"momentum", &O::momentum, range::fraction, "decay rate of the velocity"},
          {"trust_coefficient", &O::trust_coefficient, range::positive,
           "fraction of its norm by which a tensor moves at rate 1"},
          {"weight_decay", &O::weight_decay, range::not_negative, "weight decay"}};
}

LARS::LARS(const NamedTensors& parameters, const LARSOptions& options)
    : OptimizerWith("lars", parameters, options, {"momentum_buffer"}) {}

void LARS::update(const Target& target) {
  const auto norm = [&](const Tensor& tensor) {
    return std::sqrt(dispatch_floating(name(), tensor.dtype(), [&]<class T>(T) {
      return kernels::sum_of_squares(tensor.numel(), tensor.data<T>());
    }));
  };
  const double size = norm(target.parameter), slope = norm(target.gradient);
  const double trust = size > 0 && slope > 0 ? options_.trust_coefficient * size /
                                                   (slope + target.weight_decay * size)
                                             : 1;
  apply(name(),
        kernels::SgdUpdate{.lr = 1,
                           .momentum = options_.momentum,
                           .gain = target.lr * trust,
                           .weight_decay = target.weight_decay},
        target);
}

}  // namespace gradus::optim
