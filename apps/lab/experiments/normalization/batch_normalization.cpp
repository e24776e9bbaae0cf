// Claim: with batch normalization a deep network of sigmoids trains that stalls without it. (Ioffe
// and Szegedy 2015, §4.1 and figure 1: 784-100-100-100-10, small Gaussian weights, batches of 60,
// MNIST, 50,000 steps: --data mnist --long.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::batch_normalization_experiment {

constexpr double drawn_rate = 1;
constexpr int64_t batch_size = 60;

// The quantile of the elements of x for `part` in [0, 1]: the median for ½.
double quantile(const Tensor& x, double part) {
  std::vector<double> values = cast(x, DType::f64).to_vector<double>();
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(part * last);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// Percentiles 85, 50 and 15, over `test`, of the input of the last hidden layer's first sigmoid.
std::array<double, 3> unit_input(Sequential& model, const data::Dataset& test) {
  Tensor inputs;
  const CallObserver observer([&](Module& module, const Tensor& x, const Tensor&) {
    if (&module == &model[model.size() - 2]) inputs = slice(x, 1, 0, 1);
  });
  const auto scope = model.evaluation_scope();
  model(test.batch(0, test.size()).inputs);
  return {quantile(inputs, 0.85), quantile(inputs, 0.5), quantile(inputs, 0.15)};
}

struct Trial {
  std::vector<TrainingCurves> runs = {};
  // The unit's input in the first run.
  std::vector<Series> band{{"85 %"}, {"median"}, {"15 %"}};
};

Trial train(const std::string& norm, double deviation, double rate, const data::Split& split,
            const ExperimentOptions& options) {
  const int64_t standard = options.small ? 15 : 30;
  const int64_t epochs = options.epochs.value_or(options.longer ? 60 : standard);
  const int64_t steps = epochs * split.train.size() / batch_size;
  // The unit is measured after this number of steps.
  const int64_t every = std::max<int64_t>(20, steps / 200);
  Trial trial;
  trial.runs = over_seeds(options, 3, [&](uint64_t seed) {
    Rng weights = weights_rng(seed);
    const std::string init = fmt::format("normal:std={}", deviation);
    Sequential model =
        build("repeat 3 (dense 100, norm, sigmoid), dense 10",
              {.input = split.train.sample_shape(), .norm = norm, .init = init}, weights);
    optim::SGD optimizer(model.parameters(), {.lr = rate});
    TrainingOptions training{fmt::format("{}, weights {}, rate {}", norm, deviation, rate), epochs,
                             batch_size};
    training.observer.after_step = [&](const train::StepRecord& step) {
      if (seed != options.seed || step.step % every != 0) return;
      const auto percentiles = unit_input(model, split.test);
      for (int i = 0; i < 3; ++i) trial.band[i].add(static_cast<double>(step.step), percentiles[i]);
    };
    return train_classifier(model, optimizer, split, training, seed, options);
  });
  return trial;
}

// Compares the accuracies from small and from larger initial weights, each at its best rate.
Verdict verdict(std::map<std::string, Estimate>& best) {
  const auto trains = [&](const std::string& deviation) {
    return higher(fmt::format("from weights of deviation {} the accuracy (%) is higher with batch "
                              "norm than without",
                              deviation),
                  best["batch, weights " + deviation], best["none, weights " + deviation], 1);
  };
  return {{trains("0.01"), trains("0.1")}, "Each is at its best rate; 0.1 is 1/√100."};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.longer ? 0 : 1437);
  Table table{
      "Three hidden layers of sigmoids",
      {"norm", {"weights' deviation", 2}, {"rate", 1}, {"training loss", 4}, {"accuracy (%)", 2}}};
  std::vector<Chart> charts{{"Training, rate 1", "epoch", "test accuracy (%)"}};
  const auto rates = options.small ? std::vector{drawn_rate} : std::vector{0.3, drawn_rate, 3.};
  std::map<std::string, Estimate> best;  // accuracy over rates
  for (const double deviation : {0.01, 0.1})
    for (const std::string norm : {"none", "batch"})
      for (const double rate : rates) {
        const Trial trial = train(norm, deviation, rate, split, options);
        const std::string name = fmt::format("{}, weights {}", norm, deviation);
        add_row(table, {norm, deviation, rate}, trial.runs, &TrainingCurves::final_loss,
                &TrainingCurves::final_accuracy);
        const Estimate& accuracy = table.rows.back().back().number;
        if (accuracy.mean > best[name].mean) best[name] = accuracy;
        if (rate != drawn_rate) continue;
        charts[0].series.push_back(mean_curve(name, trial.runs, &TrainingCurves::accuracy, 100));
        if (deviation == 0.01)
          charts.push_back(
              {"Input of a unit, norm: " + norm, "step", "input of the sigmoid", trial.band});
      }
  const std::string measured = fmt::format(
      "sigmoids 784-100-100-100-10, SGD, {} images of {}, batches of 60; the input of the first "
      "unit of the last hidden layer for the test set, from weights of 0.01.",
      split.train.size(), options.data);
  return {verdict(best), measured, {table}, {charts}};
}

}  // namespace gradus::lab::batch_normalization_experiment
