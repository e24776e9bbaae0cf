#include "optim/registry.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {
namespace {

template <class T>
std::optional<T> optional(const Case& c, const char* attribute) {
  if (!c.attrs.contains(attribute)) return {};
  return c.attr<T>(attribute);
}

// The parameter after each step, under the gradients g[k].
Tensors trajectory(const Case& c, const std::string& optimizer) {
  Tensor parameter = c.input("p0").clone().set_requires_grad();
  const auto algorithm = optim::optimizers().find(optimizer)(
      {{"p", parameter}}, c.attr<double>("lr"),
      {.momentum = optional<double>(c, "momentum"),
       .dampening = optional<double>(c, "dampening"),
       .weight_decay = optional<double>(c, "weight_decay"),
       .decoupled_weight_decay = optional<double>(c, "decoupled_weight_decay"),
       .beta1 = optional<double>(c, "beta1"),
       .beta2 = optional<double>(c, "beta2"),
       .eps = optional<double>(c, "eps"),
       .amsgrad = optional<bool>(c, "amsgrad")});
  const Tensor gradients = c.input("g");
  const Tensor y = Tensor::empty(gradients.shape(), gradients.dtype());
  for (int64_t offset = 0; offset < y.numel(); offset += parameter.numel()) {
    parameter.set_grad(gradients.alias(parameter.shape(), offset));
    algorithm->step();
    y.alias(parameter.shape(), offset).copy_from(parameter);
  }
  return {y};
}

Operation row(const std::string& name, const std::string& optimizer) {
  return {name, [optimizer](const Case& c) { return trajectory(c, optimizer); }};
}

}  // namespace

Family optimizer() {
  return {"optim",
          {row("sgd", "sgd"), row("momentum", "momentum"), row("nag", "nag"), row("adam", "adam"),
           row("adamw", "adamw"), row("sgd_decoupled", "sgd")}};
}

}  // namespace gradus::conformance
