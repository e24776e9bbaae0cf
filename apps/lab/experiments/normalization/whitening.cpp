// Claim: weights that every forward pass standardizes (rows of mean 0 and deviation 1; Qiao et al.
// 2019) or whitens (condition number 1; Huang et al. 2018) stay so and need fewer epochs than
// plain ones. Doing it once, at the start, is something else: training undoes it.
#include <gradus.hpp>

#include "apps/lab/draw/run_curves.hpp"
#include "apps/lab/experiment.hpp"
#include "apps/lab/measure/singular_values.hpp"
#include "apps/lab/models/classifier.hpp"

namespace gradus::lab::whitening_experiment {

using namespace gradus::layers;

constexpr double rate = 0.01;
constexpr double eps = 1e-10;  // beside variances of 4e-4

struct Scheme {
  std::string name;
  AnyReparametrization weights = {};
  bool once = false;  // with gains: rows keep their norms then, on which good rates depend
};
const Scheme schemes[] = {{"plain"},
                          {"standardized once", WeightStandardization({.eps = eps}), true},
                          {"standardized", WeightStandardization({.eps = eps, .gain = false})},
                          {"whitened once", WeightWhitening(), true},
                          {"whitened", WeightWhitening({.gain = false})}};

// How far matrices are from standardized and whitened: the worst of several.
struct Conditions {
  double mean = 0;       // the largest of a row, in units of the row's standard deviation
  double deviation = 0;  // by how much the standard deviation of a row misses 1 at most
  double number = 1;     // the largest singular value over the least
};

// The conditions of the weights that the dense layers of `model` multiply by, except for the last
// one's.
Conditions conditions(Sequential model) {
  const NoGrad no_grad;
  fold(model);
  std::vector<Tensor> weights;
  for (const auto& [name, parameter] : model.named_parameters())
    if (parameter.rank() == 2) weights.push_back(parameter);
  weights.pop_back();
  Conditions worst;
  for (const Tensor& weight : weights) {
    const Tensor deviation = sqrt(var(weight, {1}, true, false)),
                 singular = singular_values(weight);
    worst.mean = std::max(worst.mean, amax(abs(mean(weight, {1}, true) / deviation)).item());
    worst.deviation = std::max(worst.deviation, amax(abs(deviation - 1)).item());
    worst.number = std::max(worst.number, amax(singular).item() / amin(singular).item());
  }
  return worst;
}

struct Run : Conditions {
  std::vector<double> losses = {}, means = {}, numbers = {};  // after each epoch
  double milliseconds = 0;                                    // a step
};

Run train(const Scheme& scheme, const data::Split& split, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
  Sequential model = build(
      "dense 64, norm layer, relu, dense 48, norm layer, relu, dense 32, norm layer, relu, "
      "dense classes",
      {.input = split.train.sample_shape(), .classes = split.train.classes()}, weights);
  for (std::size_t i = 0; i + 1 < model.size(); ++i) {
    auto* const layer = dynamic_cast<Dense*>(&model[i]);
    if (layer && scheme.weights) layer->reparametrize(scheme.weights);
    if (layer && scheme.once) layer->fold();
  }
  optim::SGD optimizer(model.parameters(), {.lr = rate, .momentum = 0.9});
  Run run;
  for (int64_t epoch = 1; epoch <= options.epochs.value_or(options.longer ? 30 : 8); ++epoch) {
    const std::string name = fmt::format("{}, seed {}, epoch {}", scheme.name, seed, epoch);
    const auto step = train_classifier(model, optimizer, split, {name, 1, 32}, order, options);
    run.losses.push_back(step.loss[0]);
    run.milliseconds = 1e3 * step.step_seconds;
    static_cast<Conditions&>(run) = conditions(model);
    run.means.push_back(run.mean);
    run.numbers.push_back(run.number);
  }
  return run;
}

Verdict verdict(const std::vector<std::vector<TableCell>>& rows) {
  enum { plain, standard_once, standard, white_once, white };  // rows
  enum { loss = 1, mean, deviation, number, milliseconds };    // columns
  const auto at = [&](int row, int column) { return rows[row][column].number; };
  const bool kept = at(standard, mean).mean < 1e-5 && at(standard, deviation).mean < 1e-3 &&
                    at(standard_once, mean).mean > 0.01 && at(white, number).mean < 1.01 &&
                    at(white_once, number).mean > 1.1;
  const bool by_standard = clearly_below(at(standard, loss), at(plain, loss));
  const bool by_white = clearly_below(at(white, loss), at(plain, loss));
  Verdict result{by_standard && by_white ? Outcome::holds : Outcome::conditional, ""};
  if (!kept || !(by_standard || by_white)) result.outcome = Outcome::fails;
  result.condition = fmt::format("{} weights are meant", by_standard ? "standardized" : "whitened");
  result.reason = fmt::format(
      "The mean loss is {} with plain weights, {} with standardized, {} with whitened ones, whose "
      "steps take {:.0f} times as long. Means of rows reach {:.0e} deviations where each pass "
      "standardizes, {:.2f} where the start did.",
      to_string(at(plain, loss), 3), to_string(at(standard, loss), 3),
      to_string(at(white, loss), 3), at(white, milliseconds).mean / at(plain, milliseconds).mean,
      at(standard, mean).mean, at(standard_once, mean).mean);
  return result;
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 400 : 0);
  Table table{"Loss: the mean of all epochs; weights: in the end, the worst of the hidden layers",
              {"weights", {"loss", 3}, "row mean", "|deviation − 1|", {"condition", 4}, {"ms", 2}}};
  const auto linear = pictures::Scale::linear, log = pictures::Scale::logarithmic;
  pictures::Chart losses{"Training", "epoch", "loss", {}, linear, log};
  pictures::Chart means{"Standardized?", "epoch", "row mean, in deviations", {}, linear, log};
  pictures::Chart numbers{"Whitened?", "epoch", "condition number", {}, linear, log};
  for (const Scheme& scheme : schemes) {
    const auto runs = over_seeds(options, options.small ? 5 : 10, [&](uint64_t seed) {
      return train(scheme, split, seed, options);
    });
    const auto loss = [](const Run& run) { return estimate(run.losses).mean; };
    table.rows.push_back({scheme.name, estimate_of(runs, loss), estimate_of(runs, &Run::mean),
                          estimate_of(runs, &Run::deviation), estimate_of(runs, &Run::number),
                          estimate_of(runs, &Run::milliseconds)});
    losses.series.push_back(mean_curve(scheme.name, runs, &Run::losses));
    means.series.push_back(mean_curve(scheme.name, runs, &Run::means));
    numbers.series.push_back(mean_curve(scheme.name, runs, &Run::numbers));
  }
  const auto measured = fmt::format("3 hidden layers with layer norm, {} images; SGD, rate {}.",
                                    split.train.size(), rate);
  return {verdict(table.rows), measured, {table}, {{losses}, {means, numbers}}};
}

Experiment make() {
  return {.name = "whitening",
          .chapter = "Normalization",
          .title = "Standardized and whitened weights",
          .claim =
              "Weights that each pass standardizes or whitens stay so and train faster than "
              "plain ones; done once, at the start, it doesn't last.",
          .source = "Huang et al. 2018; Qiao et al. 2019",
          .heeds = {"data", "data-dir", "seeds", "epochs", "limit", "long"},
          .run = run};
}

}  // namespace gradus::lab::whitening_experiment
