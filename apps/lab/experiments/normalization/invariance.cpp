// Claim: weights ×λ don't change the output of a normalized layer and multiply its gradient by 1/λ;
// data ×λ don't change the output where activations or cosines are normalized, but do where weights
// are, which don't depend on the data. (Ioffe and Szegedy 2015, §3.3; Ba et al. 2016, table 1;
// Salimans and Kingma 2016, §2.)
#include "apps/lab/experiments/toolbox.hpp"
#include "core/text/split.hpp"

namespace gradus::lab::invariance_experiment {

constexpr double eps = 1e-12, lambda = 10, shift = 0.5;

// A layer's activations or weights are normalized.
struct Scheme {
  std::string name;
  AnyModule norm;                    // identity where weights are normalized
  AnyReparametrization weight_norm;  // none where activations are
  // The change of the output under weights ×λ, weights + c, data ×λ, data + c, of the gradient
  // under weights ×λ, and whether the gradient is orthogonal to the weights: a step along the
  // weights would only scale them.
  std::string theory;
};

// No normalization and all normalizations, for outputs (N, 6, 6, 6).
std::vector<Scheme> schemes() {
  const Identity no;
  return {{"none", no, {}, "×λ, changes, ×λ, changes, same, no"},
          {"batch", BatchNorm2d(6, {eps}), {}, "same, changes, same, same, 1/λ, ⊥"},
          {"batch-renorm", BatchRenorm2d(6, {eps}), {}, "same, changes, same, same, 1/λ, ⊥"},
          {"layer", LayerNorm({6, 6, 6}, {eps}), {}, "same, changes, same, changes, 1/λ, ⊥"},
          {"rms", RMSNorm({6, 6, 6}, {eps}), {}, "same, changes, same, changes, 1/λ, ⊥"},
          {"group", GroupNorm(3, 6, {eps}), {}, "same, changes, same, changes, 1/λ, ⊥"},
          {"instance", InstanceNorm2d(6, {eps}), {}, "same, changes, same, same, 1/λ, ⊥"},
          {"lrn", LocalResponseNorm(), {}, "changes, changes, changes, changes, changes, no"},
          {"weight", no, WeightNorm(), "same, changes, ×λ, changes, 1/λ, ⊥"},
          {"weight-std", no, WeightStandardization({eps}), "same, same, ×λ, same, 1/λ, ⊥"},
          {"weight-centered", no, CenteredWeightNorm(), "same, same, ×λ, same, 1/λ, ⊥"},
          {"weight-whiten", no, WeightWhitening({eps}), "same, same, ×λ, same, 1/λ, ⊥"},
          {"spectral", no, SpectralNorm({500}), "same, changes, ×λ, changes, 1/λ, ⊥"},
          {"cosine", no, CosineNorm({false, eps}), "same, changes, same, changes, 1/λ, ⊥"},
          {"cosine-centered", no, CosineNorm({true, eps}), "same, same, same, same, 1/λ, ⊥"}};
}

// What the theory is about, in its order.
const char* const judged[] = {
    "the output under weights ×λ is",   "the output under weights + c is",
    "the output under data ×λ is",      "the output under data + c is",
    "the gradient under weights ×λ is", "the angle of gradient and weights is"};

struct Change {
  double weight_scale = 1, weight_shift = 0, data_scale = 1, data_shift = 0;
};
const Change changes[] = {{lambda}, {1, shift}, {1, 0, lambda}, {1, 0, 1, shift}};

// The output, the gradient of Σ r·output with respect to the weights for random r, and the weights.
std::array<Tensor, 3> compute(const Scheme& scheme, uint64_t seed, const Change& change) {
  Rng rng(seed);
  Conv2d conv({.in_channels = 4, .out_channels = 6, .kernel = 3, .bias = false}, rng);
  const Tensor x = randn({8, 4, 8, 8}, rng, DType::f64), r = randn({8, 6, 6, 6}, rng, DType::f64);
  AnyModule norm = scheme.norm;
  conv.to(DType::f64);
  norm->to(DType::f64);
  if (scheme.weight_norm) conv.reparametrize(scheme.weight_norm);
  const Tensor weight = conv.weight.detach() * change.weight_scale + change.weight_shift;
  no_grad([&] { conv.weight.copy_from(weight); });
  const Tensor y = norm(conv(x * change.data_scale + change.data_shift));
  return {y.detach(), grad({sum(y * r)}, {conv.weight})[0], weight};
}

std::string law(const Tensor& before, const Tensor& after) {
  constexpr double tolerance = 1e-6;
  if (relative_difference(after, before) < tolerance) return "same";
  if (relative_difference(after, before * lambda) < tolerance) return "×λ";
  return relative_difference(after, before / lambda) < tolerance ? "1/λ" : "changes";
}

// The parts of laws: "same, changes" has two.
std::vector<std::string> each_of(const std::string& laws) {
  std::vector<std::string> result;
  for (const std::string_view law : split(laws, ',')) result.emplace_back(trimmed(law));
  return result;
}

std::vector<Chart> chart_row(const std::string& what) {
  std::vector<Chart> row;
  for (const std::string of : {"Output", "Gradient"})
    row.push_back({of + ", normalized " + what, "λ, factor of the weights", "size, 1 at λ = 1",
                   std::vector<Series>(), log_log});
  return row;
}

// Adds the sizes of output and gradient for scaled weights to the charts.
void draw(const Scheme& scheme, uint64_t seed, std::vector<Chart>& charts) {
  const auto [output, gradient, weight] = compute(scheme, seed, {});
  Series outputs{scheme.name}, gradients = outputs;
  for (const double scale : {0.01, 0.1, 1., 10., 100.}) {
    const auto scaled = compute(scheme, seed, {scale});
    outputs.add(scale, size(scaled[0]) / size(output));
    gradients.add(scale, size(scaled[1]) / size(gradient));
  }
  add_or_join(charts[0], outputs);
  add_or_join(charts[1], gradients);
}

// The row of the scheme in the table, without theory; its last cell has the laws that were found.
std::vector<TableCell> measure(const Scheme& scheme, uint64_t seed) {
  const auto [output, gradient, weight] = compute(scheme, seed, {});
  std::vector<TableCell> row{scheme.name};
  std::string laws;
  for (const Change& change : changes) {
    const Tensor after = compute(scheme, seed, change)[0];
    row.push_back(relative_difference(after, output));
    laws += law(output, after) + ", ";
  }
  const Tensor after = compute(scheme, seed, changes[0])[1];
  row.push_back(size(after) / size(gradient));
  row.push_back(std::abs(cosine(weight, gradient)));
  row.push_back(laws + law(gradient, after) + (row.back().number.mean < 1e-6 ? ", ⊥" : ", no"));
  return row;
}

Report run(const ExperimentOptions& options) {
  std::vector charts{chart_row("activations"), chart_row("weights")};
  Table table{"Relative change of the output; factor of the gradient under weights ×λ",
              {"scheme", "weights ×λ", "weights + c", "data ×λ", "data + c", "gradient",
               "its cosine with the weights", "that is", "theory"}};
  std::vector<std::string> wrong(std::size(judged));
  for (const Scheme& scheme : schemes()) {
    options.report(scheme.name);
    std::vector<TableCell> row = measure(scheme, options.seed);
    const std::string laws = row.back().word;
    row.push_back(laws == scheme.theory ? "agrees" : scheme.theory);
    table.rows.push_back(row);
    const std::vector<std::string> found = each_of(laws), expected = each_of(scheme.theory);
    for (std::size_t i = 0; i < wrong.size(); ++i)
      if (found[i] != expected[i])
        wrong[i] += fmt::format("{}{}: {} instead of {}", wrong[i].empty() ? "" : ", ", scheme.name,
                                found[i], expected[i]);
    draw(scheme, options.seed, charts[scheme.weight_norm ? 1 : 0]);
  }
  const char* const measured =
      "8 random images, a 3×3 convolution without bias or padding, double precision, "
      "statistics of training, ε = 1e-12; λ = 10, c = 0.5.";
  Verdict verdict{.remark = "Agreement is to six digits."};
  for (std::size_t i = 0; i < wrong.size(); ++i)
    verdict.parts.push_back(
        fact(fmt::format("{} as theory says", judged[i]), wrong[i].empty(),
             wrong[i].empty() ? fmt::format("all {} schemes", table.rows.size()) : wrong[i]));
  return {verdict, measured, {table}, charts};
}

}  // namespace gradus::lab::invariance_experiment
