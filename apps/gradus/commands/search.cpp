// search_command: gradus search, which searches for good values of train's options.
#include <filesystem>

#include "apps/gradus/commands/commands.hpp"
#include "apps/gradus/run/build.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "apps/gradus/search/results.hpp"
#include "apps/gradus/search/trial_arguments.hpp"
#include "core/interrupt.hpp"
#include "core/io/file.hpp"
#include "core/io/terminal.hpp"
#include "core/parallel.hpp"
#include "core/text/counted.hpp"

namespace gradus::app {
namespace {

struct SearchLine {
  SearchPlan plan;
  AlgorithmFlags flags;  // options of all methods
  TrainConfig train;
  std::vector<std::string> given;
  std::string preset, out, resume;
  int64_t jobs = 1;
  bool quiet = false;
};

void add_search_options(Options& options, SearchLine& line) {
  SearchPlan& plan = line.plan;
  options.group("Search", "search space and method: --space, --method, --budget, --jobs");
  options.add("space FILE|TEXT", &plan.space,
              "the search space, as a text or a file, as in 'lr=log(1e-4,1), "
              "optimizer=[adam,sgd,nag], momentum=uniform(0,0.99) if optimizer=[sgd,nag]': names "
              "of train's options, with values uniform, log, int or logint(LOW,HIGH) or a list; "
              "'model=network(4,10)' is any network of 4 blocks for 10 classes");
  options.add("method NAME", &plan.method, "search method, listed with its options",
              {.choices = choices_with_options(optim::search_methods())});
  options.add("budget N", &plan.budget,
              "number of trials with all --epochs; halving and hyperband distribute the same "
              "number of epochs over more trials",
              {.range = range::count});
  options.add("metric NAME", &plan.metric, "metric of the trials",
              {.choices = choices(search_metrics())});
  options.add("median-stopping", &plan.median_stopping,
              "stop a trial that is worse than the median of the others (Golovin et al. 2017)",
              {.excludes = {"method=halving", "method=hyperband"}});
  add_preset_option(options, line.preset);
  options.add("jobs J", &line.jobs, "number of parallel trials, which share the threads",
              {.range = range::thread_count});
  options.add("out DIR", &line.out, "folder of the search (default searches/METHOD-1, -2, …)");
  options.add(
      "resume DIR", &line.resume, "resume an interrupted search",
      {.only_with = {"jobs", "threads", "quiet"}, .reason = "a resumed search keeps its options"});
  options.add("quiet", &line.quiet, "print only errors and the result");
  for (const auto& entry : optim::search_methods().entries())
    add_algorithm_flags(options, line.flags, entry.make.options);
}

std::string read_space(const std::string& text) {
  std::error_code none;
  return std::filesystem::is_regular_file(text, none) ? read_file(text) : text;
}

// The given options of train, which every trial gets.
std::vector<std::string> fixed_names(const SearchLine& line) {
  TrainConfig config;
  Options train;
  add_train_options(train, config);
  std::vector<std::string> names;
  for (const std::string& name : line.given)
    if (train.find(name) && name != "threads" && name != "no-test") names.push_back(name);
  return names;
}

// The metric by which the task chooses its best epoch, or the given one, which must be of the task.
void choose_metric(SearchLine& line, const train::Task& task) {
  const bool is_given = std::ranges::find(line.given, "metric") != line.given.end();
  const std::string own = std::string("val-") + task.score.name;
  if (!is_given) line.plan.metric = task.chooses_by_score ? own : "val-loss";
  if (line.plan.metric != "val-loss" && line.plan.metric != own)
    throw UsageError("--metric must be {} or val-loss for the task {}, got {}", own, task.name,
                     line.plan.metric);
}

// Completes the plan. Refuses everything that train would refuse.
void complete(SearchLine& line) {
  SearchPlan& plan = line.plan;
  if (plan.space.empty())
    throw UsageError("search needs --space, as in --space 'lr=log(1e-4,1), batch=[32,64,128]'");
  plan.space = read_space(plan.space);
  as_usage([&] { search_metrics().find(plan.metric); });
  if (line.train.val_split == 0.0)
    throw UsageError("search needs a validation set: --val-split must be above 0, got 0");
  line.train.val_split = line.train.val_split.value_or(train::default_validation);
  plan.test = !line.train.no_test;
  plan.epochs = line.train.epochs.value_or(plan.epochs);
  plan.seed = line.train.seed;
  plan.flags = values(line.flags);
  const auto search = make_search(plan);

  line.train.epochs = plan.epochs;
  const RunData data = load_data(line.train);
  choose_metric(line, train::task_of(data.train));
  line.train.data = data.data;
  line.train.data_dir = data.data_dir;
  std::vector<std::string> names = fixed_names(line);
  check_space(search->task().space, line.train, names);
  for (const char* name : {"data", "epochs", "val-split", "seed"})
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  plan.train = fixed_arguments(line.train, names);
  if (!line.preset.empty()) plan.train.push_back("--preset=" + line.preset);
}

Options options_of(SearchLine& line) {
  Options options(
      "search [options]",
      "Searches for good values of train's options. Each trial is trained in its own "
      "run folder; trials are compared on a validation set, a tenth of the training set "
      "unless --val-split is given. Given options of train are the same for all "
      "trials. At the end the best trial is evaluated on the test set.");
  add_search_options(options, line);
  options.leave_rules();
  add_train_options(options, line.train);
  options.example("gradus search --data digits --space 'lr=log(1e-4,0.1), batch=[16,32,64]'",
                  "train 20 trials, chosen by Bayesian optimization");
  options.example("gradus search --space space.txt --method hyperband --epochs 27 --jobs 2",
                  "train many trials for one epoch and the best for 27, two in parallel");
  return options;
}

int run(SearchFolder folder, const SearchLine& line) {
  const InterruptScope interrupts;
  const SearchRunnerOptions options{
      .jobs = line.jobs,
      .threads = std::max<int64_t>(1, line.train.threads.value_or(num_threads()) / line.jobs),
      .quiet = line.quiet};
  SearchRunner runner(folder, options);
  if (runner.run([&] { write_trials(runner, folder); })) {
    conclude(runner, folder, options);
    return 0;
  }
  write_trials(runner, folder);
  print_line(fmt::format("stopped; gradus search --resume {} continues", folder.path()));
  return 128 + InterruptScope::signal();
}

int execute(SearchLine& line, const CommandLine& words) {
  if (line.train.threads && line.jobs > *line.train.threads)
    throw UsageError("--jobs must be at most --threads ({}), got {}", *line.train.threads,
                     line.jobs);
  if (!line.resume.empty()) return run(SearchFolder::open(line.resume), line);
  line.given = words.given;
  complete(line);
  SearchFolder folder = SearchFolder::create(line.out, line.plan);
  if (!line.quiet)
    print_line(
        fmt::format("{} search, budget {} × {}, validation on {} of the training set; into {}",
                    line.plan.method, line.plan.budget, counted(line.plan.epochs, "epoch"),
                    *line.train.val_split, folder.path()));
  return run(std::move(folder), line);
}

}  // namespace

Command search_command() {
  return make_command<SearchLine>(options_of, execute);
}

}  // namespace gradus::app
