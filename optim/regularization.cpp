#include "optim/regularization.hpp"

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/text/glob.hpp"
#include "optim/optimizer.hpp"

namespace gradus::optim {

static void check(const char* operation, const PenaltyOptions& options) {
  range::not_negative.check(operation, "l1", options.l1);
  range::not_negative.check(operation, "l2", options.l2);
}

Tensor elastic_net_penalty(const Tensor& weight, const PenaltyOptions& options) {
  check("elastic_net_penalty", options);
  return sum(abs(weight)) * options.l1 + sum(square(weight)) * options.l2;
}

NamedTensors penalized(const NamedTensors& parameters, const std::vector<std::string>& patterns) {
  std::vector<std::string> names;
  for (const auto& named : parameters) names.push_back(named.first);
  for (const std::string& pattern : patterns)
    if (std::ranges::none_of(names,
                             [&](const std::string& name) { return matches(pattern, name); }))
      fail_unmatched("penalized", "parameter", pattern, names);
  NamedTensors result;
  for (const auto& named : parameters)
    if (std::ranges::any_of(
            patterns, [&](const std::string& pattern) { return matches(pattern, named.first); }))
      result.push_back(named);
  return result;
}

double add_penalty(const NamedTensors& parameters, const PenaltyOptions& options) {
  check("add_penalty", options);
  const NoGrad no_grad;
  double penalty = 0;
  for (auto [name, weight] : parameters) {
    penalty += elastic_net_penalty(weight, options).item();
    if (weight.grad().defined())
      weight.set_grad(weight.grad() + sign(weight) * options.l1 + weight * (2 * options.l2));
  }
  return penalty;
}

void proximal_step(const NamedTensors& parameters, double lr, const PenaltyOptions& options) {
  check("proximal_step", options);
  range::not_negative.check("proximal_step", "lr", lr);
  const NoGrad no_grad;
  const double threshold = lr * options.l1, shrink = 1 / (1 + 2 * lr * options.l2);
  // A weight within the threshold is subtracted from itself, which gives exactly 0.
  for (auto [name, weight] : parameters)
    weight.copy_from((weight - clamp(weight, -threshold, threshold)) * shrink);
}

void proximal_step(const NamedTensors& parameters, const Optimizer& optimizer,
                   const PenaltyOptions& options) {
  for (const auto& named : parameters)
    if (named.second.requires_grad()) proximal_step({named}, optimizer.lr(named.first), options);
}

}  // namespace gradus::optim
