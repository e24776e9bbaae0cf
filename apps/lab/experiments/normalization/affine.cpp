// Claim: γ and β can undo the normalization: with γ = σ and β = μ the layer is the identity, which
// a network can learn with them but not without them. (Ioffe and Szegedy 2015, §3; also tested for
// layer and instance normalization, where each sample has its own σ and μ.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::affine_experiment {

constexpr int64_t channels = 8;
constexpr double eps = 1e-5;

// Images of different contrast, whose channels have different means and deviations.
Tensor images(int64_t n, uint64_t seed, uint64_t part) {
  Rng of_channels = Rng(seed).fork(0), rng = Rng(seed).fork(part);
  const Shape each{channels, 1, 1};
  const Tensor mean = randn(each, of_channels), deviation = exp(randn(each, of_channels));
  const Tensor contrast = exp(randn({n, 1, 1, 1}, rng) / 2);
  return contrast * (randn({n, channels, 4, 4}, rng) * deviation + mean);
}

AnyModule normalization(const std::string& scheme, bool affine) {
  if (scheme == "layer") return LayerNorm({channels, 4, 4}, {eps, affine});
  if (scheme == "instance") return InstanceNorm2d(channels, {.eps = eps, .affine = affine});
  return BatchNorm2d(channels, {.eps = eps, .affine = affine});
}

// A normalization whose γ and β are σ and μ of x, or their means over the samples.
AnyModule restored(const std::string& scheme, const Tensor& x) {
  Dims over{2, 3};
  if (scheme == "batch") over = {0, 2, 3};
  if (scheme == "layer") over = {1, 2, 3};
  const Tensor sigma = sqrt(var(x, over, true, false) + eps), mu = mean(x, over, true);
  AnyModule norm = normalization(scheme, true);
  const NoGrad no_grad;
  for (auto& [name, parameter] : norm->named_parameters()) {
    const Tensor each = expand(mean(name == "weight" ? sigma : mu, {0}), {channels, 4, 4});
    parameter.copy_from(parameter.rank() == 1 ? mean(each, {1, 2}) : each);
  }
  return norm;
}

// The relative distance from the identity of a 1×1 convolution and a normalization that are trained
// to be the identity.
Estimate learn(const std::string& scheme, bool affine, const ExperimentOptions& options) {
  return estimate(over_seeds(options, 3, [&](uint64_t seed) {
    Rng rng(seed);
    Sequential model{Conv2d({.in_channels = channels, .out_channels = channels, .kernel = 1}, rng),
                     normalization(scheme, affine)};
    optim::Adam optimizer(model.parameters(), {.lr = 0.03});
    for (uint64_t step = 1; step <= (options.small ? 300 : 1000); ++step) {
      options.report(fmt::format("{}, seed {}, step {}", scheme, seed, step));
      const Tensor x = images(64, seed, step);
      optimizer.zero_grad();
      mse_loss(model(x), x).backward();
      optimizer.step();
    }
    const auto scope = model.evaluation_scope();
    const Tensor x = images(1000, seed, 1 << 20);
    return relative_difference(model(x), x);
  }));
}

Verdict verdict(const Table& given, const Table& learned) {
  constexpr double rounding = 1e-5;
  const auto far = [&](const char* scheme, int samples) {
    return number_at(given, {scheme, samples}, "for these").mean;
  };
  const auto identity = [&](const char* says, double distance) {
    return fact(says, distance < rounding, fmt::format("distance {:.0e}", distance));
  };
  Verdict result{
      {identity("for one sample all three can be the identity",
                std::max({far("batch", 1), far("layer", 1), far("instance", 1)})),
       identity("for 512 samples batch norm can be the identity", far("batch", 512)),
       identity("for 512 samples layer norm can be the identity", far("layer", 512)),
       identity("for 512 samples instance norm can be the identity", far("instance", 512))}};
  for (const std::vector<TableCell>& row : learned.rows)
    result.parts.push_back(
        lower(fmt::format("after training {} norm is nearer to the identity with γ and β than "
                          "without",
                          row[0].word),
              row[2].number, row[1].number, 2));
  result.remark = "Only samples with the same σ and μ can share γ and β.";
  return result;
}

Report run(const ExperimentOptions& options) {
  Table given{"Difference of output and input with γ and β = σ and μ of some samples",
              {"scheme", {"samples", 0}, "for these", "for others"}};
  Table learned{"Difference after training", {"scheme", {"without γ and β", 3}, {"with", 3}}};
  Chart chart{"γ = σ and β = μ of some samples", "samples", "difference of output and input"};
  chart.scales = log_x;
  for (const std::string scheme : {"batch", "layer", "instance"}) {
    for (const int64_t n : {1, 2, 8, 32, 128, 512}) {
      const Tensor x = images(n, options.seed, 1), other = images(n, options.seed, 2);
      AnyModule norm = restored(scheme, x);
      given.rows.push_back(
          {scheme, n, relative_difference(norm(x), x), relative_difference(norm(other), other)});
    }
    chart.series.push_back(column_line(given, 1, 2, scheme));
    learned.rows.push_back({scheme, learn(scheme, false, options), learn(scheme, true, options)});
  }
  const char* const measured =
      "random images of 8 channels and different contrast; then a 1×1 convolution and a "
      "normalization that are trained to be the identity, on new images.";
  return {verdict(given, learned), measured, {given, learned}, {{chart}}};
}

}  // namespace gradus::lab::affine_experiment
