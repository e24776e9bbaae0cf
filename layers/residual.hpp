// Residual: a shortcut around modules.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// A shortcut around a module: x + body(x) (He et al. 2016); with a `shortcut`, such as a 1×1
/// convolution for a body that changes the shape, shortcut(x) + body(x). forward() throws
/// std::invalid_argument unless both have the same shape.
class Residual : public Layer<Residual> {
 public:
  /// x + body(x).
  explicit Residual(AnyModule body) : body_(std::move(body)) {}
  /// shortcut(x) + body(x).
  Residual(AnyModule body, AnyModule shortcut)
      : body_(std::move(body)), shortcut_(std::move(shortcut)) {}

  Tensor forward(const Tensor& x) override;
  Tensor forward_next(const Tensor& x, StepMemory& memory) override;
  void members(Members& members) override;
  std::string description() const override;

 private:
  AnyModule body_;
  std::optional<AnyModule> shortcut_;
};

/// Returns its input.
class Identity : public Layer<Identity> {
 public:
  Tensor forward(const Tensor& x) override { return x; }
  std::string description() const override { return "Identity()"; }
};

}  // namespace gradus::layers
