// gradus search
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

namespace gradus::app {
namespace {

struct SearchLine {
  SearchPlan plan;
  AlgorithmFlags flags;  // of all methods
  TrainConfig train;
  std::vector<std::string> given;
  std::string preset, out, resume;
  int64_t jobs = 1;
  bool quiet = false;
};

constexpr double standard_val_split = 0.2;

void add_search_options(Options& options, SearchLine& line) {
  SearchPlan& plan = line.plan;
  options.group("Search", "what to try: --space, --method, --budget, --jobs");
  options.add(
      "space FILE|TEXT", &plan.space,
      "what to search, a text or a file with it, as in 'lr=log(1e-4,1), optimizer=[adam,sgd,nag], "
      "momentum=uniform(0,0.99) if optimizer=[sgd,nag]': names of train's options, their values "
      "as uniform, log, int or logint(LOW,HIGH) or a list; 'model=network(4,10)' is any network of "
      "4 blocks for 10 classes");
  options.add("method NAME", &plan.method, "how to search; each with its options",
              {.choices = choices_with_options(optim::search_methods())});
  options.add("budget N", &plan.budget,
              "how many trials could be trained for all --epochs; halving and hyperband divide the "
              "epochs among more",
              {.range = range::count});
  options.add("metric NAME", &plan.metric, "what trials are compared by",
              {.choices = choices(search_metrics())});
  options.add("median-stopping", &plan.median_stopping,
              "stop a trial that is worse than the median of the others (Golovin et al. 2017)",
              {.excludes = {"method=halving", "method=hyperband"}});
  add_preset_option(options, line.preset);
  options.add("jobs J", &line.jobs, "trials at once, which share the threads",
              {.range = range::thread_count});
  options.add("out DIR", &line.out, "the search's folder (default searches/METHOD-1, -2, …)");
  options.add("resume DIR", &line.resume, "go on with an interrupted search",
              {.only_with = {"jobs", "threads", "quiet"},
               .reason = "a search goes on with the options it was started with"});
  options.add("quiet", &line.quiet, "print nothing but errors and the result");
  for (const auto& entry : optim::search_methods().entries())
    add_algorithm_flags(options, line.flags, entry.make.options);
}

std::string read_space(const std::string& text) {
  std::error_code none;
  return std::filesystem::is_regular_file(text, none) ? read_file(text) : text;
}

// The options of train among those that were given: what every trial is told.
std::vector<std::string> fixed_names(const SearchLine& line) {
  TrainConfig config;
  Options train;
  add_train_options(train, config);
  std::vector<std::string> names;
  for (const std::string& name : line.given)
    if (train.find(name) && name != "threads" && name != "no-test") names.push_back(name);
  return names;
}

// The whole plan. All that train would refuse is refused here.
void complete(SearchLine& line) {
  SearchPlan& plan = line.plan;
  if (plan.space.empty())
    throw UsageError("search needs --space, such as --space 'lr=log(1e-4,1), batch=[32,64,128]'");
  plan.space = read_space(plan.space);
  as_usage([&] { search_metrics().find(plan.metric); });
  if (line.train.val_split == 0)
    throw UsageError("--val-split is above 0 in a search: the test set must not decide");
  plan.test = !line.train.no_test;
  plan.epochs = line.train.epochs.value_or(plan.epochs);
  plan.seed = line.train.seed;
  plan.flags = values(line.flags);
  const auto search = make_search(plan);

  line.train.epochs = plan.epochs;
  const RunData data = load_data(line.train);
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
  Options options("search [options]",
                  "Looks for good values of train's options: trains with many, each trial in a run "
                  "folder, and compares them on a held-out part of the training set. The options "
                  "of train that are given are the same for all trials. The best one meets the "
                  "test set at the end.");
  add_search_options(options, line);
  line.train.val_split = standard_val_split;
  options.leave_rules();
  add_train_options(options, line.train);
  options.example("gradus search --data digits --space 'lr=log(1e-4,0.1), batch=[16,32,64]'",
                  "20 trials where a model of the ones before expects most");
  options.example("gradus search --space space.txt --method hyperband --epochs 27 --jobs 2",
                  "many trials for an epoch, the best for 27, two at once");
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
  print_line(fmt::format("stopped; gradus search --resume {} goes on", folder.path()));
  return 128 + InterruptScope::signal();
}

int execute(SearchLine& line, const CommandLine& words) {
  if (line.train.threads && line.jobs > *line.train.threads)
    throw UsageError(fmt::format("--jobs is at most --threads, which they share: {} and {}",
                                 line.jobs, *line.train.threads));
  if (!line.resume.empty()) return run(SearchFolder::open(line.resume), line);
  line.given = words.given;
  complete(line);
  SearchFolder folder = SearchFolder::create(line.out, line.plan);
  if (!line.quiet)
    print_line(fmt::format("{} search, budget {} times {} epochs; into {}", line.plan.method,
                           line.plan.budget, line.plan.epochs, folder.path()));
  return run(std::move(folder), line);
}

}  // namespace

Command search_command() {
  return make_command<SearchLine>(options_of, execute);
}

}  // namespace gradus::app
