#include "optim/algorithms/muon.hpp"

#include <cmath>

#include "core/math.hpp"
#include "core/ops/creation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/shape.hpp"
#include "optim/algorithms/fused.hpp"

namespace gradus::optim {

OptionTable<MuonOptions> MuonOptions::table() {
  using O = MuonOptions;
  return {{"momentum", &O::momentum, range::fraction, "decay rate of the velocity"},
          {"nesterov", &O::nesterov, "use Nesterov momentum"},
          {"ns_steps", &O::ns_steps, range::whole(1, 99), "number of Newton-Schulz iterations"},
          {"ns_coefficients", &O::ns_coefficients, "a, b and c of the iterations"},
          {"adjust_lr_fn",
           &O::adjust_lr_fn,
           {"original", "match_rms_adamw"},
           "factor of steps: by rows/columns, or so that they are AdamW's at the same rate"},
          {"adamw_lr_factor", &O::adamw_lr_factor, range::positive,
           "rate of biases, gains and outer layers, as a factor of that of the matrices"},
          {"beta1", &O::beta1, range::fraction, "decay rate of the mean gradient"},
          {"beta2", &O::beta2, range::fraction, "decay rate of the mean square"},
          {"eps", &O::eps, range::positive, "added to the divisor"},
          {"weight_decay", &O::weight_decay, range::not_negative, "weight decay"}};
}

Muon::Muon(const NamedTensors& parameters, const MuonOptions& options, const NamedTensors& outer)
    : OptimizerWith("muon", parameters, options, {}) {
  const std::vector<double>& coefficients = options.ns_coefficients;
  require(coefficients.size() == 3 &&
              std::ranges::all_of(coefficients, [](double c) { return std::isfinite(c); }),
          name(), "ns_coefficients must be three finite numbers, got {}",
          fmt::join(coefficients, ", "));
  const std::map<std::string, Tensor> by_adamw(outer.begin(), outer.end());
  set_state([&](const std::string& parameter, const Tensor& values) -> NamedTensors {
    if (values.rank() >= 2 && !by_adamw.contains(parameter))
      return {{"momentum_buffer", zeros_like(values)}};
    set_lr_factor(parameter, options.adamw_lr_factor);
    return {{"exp_avg", zeros_like(values)}, {"exp_avg_sq", zeros_like(values)}};
  });
}

void Muon::set_momentum(double momentum) {
  range::fraction.check(name(), "momentum", momentum);
  options_.momentum = options_.beta1 = momentum;
}

// In the type of u: an iteration corrects the rounding of those before it.
Tensor Muon::orthogonal(const Tensor& u) const {
  const double norm = dispatch_floating(name(), u.dtype(), [&]<class T>(T) {
    return std::sqrt(kernels::sum_of_squares(u.numel(), u.data<T>()));
  });
  const double a = options_.ns_coefficients[0], b = options_.ns_coefficients[1],
               c = options_.ns_coefficients[2];
  const bool is_tall = u.size(0) > u.size(1);
  // The same as the wide matrix's iteration, without transposing: G is on the shorter side.
  Tensor x = u / std::max(norm, options_.eps);
  for (int64_t i = 0; i < options_.ns_steps; ++i) {
    const Tensor gram = matmul(x, x, is_tall ? Transpose{.a = true} : Transpose{.b = true});
    const Tensor factor = b * gram + c * matmul(gram, gram);
    x = a * x + (is_tall ? matmul(x, factor) : matmul(factor, x));
  }
  return x;
}

void Muon::update(const Target& target) {
  if (target.state.size() == 1)
    update_matrix(target);
  else
    update_by_adamw(target);
}

void Muon::update_by_adamw(const Target& target) {
  const auto t = static_cast<double>(steps());
  apply(name(),
        kernels::AdamUpdate{.mean_lr = target.lr / (1 - math::pow(options_.beta1, t)),
                            .beta1 = options_.beta1,
                            .beta2 = options_.beta2,
                            .root_scale = 1 / std::sqrt(1 - math::pow(options_.beta2, t)),
                            .eps = options_.eps,
                            .weight_decay = 0,
                            .shrink = 1 - target.lr * target.weight_decay},
        target);
}

void Muon::update_matrix(const Target& target) {
  const Tensor& gradient = target.gradient;
  const int64_t rows = gradient.size(0), n = gradient.numel();
  if (n == 0) return;
  Tensor direction = zeros_like(gradient);
  dispatch_floating(name(), gradient.dtype(), [&]<class T>(T) {
    kernels::update(n,
                    kernels::SgdUpdate{.lr = -1,
                                       .momentum = options_.momentum,
                                       .gain = 1,
                                       .weight_decay = 0,
                                       .nesterov = options_.nesterov},
                    gradient.data<T>(), direction.mutable_data<T>(),
                    {target.state[0].mutable_data<T>()});
  });
  const Tensor step = orthogonal(reshape(direction, {rows, n / rows}));
  const auto height = static_cast<double>(rows), width = static_cast<double>(n / rows);
  const double scale = options_.adjust_lr_fn == MuonScale::original
                           ? std::sqrt(std::max(1.0, height / width))
                           : 0.2 * std::sqrt(std::max(height, width));
  dispatch_floating(name(), gradient.dtype(), [&]<class T>(T) {
    kernels::update(n,
                    kernels::SgdUpdate{.lr = target.lr * scale,
                                       .momentum = 0,
                                       .gain = 1,
                                       .weight_decay = 0,
                                       .shrink = 1 - target.lr * target.weight_decay},
                    step.data<T>(), target.parameter.mutable_data<T>(), {});
  });
}

}  // namespace gradus::optim
