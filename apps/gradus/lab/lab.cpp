// lab_command: `gradus lab` runs experiments, prints their reports and writes their files.
#include <signal.h>
#include <unistd.h>

#include "apps/gradus/cli/new_folders.hpp"
#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/config.hpp"
#include "apps/lab/draw/finished_page.hpp"
#include "apps/lab/experiments.hpp"
#include "core/interrupt.hpp"
#include "core/io/file.hpp"
#include "core/io/terminal.hpp"
#include "core/parallel.hpp"
#include "core/text/width.hpp"
#include "data/sets/sources.hpp"
#include "data/transform/augmentation.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

struct LabLine {
  lab::ExperimentOptions experiment_options;
  int64_t seed = 0;
  std::optional<int64_t> threads;
  std::string out = "lab";
  bool list = false, all = false, quiet = false;
};

Options options_of(LabLine& line) {
  Options options("lab NAME [options]",
                  "Tests a claim from the literature: prints the measurements and a verdict, and "
                  "writes NAME.svg, NAME.csv and NAME.md.");
  lab::ExperimentOptions& experiment = line.experiment_options;
  options.takes({0, 1, "one experiment, or --all", choices(lab::experiments())});
  options.group("Experiments");
  options.add("list", &line.list, "list the experiments by chapters");
  options.add("all", &line.all, "run all experiments and write lab.html, one page for all");
  options.add("long", &experiment.longer, "the size of the paper instead of two minutes");
  options.add("small", &experiment.small, "the smallest size that shows the effect: seconds",
              {.excludes = {"long"}});
  options.group("Training");
  options.add("data NAME|PATH", &experiment.data, "data set, folder with IDX files, or CSV file",
              {.choices = choices(data::sources())});
  options.add("data-dir DIR", &experiment.data_dir,
              "folder with the IDX files of mnist or fashion-mnist");
  options.add("seed N", &line.seed, "seed of the first run; the next run has the next number",
              {.range = range::seed});
  options.add("seeds N", &experiment.seeds, "number of runs, each with its own seed",
              {.range = range::count});
  options.add("epochs N", &experiment.epochs, "passes over the training set",
              {.range = range::count});
  options.add("batch-size N", &experiment.batch_size, "images per step", {.range = range::count});
  options.add("limit N", &experiment.limit, "use only the first N training images",
              {.range = range::count});
  options.add("augment NAMES", &experiment.augment,
              "augmentations, NAME or NAME:ARGUMENT,…, joined by +",
              {.choices = choices(data::augmentations())});
  add_threads_option(options, line.threads);
  options.group("Output");
  options.add("out DIR", &line.out, "folder for the files");
  options.add("quiet", &line.quiet, "print only errors and verdicts");
  options.example("gradus lab invariance", "one experiment, with its files in lab/");
  options.example("gradus lab --all --seeds 3 --out results",
                  "all experiments, each with three seeds");
  return options;
}

void print_list() {
  for (const std::string& chapter : lab::chapters(lab::all_experiments())) {
    fmt::print("{}\n", chapter);
    for (const lab::Experiment& experiment : lab::all_experiments())
      if (experiment.chapter == chapter)
        fmt::print("  {:<19}{}\n", experiment.name, experiment.title);
  }
}

std::vector<lab::Experiment> chosen(const LabLine& line, const CommandLine& words) {
  if (words.operands.empty() != line.all)
    throw UsageError("lab needs the name of one experiment, or --all; --list shows the names");
  if (line.all) return lab::all_experiments();
  const lab::Experiment& experiment =
      as_usage([&]() -> decltype(auto) { return lab::experiments().find(words.operands[0]); });
  // With one experiment, an option that it doesn't support is an error.
  for (const char* name :
       {"data", "data-dir", "seeds", "epochs", "batch-size", "limit", "augment", "long"})
    if (words.has(name) && !experiment.supports(name))
      throw UsageError("{} has no option --{}", experiment.name, name);
  return {experiment};
}

// Lets Ctrl-C and SIGTERM end the program at once, while nothing is being written.
class ImmediateExit {
 public:
  ImmediateExit() { handle(leave); }
  ~ImmediateExit() { handle(SIG_DFL); }
  ImmediateExit& operator=(ImmediateExit&&) = delete;

 private:
  static void leave(int number) { _exit(128 + number); }
  static void handle(void (*handler)(int)) {
    signal(SIGINT, handler);
    signal(SIGTERM, handler);
  }
};

lab::Finished run(const lab::Experiment& experiment, LabLine& line) {
  const ImmediateExit immediate_exit;
  StatusLine progress(stderr, line.quiet);
  line.experiment_options.progress = [&](const std::string& now) {
    progress.draw(
        [&](std::size_t width) { return shortened(experiment.name + ": " + now, width - 1); });
  };
  lab::Finished finished{experiment,
                         as_usage([&] { return experiment.run(line.experiment_options); })};
  std::string& remark = finished.report.verdict.remark;
  if (line.experiment_options.seeds == 1 && experiment.supports("seeds"))
    remark += fmt::format("{}(One seed gives no interval: no difference counts as clear.)",
                          remark.empty() ? "" : " ");
  return finished;
}

void write(const lab::Finished& finished, const fs::path& folder) {
  const std::string path = (folder / finished.experiment.name).string();
  write_file_atomically(path + ".svg", lab::to_svg(finished));
  write_file_atomically(path + ".csv", lab::to_csv(finished));
  for (const lab::Image& image : finished.report.images)
    write_file_atomically((folder / (image.name + ".svg")).string(), image.svg);
  write_file_atomically(path + ".md", lab::to_markdown(finished));
}

// Throws before the experiment runs if its files can't be written. Leaves nothing behind.
void check_folder(const std::string& folder) {
  const NewFolders trial(folder);
  if (!fs::is_directory(folder)) file_error(folder, "is not a folder");
  if (access(folder.c_str(), W_OK) != 0) file_error(folder, "can't be written to");
}

int execute(LabLine& line, const CommandLine& words) {
  if (line.list) {
    print_list();
    return 0;
  }
  const std::vector<lab::Experiment> experiments = chosen(line, words);
  if (line.threads) set_num_threads(static_cast<int>(*line.threads));
  line.experiment_options.seed = static_cast<uint64_t>(line.seed);
  check_folder(line.out);

  std::vector<lab::Finished> all;
  for (const lab::Experiment& experiment : experiments) {
    all.push_back(run(experiment, line));
    const InterruptScope interrupts;
    NewFolders folders(line.out);
    write(all.back(), line.out);
    folders.keep();
    print_line(line.quiet
                   ? experiment.name + ": " + lab::to_string(all.back().report.verdict.outcome())
                   : lab::to_text(all.back()));
    if (line.all && all.size() == experiments.size())
      write_file_atomically((fs::path(line.out) / "lab.html").string(), lab::to_page(all));
    if (InterruptScope::signal() != 0) return 128 + InterruptScope::signal();
  }
  if (!line.quiet) print_line(fmt::format("pictures, tables and pages are in {}", line.out));
  return 0;
}

}  // namespace

Command lab_command() {
  return make_command(options_of, execute);
}

}  // namespace gradus::app
