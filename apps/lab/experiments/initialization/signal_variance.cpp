// Claim: each layer multiplies the variance of signals and gradients by a factor, so too small
// weights make them vanish and too large ones make them explode. Xavier's weights keep the variance
// with tanh (Glorot and Bengio 2010), He's with ReLU (He et al. 2015), and orthogonal weights keep
// the norm of every gradient in a linear network (Saxe et al. 2014).
#include "apps/lab/experiments/toolbox.hpp"
#include "core/math.hpp"

namespace gradus::lab::signal_variance_experiment {

constexpr int64_t depth = 20;
constexpr const char *small = "xavier-normal:0.5", *large = "xavier-normal:2",
                     *xavier = "xavier-normal", *he = "he-normal", *orthogonal = "orthogonal";

struct Signals {
  std::vector<double> activations = {}, gradients = {};  // variances at the layers' outputs
  std::vector<double> gains = {};                        // factors of gradients in a linear network
  double forward = 0, back = 0;  // factor of the variances per layer, the geometric mean

  // Whether twenty layers change the variances by less than a factor of 4.
  bool steady() const {
    return std::max(std::abs(math::log(forward)), std::abs(math::log(back))) < math::log(4) / depth;
  }
  std::string text() const {
    return fmt::format("{:.2f} forward and {:.2f} backward", forward, back);
  }
};

Signals measure(int64_t width, const char* weights, const AnyModule& function, Rng rng) {
  Tensors outputs{randn({width, width}, rng, DType::f64).set_requires_grad()};
  for (int64_t i = 0; i < depth; ++i) {
    Sequential layer{Dense(width, width, rng, {.bias = false}), function};
    initialize(layer, weights, rng);
    layer.to(DType::f64);
    outputs.push_back(layer(outputs.back()));
  }
  // Sample i has a gradient of 1 at output i. For a linear network the gradients at the input are
  // the rows of the matrix that all gradients are multiplied by; its singular values are their
  // factors.
  const Tensor unit = one_hot(Tensor::arange(width), width, DType::f64);
  const Tensors gradients = grad({outputs.back()}, outputs, {.grad_outputs = {unit}});
  Signals result;
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    result.activations.push_back(var(outputs[i].detach()).item());
    result.gradients.push_back(var(gradients[i]).item());
  }
  result.gains = singular_values(gradients[0]).to_vector<double>();
  for (double& gain : result.gains)  // smaller ones are rounding errors
    if (gain < 1e-7 * result.gains[0]) gain = std::nan("");
  constexpr double root = 1.0 / (depth - 1);
  result.forward = math::pow(result.activations.back() / result.activations.front(), root);
  result.back = math::pow(result.gradients.front() / result.gradients.back(), root);
  return result;
}

using ByWeights = std::map<std::string, Signals>;

Verdict verdict(ByWeights& tanh, ByWeights& relu, const std::vector<double>& gains) {
  const double small_factor =
      std::max({tanh[small].forward, tanh[small].back, relu[small].forward, relu[small].back});
  const double large_factor = std::min(tanh[large].back, relu[large].back);
  const auto keeps = [](const char* says, const Signals& signals) {
    return fact(says, signals.steady(), "factors of " + signals.text());
  };
  return {
      {fact("with too small weights signals and gradients vanish", small_factor < 0.5,
            fmt::format("factors of {:.2f} or less per layer", small_factor)),
       fact("with too large weights gradients explode", large_factor > 1.2,
            fmt::format("factors of {:.2f} or more", large_factor)),
       keeps("Xavier's weights keep variances with tanh", tanh[xavier]),
       keeps("He's weights keep variances with ReLU", relu[he]),
       fact("orthogonal weights keep the norms of gradients in a linear network",
            std::max(gains.front() - 1, 1 - gains.back()) < 1e-5,
            fmt::format("factors of {:.6f} to {:.6f}", gains.back(), gains.front()))},
      fmt::format("A variance counts as kept if {} layers change it by less than a factor of 4. "
                  "With tanh Xavier's weights leave {:.0f} % of it: tanh is linear only near "
                  "0. With ReLU their factors are {}.",
                  depth, 100 * math::pow(tanh[xavier].forward, depth - 1), relu[xavier].text()),
      "training with these weights"};
}

Report run(const ExperimentOptions& options) {
  const int64_t width = options.small ? 96 : 256, seeds = options.small ? 2 : 5;
  const std::string measured =
      fmt::format("{0} layers of {1} units, {1} samples of standard normal inputs.", depth, width);
  Table table{
      "Factor of the variances per layer: 0.87 leaves 7 % after twenty layers, 0.5 a millionth",
      {"function", "weights", {"activations", 3}, {"errors", 3}}};
  std::vector<std::vector<Chart>> charts;
  std::map<std::string, ByWeights> means;
  const std::pair<std::string, AnyModule> functions[] = {
      {"tanh", Tanh()}, {"ReLU", ReLU()}, {"linear", Identity()}};
  for (const auto& [function, layer] : functions) {
    Chart forward{"Activations, " + function, "layer", "variance", {}, log_y};
    Chart back{"Gradients, " + function, "layer", "variance", {}, log_y};
    Chart gains{"Factors of gradients, linear", "rank", "singular value", {}, log_y};
    for (const char* weights : {small, large, xavier, he, orthogonal}) {
      const auto runs = over_seeds(options, seeds, [&, &layer = layer](uint64_t seed) {
        options.report(fmt::format("{}, seed {}", weights, seed));
        return measure(width, weights, layer, Rng(seed));
      });
      forward.series.push_back(mean_curve(weights, runs, &Signals::activations));
      back.series.push_back(mean_curve(weights, runs, &Signals::gradients));
      gains.series.push_back(mean_curve(weights, runs, &Signals::gains));
      add_row(table, {function, weights}, runs, &Signals::forward, &Signals::back);
      const std::vector<TableCell>& row = table.rows.back();
      means[function][weights] = {.gains = gains.series.back().y,
                                  .forward = row[2].number.mean,
                                  .back = row[3].number.mean};
    }
    // The last line, of orthogonal weights, lies upon that of Xavier's, which is seen below it.
    for (Chart* const chart : {&forward, &back, &gains})
      chart->series.back().mark = pictures::Mark::thin;
    charts.push_back({function == "linear" ? gains : forward, back});
  }
  const Verdict judged = verdict(means["tanh"], means["ReLU"], means["linear"][orthogonal].gains);
  return {judged, measured, {table}, charts};
}

}  // namespace gradus::lab::signal_variance_experiment
