// replay_command: gradus replay, which trains a run again and compares every step.
#include <cmath>

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/run/run_folder.hpp"
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

// "0.weight was 1f…, is 2e…": the first column that differs.
std::string first_difference(const std::string& columns, const std::string& was,
                             const std::string& is) {
  const auto names = split(columns, ','), old_values = split(was, ','), values = split(is, ',');
  for (std::size_t i = 0; i < std::min({names.size(), old_values.size(), values.size()}); ++i)
    if (old_values[i] != values[i])
      return fmt::format("{} was {}, is {}", names[i], old_values[i], values[i]);
  return "the rows have different columns";
}

// The relative tolerance of losses if another compiler or processor made the run.
constexpr double loss_tolerance = 1e-4;

// Whether the losses of two rows are equal within the tolerance.
bool same_losses(const std::string& was, const std::string& is) {
  const auto loss = [](const std::string& row) {
    const auto cells = split(row, ',');
    return cells.size() > 2 ? parse_number<double>(cells[2]).value_or(NAN) : NAN;
  };
  return std::abs(loss(was) - loss(is)) <= loss_tolerance * std::max(1.0, std::abs(loss(is)));
}

// Compares the steps of a training with the rows of a log: bit by bit, or only the losses if
// another compiler or processor made the run.
struct Comparison {
  const std::vector<std::string> log;
  const bool by_bits;
  bool failed = false;          // a step differs by more than the tolerance
  std::string difference = {};  // the first difference

  int64_t logged() const { return std::ssize(log) - 1; }
  void compare(const train::StepRecord& step, layers::Module& model) {
    const std::string& was = log[static_cast<std::size_t>(step.step)];
    const std::string is = train::step_row(step, model);
    failed = was != is && (by_bits || !same_losses(was, is));
    if (was != is && (difference.empty() || failed))
      difference = fmt::format("step {} differs: {}", step.step, first_difference(log[0], was, is));
  }
};

// Trains until the comparison fails, the log ends or a signal is received.
void replay(TrainingSetup& setup, Comparison& comparison, bool quiet) {
  train::Progress progress(setup.training, quiet);
  const train::TrainingObserver observer{
      .after_step =
          [&](const train::StepRecord& step) {
            comparison.compare(step, setup.model);
            progress.after_step(setup.state);
          },
      .after_epoch = [&](const train::EpochRecord&) { progress.after_epoch(setup.state); },
      .should_stop =
          [&] {
            return InterruptScope::signal() != 0 || comparison.failed ||
                   setup.optimizer->steps() >= comparison.logged();
          }};
  train::fit(setup.training, setup.state, observer);
  progress.clear();
}

Options options_of(ReplayLine& line) {
  Options options("replay RUN [options]",
                  "Trains a run again without writing files, and prints the first step and tensor "
                  "that differ, if any. A run of another compiler or processor must have the same "
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
  Comparison comparison{std::move(log), gives_same_bits(folder.config())};
  const InterruptScope interrupts;
  replay(setup, comparison, line.quiet);
  if (InterruptScope::signal() != 0) return 128 + InterruptScope::signal();
  if (comparison.difference.empty()) {
    print_line(fmt::format("all {} steps gave the same bits", comparison.logged()));
    return 0;
  }
  // Changes of the program are the most probable cause.
  const std::string changes = changed_versions(folder.config());
  if (!comparison.failed)
    print_line(fmt::format("all {} steps gave the same losses within {}", comparison.logged(),
                           loss_tolerance));
  print_line(comparison.difference + (changes.empty() ? "" : "; " + changes));
  return comparison.failed;
}

}  // namespace

Command replay_command() {
  return make_command<ReplayLine>(options_of, execute);
}

}  // namespace gradus::app
