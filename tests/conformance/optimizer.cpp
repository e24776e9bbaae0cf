#include "optim/algorithms/optimizers.hpp"

#include <fmt/ranges.h>

#include "conformance/runner.hpp"
#include "optim/schedules/decay.hpp"

namespace gradus::conformance {
namespace {

constexpr const char* warmup_steps = "warmup_steps";

// All attributes but the rate, which any optimizer has, the steps of its warmup, and what is null:
// the default.
OptionValues optimizer_options(const Case& c) {
  OptionValues values;
  for (const auto& [name, value] : c.attrs.items()) {
    if (name == "lr" || name == warmup_steps || value.is_null()) continue;
    if (value.is_boolean())
      values[name] = value.get<bool>();
    else if (value.is_string())
      values[name] = value.get<std::string>();
    else if (value.is_array())
      values[name] = fmt::format("{}", fmt::join(value.get<std::vector<double>>(), ","));
    else
      values[name] = value.get<double>();
  }
  // PyTorch's name of it.
  if (auto threshold = values.extract("d")) {
    threshold.key() = "clip_threshold";
    values.insert(std::move(threshold));
  }
  return values;
}

// The parameter after each step, under the gradients g[k], and what is evaluated where that
// differs.
Tensors trajectory(const Case& c, const std::string& optimizer) {
  Tensor parameter = c.input("p0").clone().set_requires_grad();
  const auto algorithm = optim::optimizers().find(optimizer)(
      {{"p", parameter}}, c.attr<double>("lr"), optimizer_options(c));
  const optim::Schedule rate =
      optim::warmup(c.attr<int64_t>(warmup_steps, 0), optim::constant(c.attr<double>("lr")));
  const Tensor gradients = c.input("g");
  Tensors results{Tensor::empty(gradients.shape(), gradients.dtype())};
  if (algorithm->evaluates_elsewhere())
    results.push_back(Tensor::empty(gradients.shape(), gradients.dtype()));
  for (int64_t offset = 0; offset < gradients.numel(); offset += parameter.numel()) {
    const auto keep = [&](const Tensor& result) {
      result.alias(parameter.shape(), offset).copy_from(parameter.detach());
    };
    parameter.set_grad(gradients.alias(parameter.shape(), offset));
    algorithm->follow(rate);
    algorithm->step();
    keep(results.front());
    const optim::Optimizer::EvaluationScope evaluation(*algorithm);
    keep(results.back());
  }
  return results;
}

}  // namespace

Family optimizer() {
  Family family{"optim", {{"sgd_decoupled", [](const Case& c) { return trajectory(c, "sgd"); }}}};
  for (const auto& entry : optim::optimizers().entries()) {
    std::string name = entry.name;
    std::ranges::replace(name, '-', '_');
    family.operations.push_back({name, [name](const Case& c) { return trajectory(c, name); }});
  }
  return family;
}

}  // namespace gradus::conformance
