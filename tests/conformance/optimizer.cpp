#include "optim/algorithms/optimizers.hpp"

#include "conformance/runner.hpp"

namespace gradus::conformance {
namespace {

// All attributes but the rate, which any optimizer has.
OptionValues optimizer_options(const Case& c) {
  OptionValues values;
  for (const auto& [name, value] : c.attrs.items()) {
    if (name == "lr") continue;
    if (value.is_boolean())
      values[name] = value.get<bool>();
    else
      values[name] = value.get<double>();
  }
  return values;
}

// The parameter after each step, under the gradients g[k].
Tensors trajectory(const Case& c, const std::string& optimizer) {
  Tensor parameter = c.input("p0").clone().set_requires_grad();
  const auto algorithm = optim::optimizers().find(optimizer)(
      {{"p", parameter}}, c.attr<double>("lr"), optimizer_options(c));
  const Tensor gradients = c.input("g");
  const Tensor y = Tensor::empty(gradients.shape(), gradients.dtype());
  for (int64_t offset = 0; offset < y.numel(); offset += parameter.numel()) {
    parameter.set_grad(gradients.alias(parameter.shape(), offset));
    algorithm->step();
    y.alias(parameter.shape(), offset).copy_from(parameter);
  }
  return {y};
}

}  // namespace

Family optimizer() {
  Family family{"optim", {{"sgd_decoupled", [](const Case& c) { return trajectory(c, "sgd"); }}}};
  for (const auto& entry : optim::optimizers().entries())
    family.operations.push_back(
        {entry.name, [name = entry.name](const Case& c) { return trajectory(c, name); }});
  return family;
}

}  // namespace gradus::conformance
