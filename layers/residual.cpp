#include "layers/residual.hpp"

#include "core/ops/elementwise.hpp"

namespace gradus::layers {

Tensor Residual::forward(const Tensor& x) {
  const Tensor around = shortcut_ ? call_child("shortcut", **shortcut_, x) : x;
  const Tensor through = call_child("body", *body_, x);
  require(around.shape() == through.shape(), "residual",
          "body and shortcut must have the same shape: body {}, shortcut {}, input {}",
          through.shape().without(0), around.shape().without(0), x.shape().without(0));
  return around + through;
}

Tensor Residual::forward_next(const Tensor& x, StepMemory& memory) {
  const Tensor around = shortcut_ ? (*shortcut_)->forward_next(x, memory) : x;
  return around + body_->forward_next(x, memory);
}

void Residual::members(Members& members) {
  members.child("body", *body_);
  if (shortcut_) members.child("shortcut", **shortcut_);
}

std::string Residual::description() const {
  return shortcut_
             ? fmt::format("Residual({}, {})", body_->description(), (*shortcut_)->description())
             : fmt::format("Residual({})", body_->description());
}

}  // namespace gradus::layers
