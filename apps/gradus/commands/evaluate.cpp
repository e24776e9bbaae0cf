// evaluate_command: gradus evaluate, which evaluates a run on a test set.
#include <filesystem>
#include <numeric>

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/report/score_report.hpp"
#include "apps/gradus/report/task_report.hpp"
#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "apps/gradus/run/run_pictures.hpp"
#include "core/io/terminal.hpp"
#include "core/parallel.hpp"
#include "core/text/counted.hpp"
#include "data/probability_metrics.hpp"
#include "data/sets/image_folder.hpp"
#include "data/sets/load.hpp"
#include "data/table/table_data.hpp"
#include "data/transform/augmentation.hpp"
#include "train/calibration.hpp"
#include "train/prediction/trained_model.hpp"

namespace gradus::app {
namespace {

// The samples that are evaluated.
struct SampleSet {
  data::Dataset samples;
  std::string name;  // of the data
  const char* noun;  // "test" or nothing
  Texts notes = {};
};

// The test set of the run's own data, which must not have changed.
SampleSet own_test_set(const RunFolder& folder, const TrainConfig& config,
                       const train::ModelDescription& description) {
  const RunData data = load_data(config);
  require_same_data(folder.path(), folder.config(), data);
  return {train::prepared(description, data.test), config.data, "test "};
}

// All rows of another table, whose columns are found by name.
SampleSet other_table(const RunFolder& folder, const std::string& path,
                      const train::ModelDescription& description) {
  const train::TableInputs& inputs = *description.table;
  data::DataTable table = data::read_table_like(path, inputs.schema);
  SampleSet result{data::Dataset::of_features({0}, 1, std::vector<int64_t>{0}, 1), path, "",
                   table.notes};
  std::vector<int64_t> rows(static_cast<std::size_t>(table.rows)), unknown;
  std::iota(rows.begin(), rows.end(), 0);
  if (const int64_t common = common_samples(folder.row_hashes(), data::row_hashes(table, rows)))
    result.notes.push_back(
        fmt::format("{} of {} {} of the run", common, counted(table.rows, "sample"),
                    common == 1 ? "is a training sample" : "are training samples"));
  result.samples =
      train::prepared(description, data::dataset_of(std::move(table), inputs.encoding, &unknown));
  note_unknown(result.notes, inputs.encoding, unknown);
  return result;
}

// The pictures of another folder, whose classes are found by name.
SampleSet other_pictures(const TrainConfig& config, const std::string& folder,
                         const train::ModelDescription& description) {
  data::PictureOptions options = picture_options(config);
  options.channels = description.sample[0];
  options.height = description.sample[1];
  options.width = description.sample[2];
  const data::PictureSamples pictures =
      data::load_labelled_pictures(folder, description.targets.names, options);
  return {train::prepared(description, pictures.samples), folder, "", pictures.notes};
}

// The test set of other data, normalized for the run's model.
SampleSet other_set(const TrainConfig& config, const train::ModelDescription& description) {
  const data::Dataset given = as_usage([&] {
                                return data::load(config.data, {.data_dir = config.data_dir});
                              }).split.test.normalized({});
  const int64_t outputs = description.options.classes;
  if (given.sample_shape() != description.sample || given.target_count() != outputs ||
      given.target_kind() != description.targets.kind)
    throw UsageError("--data {} has samples {} in {} classes, the run's model needs {} in {}",
                     config.data, given.sample_shape(), given.target_count(), description.sample,
                     outputs);
  return {train::prepared(description, given), config.data, "test "};
}

// What is printed.
struct Evaluated {
  std::string data;
  const char* noun;
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
             counted(model.evaluation.samples, evaluated.noun + std::string("sample")),
             model.evaluation.loss, score.title, score.text(model.evaluation.score));
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
  Options options(
      "evaluate RUN [options]",
      "Prints the loss, scores with 95 % intervals, scores of each class and confusion "
      "matrix of a run on the test set of its own data, or on other data: all rows of a "
      "table, the test set of others.");
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
  const SampleSet set = line.data.empty() ? own_test_set(folder, config, saved.description)
                        : saved.description.table && is_table(line.data)
                            ? other_table(folder, line.data, saved.description)
                        : saved.description.fit && std::filesystem::is_directory(line.data)
                            ? other_pictures(config, line.data, saved.description)
                            : other_set(config, saved.description);
  const data::Dataset& test = set.samples;
  for (const std::string& note : set.notes) fmt::print(stderr, "{}\n", printable(note));
  const Streams streams(config.seed);
  if (test.target_kind() != data::TargetKind::classes &&
      (line.predictions || !line.views_by.empty()))
    throw UsageError("--{} needs a classifier, but the run's task is {}",
                     line.predictions ? "uncertainty" : "tta", config.task);
  Evaluated evaluated{
      set.name, set.noun,
      judge(saved.model, test, "test", build_loss(config, test), streams.resampling())};
  if (!line.views_by.empty()) {
    const Tensor probabilities = as_usage([&] {
      return train::view_probabilities(saved.model, test, data::augment(line.views_by),
                                       line.views.value_or(default_views), streams.sampling());
    });
    train::Evaluation mean = train::evaluate_predictions(test, data::predictions(probabilities));
    mean.loss = data::log_loss(test.labels(), probabilities);
    evaluated = {set.name, set.noun,
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
