#include "core/gradcheck.hpp"

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/random.hpp"

namespace gradus {

// Leaves with copied values: the caller's tensors and graph don't change.
static Tensors fresh_leaves(const Tensors& inputs) {
  Tensors leaves;
  for (const Tensor& input : inputs) {
    if (!input.requires_grad()) {
      leaves.push_back(input);
      continue;
    }
    require(input.dtype() == DType::f64, "gradcheck", "checked inputs must be f64, got {}",
            to_string(input.dtype()));
    leaves.push_back(input.detach().clone().set_requires_grad());
  }
  return leaves;
}

GradcheckResult gradcheck(const Function& function, const Tensors& inputs,
                          const GradcheckOptions& options) {
  Tensors leaves = fresh_leaves(inputs);
  const Tensor output = function(leaves);
  Rng rng(options.seed);
  const Tensor upstream = randn(output.shape(), rng, output.dtype());
  Tensors checked;
  for (const Tensor& leaf : leaves)
    if (leaf.requires_grad()) checked.push_back(leaf);
  require(!checked.empty(), "gradcheck", "at least one input must require a gradient");
  const Tensors gradients =
      output.requires_grad()
          ? grad({output}, checked, {.grad_outputs = {upstream}, .allow_unused = true})
          : Tensors(checked.size());

  const NoGrad no_grad;
  const auto objective = [&] { return sum(function(leaves) * upstream).item(); };
  for (std::size_t i = 0; i < checked.size(); ++i) {
    for (int64_t j = 0; j < checked[i].numel(); ++j) {
      const double value = checked[i].data<double>()[j];
      checked[i].mutable_data<double>()[j] = value + options.step;
      const double above = objective();
      checked[i].mutable_data<double>()[j] = value - options.step;
      const double below = objective();
      checked[i].mutable_data<double>()[j] = value;
      const double numeric = (above - below) / (2 * options.step);
      const double analytic = gradients[i].defined() ? gradients[i].data<double>()[j] : 0;
      if (!(std::abs(analytic - numeric) <= options.atol + options.rtol * std::abs(numeric)))
        return {false,
                fmt::format(
                    "checked input {} of shape {}, element {}: analytic {:.10g}, numeric {:.10g}",
                    i, checked[i].shape(), j, analytic, numeric)};
    }
  }
  return {};
}

GradcheckResult gradgradcheck(const Function& function, const Tensors& inputs,
                              const GradcheckOptions& options) {
  const Tensors leaves = fresh_leaves(inputs);
  const Tensor output = function(leaves);
  Rng rng(options.seed, 1);
  Tensors all = leaves;
  all.push_back(randn(output.shape(), rng, output.dtype()).set_requires_grad());
  // All gradients are checked through one scalar: their sum weighted by random tensors.
  const auto weighted_gradients = [&](const Tensors& arguments, bool recorded) {
    const Tensors points(arguments.begin(), arguments.end() - 1);
    Tensors checked;
    for (const Tensor& point : points)
      if (point.requires_grad()) checked.push_back(point);
    const GradMode mode(true);
    const Tensors first =
        grad({function(points)}, checked,
             {.grad_outputs = {arguments.back()}, .create_graph = recorded, .allow_unused = true});
    Rng weights(options.seed, 2);
    Tensor total = Tensor::scalar(0, DType::f64);
    for (const Tensor& g : first)
      if (g.defined()) total = total + sum(g * randn(g.shape(), weights, DType::f64));
    return total;
  };
  const double plain = weighted_gradients(all, false).item(),
               recorded = weighted_gradients(all, true).item();
  if (!(std::abs(recorded - plain) <= options.atol + options.rtol * std::abs(plain)))
    return {false,
            fmt::format("weighted sum of the gradients: recorded {:.10g}, not recorded {:.10g}",
                        recorded, plain)};
  return gradcheck([&](const Tensors& arguments) { return weighted_gradients(arguments, true); },
                   all, options);
}

}  // namespace gradus
