#include "optim/adam.hpp"

#include <cmath>

#include "core/kernels/optimizer.hpp"

namespace gradus::optim {
namespace {

std::vector<std::string> state_of(const AdamOptions& options) {
  std::vector<std::string> names{"exp_avg", "exp_avg_sq"};
  if (options.amsgrad) names.push_back("max_exp_avg_sq");
  return names;
}

}  // namespace

Adam::Adam(const char* name, const NamedTensors& parameters, const AdamOptions& options,
           bool decoupled)
    : Optimizer(name, parameters, options.lr, state_of(options), options.allow_missing_gradient),
      options_(options),
      decoupled_(decoupled) {
  detail::require_fraction(name, "beta1", options.beta1);
  detail::require_fraction(name, "beta2", options.beta2);
  detail::require_positive(name, "eps", options.eps);
  detail::require_not_negative(name, "weight_decay", options.weight_decay);
}

void Adam::update(Tensor& parameter, const Tensor& gradient, std::span<Tensor> state) {
  const auto t = static_cast<double>(steps());
  const kernels::AdamUpdate update{.lr = lr(),
                                   .beta1 = options_.beta1,
                                   .beta2 = options_.beta2,
                                   .eps = options_.eps,
                                   .weight_decay = decoupled_ ? 0 : options_.weight_decay,
                                   .shrink = decoupled_ ? 1 - lr() * options_.weight_decay : 1,
                                   .correction1 = 1 - std::pow(options_.beta1, t),
                                   .correction2 = 1 - std::pow(options_.beta2, t)};
  dispatch_floating(name(), parameter.dtype(), [&]<class T>(T) {
    T* const largest = options_.amsgrad ? state[2].mutable_data<T>() : nullptr;
    kernels::adam(parameter.numel(), update, gradient.data<T>(), parameter.mutable_data<T>(),
                  state[0].mutable_data<T>(), state[1].mutable_data<T>(), largest);
  });
}

AdamW::AdamW(const NamedTensors& parameters, const AdamWOptions& options)
    : Adam("adamw", parameters,
           {.lr = options.lr,
            .beta1 = options.beta1,
            .beta2 = options.beta2,
            .eps = options.eps,
            .weight_decay = options.weight_decay,
            .amsgrad = options.amsgrad,
            .allow_missing_gradient = options.allow_missing_gradient},
           true) {}

}  // namespace gradus::optim
