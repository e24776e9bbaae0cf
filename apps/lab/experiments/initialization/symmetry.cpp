// Claim: units of a layer that start equal get equal gradients and stay equal during training, so
// the layer computes no more than one unit; random weights break the symmetry.
// (Rumelhart, Hinton and Williams 1986; Goodfellow, Bengio and Courville 2016, §8.4.)
#include "apps/lab/experiments/toolbox.hpp"
#include "core/math.hpp"

namespace gradus::lab::symmetry_experiment {

constexpr int64_t units = 16;

struct Start {
  std::string name;
  int64_t width;
  double mean, deviation;  // of the initial weights
};
const Start starts[] = {{"zero", units, 0, 0},
                        {"equal", units, 0.01, 0},
                        {"one unit", 1, 0.01, 0},
                        {"equal to 1 %", units, 0.01, 1e-4},
                        {"random", units, 0, 0.01}};

struct Run : TrainingCurves {
  std::vector<double> ranks;  // effective rank after each epoch
  double difference = 0;      // of the units after the last epoch

  double rank() const { return ranks.back(); }
};

// The effective rank (Roy and Vetterli 2007): e to the entropy of the normalized singular values. 1
// if all rows are multiples of one row; the number of rows if they are orthogonal and of equal
// norm.
double effective_rank(const Tensor& rows) {
  const Tensor values = singular_values(rows), total = sum(values);
  return total.item() > 0 ? math::exp(entropy(values / total).item()) : 0;
}

Run train(const Start& start, const data::Split& split, int64_t epochs, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = weights_rng(seed);
  Sequential model{Flatten(), Dense(split.train.sample_shape().numel(), start.width, weights),
                   Tanh(), Dense(start.width, split.train.classes(), weights)};
  initialize(model, fmt::format("normal:{},{}", start.deviation, start.mean), weights);
  optim::SGD optimizer(model.parameters(), {.lr = 0.02, .momentum = 0.9});
  Tensor hidden = model.parameters()[0].second, output = model.parameters()[2].second;
  if (start.width == 1) {
    // One unit that replaces the equal units: its output weight is the sum of theirs, and so is the
    // step; the gradient of each of them comes through its own output weight only.
    no_grad([&] { output.copy_from(output * units); });
    optimizer.add_group({.pattern = "3.weight", .lr_factor = units});
    optimizer.add_group({.pattern = "1.*", .lr_factor = 1.0 / units});
  }
  std::vector<double> ranks;
  TrainingOptions training{start.name, epochs};
  training.observer.after_epoch = [&](const train::EpochRecord&) {
    ranks.push_back(effective_rank(hidden));
  };
  const auto curves = train_classifier(model, optimizer, split, training, seed, options);
  const Tensor weight = hidden.detach();
  return {curves, ranks, amax(abs(weight - slice(weight, 0, 0, 1))).item()};
}

Verdict verdict(const Table& table) {
  const auto loss = [&](const char* start) { return number_at(table, {start}, "loss"); };
  const auto difference = [&](const char* start) {
    return number_at(table, {start}, "difference").mean;
  };
  const Estimate equal = loss("equal"), one = loss("one unit");
  return {{fact("units that start equal stay equal", difference("equal") < 1e-5,
                fmt::format("differences of {:.1g} after training, random ones {:.1g}",
                            difference("equal"), difference("random"))),
           fact("their loss is that of a single unit, up to 5 %",
                std::abs(equal.mean / one.mean - 1) < 0.05,
                fmt::format("{} against {}", to_string(equal, 3), to_string(one, 3))),
           lower("the loss is lower with random weights than with equal ones", loss("random"),
                 equal, 3)}};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 500 : 0);
  const int64_t standard = options.longer ? 1000 : 60;
  const int64_t epochs = options.epochs.value_or(options.small ? 10 : standard);
  const std::string measured = fmt::format(
      "{} hidden units, tanh, SGD with momentum, {} epochs of {} images; the rates of the single "
      "unit are chosen so that it equals the sum of equal ones.",
      units, epochs, split.train.size());
  Table table{"After training: effective rank of the hidden layer, largest difference of its units",
              {"weights", {"loss", 4}, {"accuracy (%)", 2}, {"rank", 2}, "difference"}};
  Chart losses{"Training", "epoch", "loss"};
  Chart ranks{"Different units", "epoch", "effective rank of the hidden layer"};
  for (const Start& start : starts) {
    const auto runs = over_seeds(
        options, 3, [&](uint64_t seed) { return train(start, split, epochs, seed, options); });
    add_row(table, {start.name}, runs, &Run::last_loss, &Run::last_accuracy, &Run::rank,
            &Run::difference);
    add_or_join(losses, mean_curve(start.name, runs, &Run::loss));
    add_or_join(ranks, mean_curve(start.name, runs, &Run::ranks));
  }
  return {verdict(table), measured, {table}, {{losses, ranks}}};
}

}  // namespace gradus::lab::symmetry_experiment
