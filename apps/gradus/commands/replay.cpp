// replay_command: gradus replay, which trains a run again and compares every step.
#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "apps/gradus/run/step_comparison.hpp"
#include "core/interrupt.hpp"
#include "core/parallel.hpp"
#include "train/progress.hpp"
#include "train/step_log.hpp"

namespace gradus::app {
namespace {

struct ReplayLine {
  std::string data_dir;
  std::optional<int64_t> threads;
  bool quiet = false;
};

// The relative tolerance of losses of a run whose bits this program doesn't give.
constexpr double loss_tolerance = 1e-4;

// Trains until the comparison fails, the log ends or a signal is received.
void replay(TrainingSetup& setup, StepComparison& comparison, bool quiet) {
  train::Progress progress(setup.training, quiet);
  const train::TrainingObserver observer{
      .after_step =
          [&](const train::StepRecord& step) {
            comparison.compare(step.step, train::step_row(step, setup.model));
            progress.after_step(setup.state);
          },
      .after_epoch = [&](const train::EpochRecord&) { progress.after_epoch(setup.state); },
      .should_stop =
          [&] {
            return InterruptScope::signal() != 0 || comparison.failed() ||
                   setup.training.steps() >= comparison.steps();
          }};
  train::fit(setup.training, setup.state, observer);
  progress.clear();
}

Options options_of(ReplayLine& line) {
  Options options("replay RUN [options]",
                  "Trains a run again without writing files, and prints the first step and tensor "
                  "that differ, if any. A run of a program with other numerics must have the same "
                  "losses within 1e-4.");
  options.add("data-dir DIR", &line.data_dir, "folder that contains the IDX files now");
  add_threads_option(options, line.threads);
  options.add("quiet", &line.quiet, "print only errors and the result");
  options.takes({1, 1, "one run folder"});
  options.example("gradus replay runs/digits", "check that a run gives the same bits again");
  options.example("gradus replay runs/digits --threads 1", "the same with one thread");
  return options;
}

int execute(ReplayLine& line, const CommandLine& words) {
  if (line.threads) set_num_threads(static_cast<int>(*line.threads));
  const RunFolder folder = RunFolder::open(words.operands[0]);
  std::vector<std::string> log = train::read_step_log(folder.step_log());
  if (log.size() < 2) file_error(folder.step_log(), "contains no steps to compare with");
  TrainConfig config = folder.options();
  if (!line.data_dir.empty()) config.data_dir = line.data_dir;
  TrainingSetup setup(config);
  require_same_data(folder.path(), folder.config(), setup.data);
  if (log[0] != train::step_columns(setup.model))
    file_error(folder.step_log(), "belongs to another model: its columns are {}, expected {}",
               log[0], train::step_columns(setup.model));
  StepComparison comparison(std::move(log), gives_same_bits(folder.config()), loss_tolerance);
  const InterruptScope interrupts;
  replay(setup, comparison, line.quiet);
  if (InterruptScope::signal() != 0) return 128 + InterruptScope::signal();
  if (comparison.first_difference().empty()) {
    print_line(fmt::format("all {} steps gave the same bits", comparison.steps()));
    return 0;
  }
  // Changes of the program are the most probable cause.
  const std::string changes = changed_versions(folder.config());
  if (!comparison.failed())
    print_line(fmt::format("all {} steps gave the same losses within {}", comparison.steps(),
                           loss_tolerance));
  const std::string& difference =
      comparison.failed() ? comparison.failure() : comparison.first_difference();
  print_line(difference + (changes.empty() ? "" : "; " + changes));
  return comparison.failed();
}

}  // namespace

Command replay_command() {
  return make_command<ReplayLine>(options_of, execute);
}

}  // namespace gradus::app
