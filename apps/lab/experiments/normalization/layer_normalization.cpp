// Claim: layer normalization works where batch normalization can't: in a recurrent network, and
// with small batches. (Ba et al. 2016, §1 and §3: each step would need statistics of its own, which
// Cooijmans et al. 2017, "Recurrent batch normalization", give it.)
#include <cmath>
#include <gradus.hpp>
#include <map>

#include "apps/lab/draw/run_curves.hpp"
#include "apps/lab/experiment.hpp"
#include "apps/lab/models/classifier.hpp"

namespace gradus::lab::layer_normalization_experiment {

using namespace gradus::layers;

constexpr int64_t units = 64;

// A recurrent network with batch normalization, which the library leaves to those who want to see
// what comes of it: h' = tanh(BN(x·Wᵀ + h·Uᵀ)) over (N, steps, in), and of that the last h (N,
// units): an RNN with batch in the place of layer normalization. BN has its own γ, β and running
// statistics at each of `steps` steps (Cooijmans et al. 2017), or with steps = 1 the same at all.
class BatchNormRNN : public Layer<BatchNormRNN> {
 public:
  BatchNormRNN(int64_t in, int64_t steps, Rng& rng)
      : norms_(steps, BatchNorm1d(units)),
        input_(in, units, rng, {.bias = false}),
        state_(units, units, rng, {.bias = false}) {}

  Tensor forward(const Tensor& x) override {
    Tensor h = Tensor::zeros({x.size(0), state_.weight.size(0)}, x.dtype());
    for (int64_t step = 0; step < x.size(1); ++step) {
      const Tensor row = squeeze(slice(x, 1, step, step + 1), 1);
      h = tanh(norms_[norms_.size() == 1 ? 0 : step](input_(row) + state_(h)));
    }
    return h;
  }
  void members(Members& members) override {
    members.child("input", input_);
    members.child("state", state_);
    for (std::size_t i = 0; i < norms_.size(); ++i) members.child(fmt::format("{}", i), norms_[i]);
  }
  std::string description() const override { return "BatchNormRNN()"; }

 private:
  std::vector<BatchNorm1d> norms_;
  Dense input_, state_;
};

std::vector<TrainingCurves> train(const std::string& norm, int64_t batch, const data::Split& split,
                                  const ExperimentOptions& options) {
  const int64_t epochs = options.epochs.value_or(options.small ? 5 : 12);
  return over_seeds(options, options.small ? 2 : 5, [&](uint64_t seed) {
    Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1);
    const Shape image = split.train.sample_shape();
    const int64_t in = image[0] * image[2];
    Sequential model{Rows()};
    if (norm.starts_with("batch"))
      model.push_back(BatchNormRNN(in, norm == "batch" ? 1 : image[1], weights));
    else
      model.push_back(
          RNN({.input = in, .hidden = units, .layer_norm = norm == "layer", .last_only = true},
              weights));
    model.push_back(Dense(units, split.train.classes(), weights));
    optim::Adam optimizer(model.parameters(), {.lr = 5e-4 * std::sqrt(static_cast<double>(batch))});
    const std::string name = fmt::format("{}, batch {}, seed {}", norm, batch, seed);
    return train_classifier(model, optimizer, split, {name, epochs, batch}, order, options);
  });
}

// The deviation over images of the states after each row, without norm or training.
pictures::Series deviations(const data::Dataset& data, uint64_t seed) {
  Rng rng(seed);
  const Tensor rows = cast(Rows()(data.batch(0, data.size()).inputs), DType::f64);
  RNN rnn({.input = rows.size(2), .hidden = units}, rng);
  rnn.to(DType::f64);
  return {"mean over units", (Tensor::arange(rows.size(1), DType::f64) + 1).to_vector<double>(),
          mean(sqrt(var(rnn(rows), {0})), {1}).to_vector<double>()};
}

bool refuses_single_samples() {
  Rng rng(0);
  try {
    BatchNormRNN(28, 1, rng)(Tensor::zeros({1, 28, 28}));
    return false;
  } catch (const std::invalid_argument&) {
    return true;
  }
}

using ByNorm = std::map<std::string, Estimate>;

// `small` and `large` are accuracies with batches of that kind.
Verdict verdict(ByNorm& small, ByNorm& large) {
  const char* const each = "batch, each step";
  const auto behind = [](ByNorm& at, const char* norm) {
    return clearly_below(at[norm], at["layer"]);
  };
  const auto text = [](ByNorm& at, const char* norm) { return to_string(at[norm], 1); };
  Verdict result{
      .reason = fmt::format(
          "With batches of 4 layer norm comes to {} %, batch norm to {}, with statistics of each "
          "step to {}; with batches of 32 to {}, {} and {} %; single samples batch norm {}.",
          text(small, "layer"), text(small, "batch"), text(small, each), text(large, "layer"),
          text(large, "batch"), text(large, each), refuses_single_samples() ? "refuses" : "takes"),
      .condition = "batch norm has no statistics for each step of its own, or small batches"};
  const bool works = !clearly_below(small["layer"], small["none"]) &&
                     !clearly_below(large["layer"], large["none"]);
  if (works && behind(small, "batch") && behind(large, "batch") && behind(small, each))
    result.outcome = behind(large, each) ? Outcome::holds : Outcome::conditional;
  return result;
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 500 : 1000);
  Table table{"Rows of an image through an RNN",
              {"norm in the cell", {"batch", 0}, {"training loss", 4}, {"accuracy (%)", 2}}};
  std::map<int64_t, ByNorm> accuracies;  // by the size of batches
  std::vector<pictures::Chart> charts;
  for (const int64_t batch : {4, 32}) {
    pictures::Chart chart{fmt::format("Batches of {}", batch), "epoch", "test accuracy (%)", {}};
    for (const std::string norm : {"none", "layer", "batch", "batch, each step"}) {
      const auto runs = train(norm, batch, split, options);
      const auto accuracy = [](const TrainingCurves& run) { return 100 * run.final_accuracy(); };
      accuracies[batch][norm] = estimate_of(runs, accuracy);
      table.rows.push_back({norm, static_cast<double>(batch),
                            estimate_of(runs, &TrainingCurves::final_loss),
                            accuracies[batch][norm]});
      chart.series.push_back(mean_curve(norm, runs, &TrainingCurves::accuracy, 100));
    }
    charts.push_back(chart);
  }
  charts.push_back({"Untrained, without norm",
                    "row",
                    "deviation of states",
                    {deviations(split.train, options.seed)}});
  return {verdict(accuracies[4], accuracies[32]),
          fmt::format("an RNN of {} tanh units over the rows of {} images of {}, Adam; the "
                      "deviation over images of its states without norm and training.",
                      units, split.train.size(), options.data),
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
