// Claim: with batch normalization the scale of the initial weights changes nothing; without it the
// scale decides whether training works. (Ioffe and Szegedy 2015, §3.3: BN(KWx) = BN(Wx), and the
// gradient with respect to KW is 1/K of that with respect to W. So a step at the same rate rotates
// the weights by 1/K² of the angle: Van Laarhoven 2017.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::init_scale_experiment {

struct Norm {
  const char* name;
  double eps;  // of batch normalization; 0: without
};
const Norm norms[] = {{"batch", 1e-12}, {"batch, ε = 1e-5", 1e-5}, {"none", 0}};

// Three hidden layers with weights ×K, with batch normalization if eps > 0.
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

// The relative distance of the outputs for `images` from those for K = 1.
double difference(const data::Dataset& data, const Tensor& images, double k, double eps, Rng rng) {
  const NoGrad no_grad;
  Rng same = rng;
  return relative_difference(network(data, k, eps, rng)(images),
                             network(data, 1, eps, same)(images));
}

// Trains by SGD, hidden weights at `factor` times the rate.
std::vector<TrainingCurves> train(const data::Split& split, double k, double eps, double factor,
                                  const ExperimentOptions& options) {
  const int64_t epochs = options.epochs.value_or(options.small ? 4 : 10);
  return over_seeds(options, options.small ? 2 : 5, [&](uint64_t seed) {
    Rng weights = weights_rng(seed);
    Sequential model = network(split.train, k, eps, weights);
    optim::SGD optimizer(model.parameters(), {.lr = 0.1});
    for (const char* hidden : {"1.weight", "4.weight", "7.weight"})
      optimizer.add_group({.pattern = hidden, .lr_factor = factor});
    const std::string name = fmt::format("ε = {}, K = {}, rate ×{}", eps, k, factor);
    return train_classifier(model, optimizer, split,
                            {name, epochs, options.batch_size.value_or(32)}, seed, options);
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
      add_row(table, {norm, k, difference(split.train, images, k, eps, Rng(options.seed))}, runs,
              &TrainingCurves::final_accuracy, &TrainingCurves::final_loss);
      table.rows.back().push_back(estimate_of(scaled, &TrainingCurves::final_loss));
    }
  return table;
}

Verdict verdict(const Table& table) {
  enum { differences = 2, accuracies, losses, scaled_losses };  // columns
  // The smallest and the largest number of a column.
  const auto range = [&](const char* norm, std::size_t column) {
    const std::vector<double> numbers = column_line(table, 1, column, norm).y;
    return std::pair(std::ranges::min(numbers), std::ranges::max(numbers));
  };
  const auto same_loss = [&](const char* says, std::size_t column) {
    const auto [least, largest] = range("batch", column);
    return fact(says, largest < 1.1 * least, fmt::format("{:.3f} to {:.3f}", least, largest));
  };
  const double at_start = range("batch", differences).second;
  const auto [worst, best] = range("none", accuracies);
  return {
      {fact("with batch norm K doesn't change the initial outputs", at_start < 1e-4,
            fmt::format("differences of {:.0e}", at_start)),
       same_loss("with batch norm K changes the training loss by less than a tenth at a rate ×K²",
                 scaled_losses),
       same_loss("with batch norm K changes it by less than a tenth at the same rate", losses),
       fact("without batch norm K changes the accuracy by more than 10 points", worst < best - 10,
            fmt::format("{:.0f} to {:.0f} %", worst, best))},
      "ε must be far below the variances."};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 500 : 1437);
  const Table table = measure(split, options);
  Chart one{"The same rate", "K", "training loss", {}, log_log}, scaled = one;
  scaled.title = "Rate ×K²";
  for (const Norm& norm : norms) {
    one.series.push_back(column_line(table, 1, 4, norm.name));
    scaled.series.push_back(column_line(table, 1, 5, norm.name));
  }
  const std::string measured = fmt::format(
      "three hidden layers of 64 ReLU units, SGD, {} images of {}; ε = 1e-12 "
      "unless stated; lines end where training diverges.",
      split.train.size(), options.data);
  return {verdict(table), measured, {table}, {{one, scaled}}};
}

}  // namespace gradus::lab::init_scale_experiment
