// evaluate_command: gradus evaluate, which evaluates a run on a test set.

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/report/score_report.hpp"
#include "apps/gradus/report/task_report.hpp"
#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "core/io/terminal.hpp"
#include "core/parallel.hpp"
#include "data/probability_metrics.hpp"
#include "data/sets/sources.hpp"
#include "data/transform/augmentation.hpp"
#include "train/calibration.hpp"

namespace gradus::app {
namespace {

// The test set of the run's data, or of other data, normalized for the run's model.
data::Dataset test_set(const TrainConfig& config, const train::ModelDescription& description) {
  const data::Dataset given = as_usage([&] {
                                return data::load(config.data, {.data_dir = config.data_dir});
                              }).split.test.normalized({});
  if (given.sample_shape() != description.sample || given.classes() != description.options.classes)
    throw UsageError("--data {} has samples {} in {} classes, the run's model needs {} in {}",
                     config.data, given.sample_shape(), given.classes(), description.sample,
                     description.options.classes);
  return given.normalized(description.normalization);
}

// What is printed.
struct Evaluated {
  std::string data;
  JudgedModel model;
  std::optional<train::Uncertainty> uncertainty = {};
};

void print_json(const Evaluated& evaluated) {
  const JudgedModel& model = evaluated.model;
  Json json = {{"data", evaluated.data},
               {"task", model.task().name},
               {"samples", model.evaluation.samples},
               {"loss", model.evaluation.loss}};
  json.update(to_json(model.scores, ""));
  report_of(model.task().kind).add_to(json, model);
  if (evaluated.uncertainty) json["uncertainty"] = to_json(*evaluated.uncertainty);
  print_as_json(json);
}

void print_text(const Evaluated& evaluated) {
  const JudgedModel& model = evaluated.model;
  const train::EpochScore& score = model.task().score;
  fmt::print("{}, {}: loss {:.4f}, {} {}\n", printable(evaluated.data),
             counted(model.evaluation.samples, "test sample"), model.evaluation.loss, score.title,
             score.text(model.evaluation.score));
  if (evaluated.uncertainty) print(*evaluated.uncertainty);
  fmt::print("\n{}", pictures::to_text(table_of(model.scores)));
  const std::string text = report_of(model.task().kind).text(model, terminal_width(), false);
  if (!text.empty()) fmt::print("\n{}", text);
}

constexpr int64_t default_views = 16;

struct EvaluateLine {
  std::string data, data_dir;
  std::optional<int64_t> threads, predictions, views;
  std::string views_by;
  bool json = false;
};

Options options_of(EvaluateLine& line) {
  Options options("evaluate RUN [options]",
                  "Prints the loss, scores with 95 % intervals, scores of each class and confusion "
                  "matrix of a run on the test set of its own data or other data.");
  add_data_options(options, line.data, line.data_dir);
  options.group("Evaluation");
  options.add("uncertainty N", &line.predictions,
              "also average N predictions with dropout, and print the uncertainty of correct and "
              "wrong predictions; 50 is usual",
              {.range = range::at_least_two});
  options.add("tta NAMES", &line.views_by,
              "average the probabilities over views of each image that are augmented like training "
              "images, as in 'flip+shift:1' (test-time augmentation)",
              {.choices = choices(data::augmentations())});
  options.add("views N", &line.views, "number of views of --tta, the first unchanged (default 16)",
              {.range = range::at_least_two, .needs = {"tta"}});
  options.add("json", &line.json, "print one JSON object");
  add_threads_option(options, line.threads);
  options.takes({1, 1, "one run folder"});
  options.example("gradus evaluate runs/digits", "evaluate a run on the test set of its own data");
  options.example("gradus evaluate runs/digits --data mnist --json",
                  "evaluate it on other images, with JSON output");
  return options;
}

int execute(EvaluateLine& line, const CommandLine& words) {
  if (line.threads) set_num_threads(static_cast<int>(*line.threads));
  const RunFolder folder = RunFolder::open(words.operands[0]);
  TrainConfig config = folder.options();
  if (!line.data.empty()) config.data = line.data;
  if (!line.data.empty() || !line.data_dir.empty()) config.data_dir = line.data_dir;
  train::SavedModel saved = folder.load_model();
  const data::Dataset test = test_set(config, saved.description);
  const Streams streams(config.seed);
  if (test.target_kind() != data::TargetKind::classes &&
      (line.predictions || !line.views_by.empty()))
    throw UsageError("--{} needs a classifier, but the run's task is {}",
                     line.predictions ? "uncertainty" : "tta", config.task);
  Evaluated evaluated{config.data, judge(saved.model, test, "test", build_loss(config, test),
                                         streams.resampling())};
  if (!line.views_by.empty()) {
    const Tensor probabilities = as_usage([&] {
      return train::view_probabilities(saved.model, test, data::augment(line.views_by),
                                       line.views.value_or(default_views), streams.sampling());
    });
    train::Evaluation mean = train::evaluate_predictions(test, data::predictions(probabilities));
    mean.loss = data::log_loss(test.labels(), probabilities);
    evaluated = {config.data,
                 judge(test, "test", std::move(mean), probabilities, streams.resampling())};
  }
  if (line.predictions)
    evaluated.uncertainty = as_usage([&] {
      return train::estimate_uncertainty(saved.model, test, *line.predictions, streams.sampling());
    });
  (line.json ? print_json : print_text)(evaluated);
  return 0;
}

}  // namespace

Command evaluate_command() {
  return make_command<EvaluateLine>(options_of, execute);
}

}  // namespace gradus::app
