// Claim: early stopping (Prechelt 1998), augmentation (Simard et al. 2003), distillation (Hinton et
// al. 2015, section 6) and label smoothing (Szegedy et al. 2016; against wrong labels Lukasik et
// al. 2020) each do better than training without, where images are few.
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::regularizers_experiment {

struct Method {
  std::string name;
  double wrong = 0, smoothing = 0;  // part of the labels that are wrong; ε
  bool changes = false, distils = false;
};
const Method methods[] = {{"nothing"},
                          {"augmentation", 0, 0, true},
                          {"distillation", 0, 0, false, true},
                          {"label smoothing", 0, 0.1},
                          {"wrong labels", 0.3},
                          {"wrong labels, smoothing", 0.3, 0.1}};
enum { nothing, augmentation, distillation, smoothing, wrong_labels, wrong_smoothing };

// Gives a random part of the labels (0 … classes−1), in place, each another one of the classes.
void spoil(Tensor& labels, double part, int64_t classes, Rng& rng) {
  int64_t* label = labels.mutable_data<int64_t>();
  for (int64_t i = 0; i < labels.numel(); ++i)
    if (rng.uniform() < part) label[i] = (label[i] + 1 + rng.below(classes - 1)) % classes;
}

// A training, on the test set; errors are in percent, the logit is the largest less their mean.
struct Run {
  std::vector<double> errors = {};  // by epoch
  double error = 0, stopped_error = 0, loss = 0, logit = 0;
};

Run train(const Method& method, const data::Split& split, Sequential& teacher, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = Rng(seed).fork(0), order = Rng(seed).fork(1), chance = Rng(seed).fork(2);
  const data::Dataset shuffled = split.train.subset(order.permutation(split.train.size()));
  const auto [few, validation] = shuffled.first(400).split(0.5, order);
  Sequential model = strided_network(few, weights);
  optim::Adam optimizer(model.parameters());
  optim::EarlyStopping stopping({.patience = 10, .maximize = true});
  auto [images, labels] = few.raw_batch(0, few.size());
  spoil(labels, method.wrong, 10, chance);
  const data::Batch test = split.test.batch(0, split.test.size());
  const int64_t epochs = options.epochs.value_or(options.small ? 30 : 60), batch = 20;
  const optim::Schedule schedule = optim::cosine(0.003, {epochs * few.size() / batch});
  Run run;
  for (int64_t epoch = 1; epoch <= epochs; ++epoch) {
    options.report(fmt::format("{}, seed {}, epoch {}", method.name, seed, epoch));
    const Tensor indices = Tensor::from(order.permutation(few.size()), labels.shape());
    for (int64_t first = 0; first < few.size(); first += batch) {
      const Tensor some = slice(indices, 0, first, first + batch);
      Tensor x = index_select(images, 0, some), wanted = index_select(labels, 0, some);
      if (method.changes) x = data::augment("rotate,shift,zoom")(x, chance);
      x = few.normalization()(x);
      const Tensor y = model(x);
      Tensor loss = cross_entropy(y, wanted, {.label_smoothing = method.smoothing});
      if (method.distils) loss = distillation_loss(y, teacher(x), wanted, {4, 0.1});
      optimizer.zero_grad();
      loss.backward();
      optimizer.follow(schedule);
      optimizer.step();
    }
    const Tensor logits = no_grad([&] { return model(test.inputs); });
    run.error = 100 - 100 * accuracy(logits, test.targets);
    run.errors.push_back(run.error);
    run.loss = cross_entropy(logits, test.targets).item();
    run.logit = (mean(amax(logits, {1})) - mean(logits)).item();
    if (!stopping.should_stop() && stopping.report(accuracy(model, validation)))
      run.stopped_error = run.error;
  }
  return run;
}

// The claim that each of several methods makes a number smaller. Runs with the same seed are
// compared with each other, which says more than two means do.
struct PairedComparisons {
  Table table{"Each method against the same training without it",
              {"method", "measure", {"without", 2}, {"with", 2}, {"difference", 2}}};
  std::string differences, failed;  // in words
  std::size_t failures = 0;

  // Adds a row, of a number of each run: by a member. It is smaller where the mean difference is
  // below 0 by more than two standard errors.
  void add(const char* method, const char* measure, const std::vector<Run>& without,
           const std::vector<Run>& with, double Run::*value) {
    std::vector<double> before, after, difference;
    for (std::size_t i = 0; i < with.size(); ++i) {
      before.push_back(without[i].*value);
      after.push_back(with[i].*value);
      difference.push_back(after[i] - before[i]);
    }
    const Estimate gain = estimate(difference);
    table.rows.push_back({method, measure, estimate(before), estimate(after), gain});
    differences += fmt::format(" {}: {} {};", method, measure, to_string(gain, 1));
    if (clearly_below(gain, {0, 0, gain.runs})) return;
    failed += fmt::format("{}{}: {}", failures == 0 ? "" : "; ", method, measure);
    ++failures;
  }

  Verdict verdict() const {
    Verdict result{Outcome::holds, "The differences:" + differences, "this is left out: " + failed};
    result.reason.back() = '.';
    if (failures > 0) result.outcome = Outcome::conditional;
    if (failures == table.rows.size()) result.outcome = Outcome::fails;
    return result;
  }
};

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options);
  Rng rng(options.seed);
  Sequential teacher = strided_network(split.train, rng);
  optim::Adam optimizer(teacher.parameters(), {.lr = 0.002});
  train_classifier(teacher, optimizer, split, {"teacher", 10}, rng, options);
  Chart chart{"Training", "epoch", "test error (%)", {}, log_y};
  std::vector<std::vector<Run>> runs;
  for (const Method& method : methods) {
    runs.push_back(over_seeds(options, options.small ? 2 : 16, [&](uint64_t seed) {
      return train(method, split, teacher, seed, options);
    }));
    chart.series.push_back(mean_curve(method.name, runs.back(), &Run::errors));
  }
  std::vector<Run> stopped = runs[wrong_labels];  // the same, stopped early
  for (Run& run : stopped) run.error = run.stopped_error;
  PairedComparisons each;
  each.add("early stopping, wrong labels", "error (%)", runs[wrong_labels], stopped, &Run::error);
  each.add("augmentation", "error (%)", runs[nothing], runs[augmentation], &Run::error);
  each.add("distillation", "error (%)", runs[nothing], runs[distillation], &Run::error);
  each.add("label smoothing", "largest logit", runs[nothing], runs[smoothing], &Run::logit);
  each.add("label smoothing, wrong labels", "loss", runs[wrong_labels], runs[wrong_smoothing],
           &Run::loss);
  each.add("label smoothing, wrong labels", "error (%)", runs[wrong_labels], runs[wrong_smoothing],
           &Run::error);
  const char* const measured =
      "200 images, and 200 to stop by; where labels are wrong, 30 % are; the teacher learned from "
      "the whole training set.";
  return {each.verdict(), measured, {each.table}, {{chart}}};
}

}  // namespace gradus::lab::regularizers_experiment
