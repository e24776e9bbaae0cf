// Claim: layer normalization works in a recurrent network and with small batches, where batch
// normalization doesn't. (Ba et al. 2016, §1 and §3: batch normalization needs separate statistics
// for each step, as in Cooijmans et al. 2017, "Recurrent batch normalization".)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::layer_normalization_experiment {

constexpr int64_t units = 64;

// A recurrent network with batch instead of layer normalization, which the library doesn't have:
// h' = tanh(BN(x·Wᵀ + h·Uᵀ)) for x (N, steps, in), returns the last h (N, units). BN has separate
// γ, β and running statistics for each of `steps` steps (Cooijmans et al. 2017), or with steps = 1
// the same for all.
class BatchNormRNN : public Layer<BatchNormRNN> {
 public:
  BatchNormRNN(int64_t in, int64_t steps, Rng& rng)
      : norms_(steps, BatchNorm1d(units)),
        input_(in, units, rng, {.bias = false}),
        state_(units, units, rng, {.bias = false}) {}

  Tensor forward(const Tensor& x) override {
    Tensor h = Tensor::zeros({x.size(0), state_.weight.size(0)}, x.dtype());
    for (int64_t step = 0; step < x.size(1); ++step) {
      const Tensor row = x(gradus::Slice{}, step);
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
  return over_seeds(options, options.small ? 3 : 5, [&](uint64_t seed) {
    Rng weights = weights_rng(seed);
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
    return train_classifier(model, optimizer, split,
                            {fmt::format("{}, batch {}", norm, batch), epochs, batch}, seed,
                            options);
  });
}

// The deviation over images of the states after each row, without normalization and training.
Series deviations(const data::Dataset& data, uint64_t seed) {
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

Verdict verdict(const Table& table) {
  constexpr double margin = 2;  // percentage points
  Verdict result;
  for (const int batch : {4, 32}) {
    const auto at = [&](const char* norm) {
      return number_at(table, {norm, batch}, "accuracy (%)");
    };
    const auto behind = [&](const char* norm, const char* name) {
      return lower(
          fmt::format("with batches of {} {} is less accurate than layer norm", batch, name),
          at(norm), at("layer"), 1);
    };
    result.parts.push_back(
        within(fmt::format("with batches of {} no norm is better than layer norm by less than {} "
                           "percentage points",
                           batch, margin),
               at("none"), at("layer"), margin, 1));
    result.parts.push_back(behind("batch", "batch norm"));
    result.parts.push_back(behind("batch, each step", "batch norm with statistics of each step"));
  }
  result.remark = fmt::format("Batch norm {} single samples.",
                              refuses_single_samples() ? "refuses" : "accepts");
  return result;
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 500 : 1000);
  Table table{"Rows of an image through an RNN",
              {"norm in the cell", {"batch", 0}, {"training loss", 4}, {"accuracy (%)", 2}}};
  std::vector<Chart> charts;
  for (const int64_t batch : {4, 32}) {
    Chart chart{fmt::format("Batches of {}", batch), "epoch", "test accuracy (%)"};
    for (const std::string norm : {"none", "layer", "batch", "batch, each step"}) {
      const auto runs = train(norm, batch, split, options);
      add_row(table, {norm, batch}, runs, &TrainingCurves::final_loss,
              &TrainingCurves::final_accuracy);
      chart.series.push_back(mean_curve(norm, runs, &TrainingCurves::accuracy, 100));
    }
    charts.push_back(chart);
  }
  charts.push_back({"Untrained, without norm", "row", "deviation of states",
                    std::vector{deviations(split.train, options.seed)}});
  const std::string measured = fmt::format(
      "an RNN of {} tanh units over the rows of {} images of {}, Adam; the "
      "deviation over images of its states without normalization and training.",
      units, split.train.size(), options.data);
  return {verdict(table), measured, {table}, {charts}};
}

}  // namespace gradus::lab::layer_normalization_experiment
