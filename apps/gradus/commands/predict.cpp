// predict_command: gradus predict, which predicts the classes of images and the targets of tables.

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/predict/prediction.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "apps/gradus/run/run_group.hpp"
#include "core/parallel.hpp"

namespace gradus::app {
namespace {

Options options_of(PredictOptions& line) {
  Options options(
      "predict RUN FILE… [options]",
      "Predicts with a run's model. Images are PNG, JPEG, WebP, BMP, PBM, PGM and PPM files of any "
      "size, "
      "grey or coloured; each is made similar to the training images, and the steps are "
      "printed after its name. A table is a file like that of the training, whose "
      "columns are found by name; - is the standard input. The runs of several seeds or "
      "folds predict together, by the mean of their probabilities or numbers.");
  options.group("Images");
  options.add("invert WHEN", &line.invert, "exchange black and white",
              {.choices = choices(inversions())});
  options.add("no-fit", &line.no_fit,
              "scale the whole image to the model's size instead of finding the object in it");
  options.add("show FILE", &line.show,
              "PNG file of what the network sees: the fitted images, enlarged, in their order; SVG "
              "with --explain");
  options.group("Table");
  options.add("out FILE|-", &line.out,
              "write the predictions as CSV, - to the standard output, or as JSON with --json");
  options.add("header yes|no", &line.header,
              "whether the first line has the names of the columns (default by its types)",
              {.choices = {{"yes", "it has"}, {"no", "it hasn't"}}});
  options.group("Prediction");
  options.add(
      "explain", &line.explain,
      "also tell what decided: in the picture of --show, which pixels the two most probable "
      "classes depend on; of a table, how each cell changes the prediction, compared to a "
      "missing one");
  options.add("top K", &line.top, "number of classes to print, the most probable first",
              {.range = range::count});
  options.add("uncertainty N", &line.predictions,
              "average N predictions with dropout and print the uncertainty; 50 is usual",
              {.range = range::at_least_two});
  options.add("seed N", &line.seed, "random seed of --uncertainty and --explain",
              {.range = range::seed});
  options.add("json", &line.json, "print one JSON array with an object for each image or row");
  add_threads_option(options, line.threads);
  options.takes({2, Options::any_number, "a run folder and images or a table"});
  options.example("gradus predict runs/digits seven.png --explain --show decided.svg",
                  "predict the digit in a picture, and draw what decided");
  options.example("gradus predict runs/houses new.csv --out predictions.csv",
                  "predict the rows of a table");
  return options;
}

// The model of a run, or those of a group of runs.
Models load_models(const std::string& path) {
  Models models;
  if (is_group(path)) {
    for (const std::string& run : open_group(path, false).paths())
      models.emplace_back(RunFolder::open(run).load_model());
  } else {
    models.emplace_back(RunFolder::open(path).load_model());
  }
  return models;
}

int execute(PredictOptions& line, const CommandLine& words) {
  const Arguments& operands = words.operands;
  if (line.threads) set_num_threads(static_cast<int>(*line.threads));
  const Models models = load_models(operands[0]);
  const train::ModelDescription& description = models[0].description();
  const Arguments files{operands.begin() + 1, operands.end()};
  if (line.predictions && models.size() > 1)
    throw UsageError("--uncertainty needs a single run, but {} has {}", operands[0], models.size());
  if (line.explain && models.size() > 1)
    throw UsageError("--explain needs a single run, but {} has {}", operands[0], models.size());
  if (line.predictions && description.targets.kind != data::TargetKind::classes)
    throw UsageError("--uncertainty needs a classifier, but the run's task is {}",
                     train::task_of(description.targets.kind).name);
  if (description.table) {
    for (const char* option : {"invert", "no-fit", "show", "uncertainty"})
      if (words.has(option))
        throw UsageError("--{} is for images, but {} was trained on a table", option, operands[0]);
    if (files.size() > 1) throw UsageError("predict takes one table, got {} files", files.size());
    predict_table(models, files[0], line);
    return 0;
  }
  if (description.tokenizer)
    throw UsageError("predict needs images or a table; gradus sample {} continues a text",
                     operands[0]);
  for (const char* option : {"out", "header"})
    if (words.has(option))
      throw UsageError("--{} is for tables, but {} was trained on images", option, operands[0]);
  if (description.sample.rank() != 3)
    throw UsageError(
        "predict needs a model for images or of a table, but that of {} takes samples {}; "
        "gradus evaluate {} --data FILE.csv evaluates it on other samples",
        operands[0], description.sample, operands[0]);
  predict_pictures(models, files, line);
  return 0;
}

}  // namespace

Command predict_command() {
  return make_command<PredictOptions>(options_of, execute);
}

}  // namespace gradus::app
