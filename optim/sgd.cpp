#include "optim/sgd.hpp"

#include "core/kernels/optimizer.hpp"

namespace gradus::optim {
namespace {

std::vector<std::string> state_of(const SGDOptions& options) {
  if (options.momentum == 0) return {};
  return {"momentum_buffer"};
}

}  // namespace

SGD::SGD(const NamedTensors& parameters, const SGDOptions& options)
    : Optimizer("sgd", parameters, options.lr, state_of(options), options.allow_missing_gradient),
      options_(options) {
  detail::require_fraction(name(), "momentum", options.momentum);
  require(options.dampening >= 0 && options.dampening <= 1, name(),
          "dampening is in [0, 1], got {}", options.dampening);
  require(!options.nesterov || (options.momentum > 0 && options.dampening == 0), name(),
          "nesterov needs momentum and no dampening, got momentum {} and dampening {}",
          options.momentum, options.dampening);
  detail::require_not_negative(name(), "weight_decay", options.weight_decay);
  detail::require_fraction(name(), "decoupled_weight_decay", options.decoupled_weight_decay);
}

void SGD::update(Tensor& parameter, const Tensor& gradient, std::span<Tensor> state) {
  const kernels::SgdUpdate update{.lr = lr(),
                                  .momentum = options_.momentum,
                                  .dampening = steps() == 1 ? 0 : options_.dampening,
                                  .weight_decay = options_.weight_decay,
                                  .shrink = 1 - options_.decoupled_weight_decay,
                                  .nesterov = options_.nesterov};
  dispatch_floating(name(), parameter.dtype(), [&]<class T>(T) {
    T* const velocity = state.empty() ? nullptr : state[0].mutable_data<T>();
    kernels::sgd(parameter.numel(), update, gradient.data<T>(), parameter.mutable_data<T>(),
                 velocity);
  });
}

}  // namespace gradus::optim
