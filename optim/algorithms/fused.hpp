// apply: runs the fused kernel of an optimizer; internal.
#pragma once

#include "core/kernels/updates.hpp"
#include "core/tensor.hpp"

namespace gradus::optim {

/// Runs the fused `update` over `target`, an Optimizer::Target.
template <class Update, class Target>
void apply(std::string_view name, const Update& update, const Target& target) {
  Tensor& parameter = target.parameter;
  dispatch_floating(name, parameter.dtype(), [&]<class T>(T) {
    kernels::State<T> state{};
    for (std::size_t i = 0; i < target.state.size(); ++i)
      state[i] = target.state[i].template mutable_data<T>();
    kernels::update(parameter.numel(), update, target.gradient.template data<T>(),
                    parameter.mutable_data<T>(), state);
  });
}

}  // namespace gradus::optim
