// Claim: layer normalization works where batch normalization can't: in a recurrent network, and
// with small batches. (Ba et al. 2016, §1 and §3: each step would need statistics of its own, which
// Cooijmans et al. 2017, "Recurrent batch normalization", give it.)
#include <cmath>
#include <gradus.hpp>
#include <map>

#include "apps/lab/batch_norm_rnn.hpp"
#include "apps/lab/classifier.hpp"
#include "apps/lab/curves.hpp"
#include "apps/lab/experiments.hpp"

namespace gradus::lab::layer_normalization_experiment {

using namespace gradus::layers;

constexpr int64_t units = 64;

std::vector<TrainingRun> train(const std::string& norm, int64_t batch, const data::Split& split,
                               const Settings& settings) {
  const int64_t epochs = settings.epochs.value_or(settings.small ? 5 : 12);
  return over_seeds(settings, settings.small ? 2 : 5, [&](uint64_t seed) {
    Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
    const Shape image = split.train.sample_shape();
    const int64_t in = image[0] * image[2];
    Sequential model{ImageRows()};
    if (norm.starts_with("batch"))
      model.push_back(BatchNormRNN(in, units, norm == "batch" ? 1 : image[1], weights));
    else
      model.push_back(
          RNN({.input = in, .hidden = units, .layer_norm = norm == "layer", .last_only = true},
              weights));
    model.push_back(Dense(units, split.train.classes(), weights));
    optim::Adam optimizer(model.parameters(), {.lr = 5e-4 * std::sqrt(static_cast<double>(batch))});
    const std::string name = fmt::format("{}, batch {}, seed {}", norm, batch, seed);
    return train_classifier(model, optimizer, split, {name, epochs, batch}, order, settings);
  });
}

// The deviation over images of the states after each row, without norm or training.
pictures::Series deviations(const data::Dataset& data, uint64_t seed) {
  Rng rng(seed);
  const Tensor rows = cast(ImageRows()(data.batch(0, data.size()).images), DType::f64);
  RNN rnn({.input = rows.size(2), .hidden = units}, rng);
  rnn.to(DType::f64);
  return {"mean over units", (Tensor::arange(rows.size(1), DType::f64) + 1).to_vector<double>(),
          mean(sqrt(var(rnn(rows), {0})), {1}).to_vector<double>()};
}

bool refuses_single_samples() {
  Rng rng(0);
  try {
    BatchNormRNN(28, units, 1, rng)(Tensor::zeros({1, 28, 28}));
    return false;
  } catch (const std::invalid_argument&) {
    return true;
  }
}

Report run(const Settings& settings) {
  const data::Split split = load_data(settings, settings.small ? 500 : 1000);
  Table table{"Rows of an image through an RNN",
              {"norm in the cell", {"batch", 0}, {"training loss", 4}, {"accuracy (%)", 2}}};
  std::map<std::string, Estimate> at[2];
  std::vector<pictures::Chart> charts;
  const int64_t batches[] = {4, 32};
  for (const int i : {0, 1}) {
    charts.push_back({fmt::format("Batches of {}", batches[i]), "epoch", "test accuracy (%)", {}});
    for (const std::string norm : {"none", "layer", "batch", "batch, each step"}) {
      const auto runs = train(norm, batches[i], split, settings);
      const auto accuracy = [](const TrainingRun& run) { return 100 * run.final_accuracy(); };
      at[i][norm] = estimate_of(runs, accuracy);
      table.rows.push_back({norm, static_cast<double>(batches[i]),
                            estimate_of(runs, &TrainingRun::final_loss), at[i][norm]});
      charts[i].series.push_back(mean_curve(norm, runs, &TrainingRun::accuracy, 100));
    }
  }
  charts.push_back({"Untrained, without norm",
                    "row",
                    "deviation of states",
                    {deviations(split.train, settings.seed)}});
  const auto behind = [&](int i, auto norm) { return clearly_below(at[i][norm], at[i]["layer"]); };
  const auto text = [&](int i, auto norm) { return to_string(at[i][norm], 1); };
  const char* const each = "batch, each step";
  Verdict verdict{
      .reason = fmt::format(
          "With batches of 4 layer norm comes to {} %, batch norm to {}, with statistics of each "
          "step to {}; with batches of 32 to {}, {} and {} %; single samples batch norm {}.",
          text(0, "layer"), text(0, "batch"), text(0, each), text(1, "layer"), text(1, "batch"),
          text(1, each), refuses_single_samples() ? "refuses" : "takes"),
      .condition = "batch norm has no statistics for each step of its own, or small batches"};
  const bool works = !clearly_below(at[0]["layer"], at[0]["none"]) &&
                     !clearly_below(at[1]["layer"], at[1]["none"]);
  if (works && behind(0, "batch") && behind(1, "batch") && behind(0, each))
    verdict.outcome = behind(1, each) ? Outcome::holds : Outcome::conditional;
  return {verdict,
          fmt::format("an RNN of {} tanh units over the rows of {} images of {}, Adam; the "
                      "deviation over images of its states without norm and training.",
                      units, split.train.size(), settings.data),
          {table},
          {charts}};
}

Experiment make() {
  return {.name = "layer-norm",
          .chapter = "Normalization",
          .title = "A recurrent network over the rows of an image",
          .claim = "Layer norm works in a recurrent network, where batch norm can't.",
          .source = "Ba, Kiros and Hinton 2016, §1 and §3",
          .heeds = {"data", "data-dir", "seeds", "epochs", "limit"},
          .run = run};
}

}  // namespace gradus::lab::layer_normalization_experiment
