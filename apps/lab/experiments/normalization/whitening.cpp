// Claim: weights that are standardized (rows of mean 0 and deviation 1; Qiao et al. 2019) or
// whitened (condition number 1; Huang et al. 2018) in every forward pass stay so and need fewer
// epochs than plain ones. If it is done once, at the start, training undoes it.
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::whitening_experiment {

constexpr double rate = 0.01;
constexpr double eps = 1e-10;  // small compared to variances of 4e-4

struct Scheme {
  std::string name;
  AnyReparametrization weights = {};
  bool once = false;  // with gains, so that rows keep their norms, on which good rates depend
};
const Scheme schemes[] = {{"plain"},
                          {"standardized once", WeightStandardization({.eps = eps}), true},
                          {"standardized", WeightStandardization({.eps = eps, .gain = false})},
                          {"whitened once", WeightWhitening(), true},
                          {"whitened", WeightWhitening({.gain = false})}};

// Distances of matrices from standardized and whitened ones: the worst of several.
struct Conditions {
  double mean = 0;       // largest mean of a row, in standard deviations of the row
  double deviation = 0;  // largest difference of a row's standard deviation from 1
  double number = 1;     // condition number: the largest singular value over the smallest
};

// The conditions of the weights of the dense layers of `model` except for the last one.
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

struct Run : TrainingCurves, Conditions {
  std::vector<double> means = {}, numbers = {};  // after each epoch
};

Run train(const Scheme& scheme, const data::Split& split, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = weights_rng(seed);
  Sequential model = network(
      "dense 64, norm layer, relu, dense 48, norm layer, relu, dense 32, norm layer, relu, "
      "dense classes",
      split.train, weights);
  for (std::size_t i = 0; i + 1 < model.size(); ++i) {
    auto* const layer = dynamic_cast<Dense*>(&model[i]);
    if (layer && scheme.weights) layer->reparametrize(scheme.weights);
    if (layer && scheme.once) layer->fold();
  }
  optim::SGD optimizer(model.parameters(), {.lr = rate, .momentum = 0.9});
  Run run;
  TrainingOptions training{scheme.name, options.epochs.value_or(options.longer ? 30 : 8)};
  training.observer.after_epoch = [&](const train::EpochRecord&) {
    static_cast<Conditions&>(run) = conditions(model);
    run.means.push_back(run.mean);
    run.numbers.push_back(run.number);
  };
  static_cast<TrainingCurves&>(run) =
      train_classifier(model, optimizer, split, training, seed, options);
  return run;
}

Verdict verdict(const Table& table) {
  const auto mean = [&](const char* weights, const char* column) {
    return number_at(table, {weights}, column).mean;
  };
  const auto number = [](const char* of, double value) {
    return fmt::format("{} {:.2g}", of, value);
  };
  const double row_mean = mean("standardized", "row mean"),
               deviation = mean("standardized", "|deviation − 1|"),
               once = mean("standardized once", "row mean"),
               condition = mean("whitened", "condition"),
               condition_once = mean("whitened once", "condition");
  const auto faster = [&](const char* weights) {
    return lower(
        fmt::format("the mean loss is lower with {} weights than with plain ones", weights),
        number_at(table, {weights}, "loss"), number_at(table, {"plain"}, "loss"), 3);
  };
  return {
      {fact("weights standardized in every pass stay so", row_mean < 1e-5 && deviation < 1e-3,
            number("row means of", row_mean)),
       fact("weights whitened in every pass stay so", condition < 1.01,
            number("condition number", condition)),
       fact("weights standardized once don't stay so", once > 0.01, number("row means of", once)),
       fact("weights whitened once don't stay so", condition_once > 1.1,
            number("condition number", condition_once)),
       faster("standardized"), faster("whitened")},
      fmt::format("A step with whitened weights takes {:.0f} times as long.",
                  mean("whitened", "ms") / mean("plain", "ms"))};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 400 : 0);
  Table table{
      "Loss: the mean of all epochs; weights: after training, the worst of the hidden layers",
      {"weights", {"loss", 3}, "row mean", "|deviation − 1|", {"condition", 4}, {"ms", 2}}};
  Chart losses{"Training", "epoch", "loss", {}, log_y};
  Chart means{"Standardized?", "epoch", "row mean, in deviations", {}, log_y};
  Chart numbers{"Whitened?", "epoch", "condition number", {}, log_y};
  for (const Scheme& scheme : schemes) {
    const auto runs = over_seeds(options, options.small ? 8 : 10, [&](uint64_t seed) {
      return train(scheme, split, seed, options);
    });
    add_row(table, {scheme.name}, runs, &Run::mean_loss, &Run::mean, &Run::deviation, &Run::number,
            &Run::step_milliseconds);
    losses.series.push_back(mean_curve(scheme.name, runs, &Run::loss));
    means.series.push_back(mean_curve(scheme.name, runs, &Run::means));
    numbers.series.push_back(mean_curve(scheme.name, runs, &Run::numbers));
  }
  const auto measured = fmt::format("3 hidden layers with layer norm, {} images; SGD, rate {}.",
                                    split.train.size(), rate);
  return {verdict(table), measured, {table}, {{losses}, {means, numbers}}};
}

}  // namespace gradus::lab::whitening_experiment
