// Claim: with batch normalization the scale of the initial weights changes nothing, without it it
// decides. (Ioffe and Szegedy 2015, §3.3: BN(KWx) = BN(Wx), and the gradient by KW is 1/K of that
// by W. So a step of one rate turns weights by 1/K² of the angle: Van Laarhoven 2017.)
#include <algorithm>
#include <cmath>
#include <gradus.hpp>

#include "apps/lab/draw/run_columns.hpp"
#include "apps/lab/experiment.hpp"
#include "apps/lab/measure/tensor_distance.hpp"
#include "apps/lab/models/classifier.hpp"

namespace gradus::lab::init_scale_experiment {

using namespace gradus::layers;

struct Norm {
  const char* name;
  double eps;  // of batch normalization; 0 where there is none
};
const Norm norms[] = {{"batch", 1e-12}, {"batch, ε = 1e-5", 1e-5}, {"none", 0}};

// Three hidden layers whose weights are ×K, with batch normalization where eps > 0.
Sequential network(const data::Dataset& data, double k, double eps, Rng& rng) {
  Sequential model{Flatten()};
  for (const int64_t inputs : {data.sample_shape().numel(), int64_t{64}, int64_t{64}}) {
    Dense hidden(inputs, 64, rng, {.bias = false});
    no_grad([&] { hidden.weight.copy_from(hidden.weight * k); });
    model.push_back(hidden);
    model.push_back(eps > 0 ? AnyModule(BatchNorm1d(64, {.eps = eps})) : AnyModule(Identity()));
    model.push_back(ReLU());
  }
  model.push_back(Dense(64, data.classes(), rng));
  return model;
}

// How far the outputs for `images` are from those for K = 1.
double difference(const data::Dataset& data, const Tensor& images, double k, double eps, Rng rng) {
  const NoGrad no_grad;
  Rng same = rng;
  return relative_difference(network(data, k, eps, rng)(images),
                             network(data, 1, eps, same)(images));
}

// SGD, hidden weights at `factor` times the rate.
std::vector<TrainingCurves> train(const data::Split& split, double k, double eps, double factor,
                                  const ExperimentOptions& options) {
  const int64_t epochs = options.epochs.value_or(options.small ? 4 : 10);
  return over_seeds(options, options.small ? 2 : 5, [&](uint64_t seed) {
    Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
    Sequential model = network(split.train, k, eps, weights);
    optim::SGD optimizer(model.parameters(), {.lr = 0.1});
    for (const char* hidden : {"1.weight", "4.weight", "7.weight"})
      optimizer.add_group({.pattern = hidden, .lr_factor = factor});
    const std::string name = fmt::format("ε = {}, K = {}, rate ×{}, seed {}", eps, k, factor, seed);
    return train_classifier(model, optimizer, split,
                            {name, epochs, options.batch_size.value_or(32)}, order, options);
  });
}

// A row for each normalization and K.
Table measure(const data::Split& split, const ExperimentOptions& options) {
  const Tensor images = split.train.batch(0, std::min<int64_t>(256, split.train.size())).inputs;
  Table table{
      "Hidden weights ×K",
      {"norm", "K", "outputs differ by", {"accuracy (%)", 1}, {"loss", 4}, {"rate ×K²: loss", 4}}};
  for (const auto& [norm, eps] : norms)
    for (const double k : {0.01, 0.1, 1., 10., 100.}) {
      const auto runs = train(split, k, eps, 1, options),
                 scaled = train(split, k, eps, k * k, options);
      const auto accuracy = [](const TrainingCurves& run) { return 100 * run.final_accuracy(); };
      table.rows.push_back({norm, k, difference(split.train, images, k, eps, Rng(options.seed)),
                            estimate_of(runs, accuracy),
                            estimate_of(runs, &TrainingCurves::final_loss),
                            estimate_of(scaled, &TrainingCurves::final_loss)});
    }
  return table;
}

Verdict verdict(const Table& table) {
  enum { differences = 2, accuracies, losses, scaled_losses };  // columns
  // The least and the largest number of a column.
  const auto range = [&](const char* norm, std::size_t column) {
    const std::vector<double> numbers = column_line(table, 1, column, norm).y;
    const auto [least, largest] = std::minmax_element(numbers.begin(), numbers.end());
    return std::pair(*least, *largest);
  };
  const double at_start = range("batch", differences).second;
  const auto [worst, best] = range("none", accuracies);
  const auto [least_loss, largest_loss] = range("batch", losses);
  const auto [least_scaled, largest_scaled] = range("batch", scaled_losses);
  Verdict result{
      .reason = fmt::format("With batch norm outputs at the start differ by {:.0e}, but losses at "
                            "one rate come to {:.3f} … {:.3f}, at a rate ×K² to {:.3f} … {:.3f}; "
                            "without it accuracies are {:.0f} … {:.0f} %.",
                            at_start, least_loss, largest_loss, least_scaled, largest_scaled, worst,
                            best),
      .condition = "the rate of these weights is ×K² too, and ε far below the variances"};
  if (at_start < 1e-4 && largest_scaled < 1.1 * least_scaled && worst < best - 10)
    result.outcome = largest_loss < 1.1 * least_loss ? Outcome::holds : Outcome::conditional;
  return result;
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 500 : 1437);
  const Table table = measure(split, options);
  const auto log = pictures::Scale::logarithmic;
  pictures::Chart one{"One rate", "K", "training loss", {}, log, log}, scaled = one;
  scaled.title = "Rate ×K²";
  for (const Norm& norm : norms) {
    one.series.push_back(column_line(table, 1, 4, norm.name));
    scaled.series.push_back(column_line(table, 1, 5, norm.name));
  }
  return {verdict(table),
          fmt::format("three hidden layers of 64 ReLU units, SGD, {} images of {}; ε = 1e-12 "
                      "unless told; lines end where training diverges.",
                      split.train.size(), options.data),
          {table},
          {{one, scaled}}};
}

Experiment make() {
  return {.name = "init-scale",
          .chapter = "Initialization",
          .title = "The scale of the initial weights",
          .claim = "With batch norm, initial weights ×K change nothing; without it they decide.",
          .source = "Ioffe and Szegedy 2015, §3.3",
          .heeds = {"data", "data-dir", "seeds", "epochs", "batch-size", "limit"},
          .run = run};
}

}  // namespace gradus::lab::init_scale_experiment
