// Claim: early stopping (Prechelt 1998), augmentation (Simard et al. 2003), distillation (Hinton et
// al. 2015, section 6) and label smoothing (Szegedy et al. 2016; against wrong labels Lukasik et
// al. 2020) each improve training on few images.
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::regularizers_experiment {

struct Method {
  std::string name;
  double wrong = 0, smoothing = 0;  // fraction of wrong labels; ε
  bool changes = false, distils = false;
};
const Method methods[] = {{"nothing"},
                          {"augmentation", 0, 0, true},
                          {"distillation", 0, 0, false, true},
                          {"label smoothing", 0, 0.1},
                          {"wrong labels", 0.3},
                          {"wrong labels, smoothing", 0.3, 0.1}};
enum { nothing, augmentation, distillation, smoothing, wrong_labels, wrong_smoothing };

// The same images with a random part of the labels replaced by another class.
data::Dataset spoiled(const data::Dataset& data, double part, Rng& rng) {
  const auto [images, labels] = data.raw_batch(0, data.size());
  std::vector<uint8_t> bytes;
  for (const float value : images.to_vector<float>())
    bytes.push_back(static_cast<uint8_t>(std::lround(value * 255)));
  std::vector<int64_t> names = labels.to_vector<int64_t>();
  for (int64_t& label : names)
    if (rng.uniform() < part) label = (label + 1 + rng.below(data.classes() - 1)) % data.classes();
  return data::Dataset::of_bytes(bytes, data.sample_shape(), names, data.classes())
      .normalized(data.normalization());
}

// Results on the test set: errors in percent; the logit is the largest one less their mean.
struct Run {
  std::vector<double> errors;  // by epoch
  double stopped_error, loss, logit;

  double error() const { return errors.back(); }
};

Run train(const Method& method, const data::Split& split, Sequential& teacher, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = weights_rng(seed), order = Rng(seed).fork(1), chance = Rng(seed).fork(2);
  const data::Dataset shuffled = split.train.subset(order.permutation(split.train.size()));
  const data::Split few = shuffled.first(400).split(0.5, order);
  Sequential model = strided_network(few.train, weights);
  optim::Adam optimizer(model.parameters());
  const int64_t epochs = options.epochs.value_or(options.small ? 30 : 60), batch = 20;
  TrainingOptions training{fmt::format("{}, seed {}", method.name, seed), epochs, batch,
                           optim::cosine(0.003, {epochs * few.train.size() / batch})};
  if (method.changes) training.augmentation = data::augment("rotate,shift,zoom");
  training.loss = [&](const Tensor& logits, const Tensor& labels) {
    return cross_entropy(logits, labels, {.label_smoothing = method.smoothing});
  };
  training.distillation = {4, 0.1};
  if (method.distils)
    training.teacher = [&](const Tensor& samples) {
      return no_grad([&] { return teacher(split.train.normalization()(samples)); });
    };
  optim::EarlyStopping stopping({.patience = 10, .maximize = true});
  std::size_t best = 0;
  training.observer.after_epoch = [&](const train::EpochRecord& record) {
    if (!stopping.should_stop() && stopping.report(accuracy(model, few.test)))
      best = static_cast<std::size_t>(record.epoch - 1);
  };
  const TrainingCurves curves =
      train_classifier(model, optimizer, {spoiled(few.train, method.wrong, chance), split.test},
                       training, order, options);
  const data::Batch test = split.test.batch(0, split.test.size());
  const Tensor logits = no_grad([&] { return model(test.inputs); });
  const std::vector<double> errors = curves.errors();
  return {errors, errors[best], curves.test_loss.back(),
          (mean(amax(logits, {1})) - mean(logits)).item()};
}

// Judges the claim that each of several methods lowers a number. Runs with the same seed are
// compared in pairs, which is more sensitive than a comparison of two means.
struct PairedComparisons {
  Table table{"Each method against the same training without it",
              {"method", "measure", {"without", 2}, {"with", 2}, {"difference", 2}}};
  Verdict verdict = {};

  // Adds a row and a part for a number of each run, given by a member.
  void add(const char* method, const char* measure, const std::vector<Run>& without,
           const std::vector<Run>& with, auto value) {
    std::vector<double> before, after;
    for (const Run& run : without) before.push_back(std::invoke(value, run));
    for (const Run& run : with) after.push_back(std::invoke(value, run));
    const Estimate gain = paired_difference(after, before);
    table.rows.push_back(
        {method, measure, estimate_of(without, value), estimate_of(with, value), gain});
    verdict.parts.push_back(negative(fmt::format("{}: lower {}", method, measure), gain, 2));
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
    runs.push_back(over_seeds(options, options.small ? 3 : 16, [&](uint64_t seed) {
      return train(method, split, teacher, seed, options);
    }));
    chart.series.push_back(mean_curve(method.name, runs.back(), &Run::errors));
  }
  std::vector<Run> stopped = runs[wrong_labels];  // the same, stopped early
  for (Run& run : stopped) run.errors = {run.stopped_error};
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
      "200 training images and 200 validation images; wrong labels are 30 % of all; the teacher "
      "was trained on the whole training set.";
  return {each.verdict, measured, {each.table}, {{chart}}};
}

}  // namespace gradus::lab::regularizers_experiment
