// check_command: gradus check, which runs the trainings of suites and compares them with what they
// expect.
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "apps/gradus/check/checker.hpp"
#include "apps/gradus/commands/commands.hpp"
#include "core/interrupt.hpp"
#include "core/io/file.hpp"
#include "core/io/terminal.hpp"
#include "core/parallel.hpp"
#include "core/text/counted.hpp"
#include "core/text/glob.hpp"

namespace gradus::app {
namespace {

namespace fs = std::filesystem;

struct CheckLine {
  std::string filter, junit, out;
  std::optional<int64_t> jobs;
  bool update = false, print = false, quiet = false;
};

Options options_of(CheckLine& line) {
  Options options("check [FILE…] [options]",
                  "Runs the trainings of suites, JSON files that docs/regression.md describes, and "
                  "compares each with what its suite expects: bounds on scores, the hash of its "
                  "weights, its losses. Without a file it runs the built-in suite of small "
                  "trainings. The exit code is 3 if something differs.");
  options.group("Check");
  options.add("filter PATTERN", &line.filter,
              "run only trainings whose names match a pattern with * and ?");
  options.add("update", &line.update,
              "write today's numbers, weights and losses into the suites; bounds stay");
  options.add("junit FILE", &line.junit, "also write the outcomes as JUnit XML");
  options.add("out DIR", &line.out, "keep the runs in a new folder (default: they are removed)");
  options.add("jobs J", &line.jobs,
              "number of parallel trainings with a thread each (default the number of cores); one "
              "with a bound on seconds runs alone, with all cores",
              {.range = range::thread_count});
  options.add("print", &line.print, "print the built-in suite, to start one of your own",
              {.excludes = {"filter", "update", "junit", "out", "jobs"}});
  options.add("quiet", &line.quiet, "print only what differs and the result");
  options.takes({0, Options::any_number, "suites"});
  options.example("gradus check", "run the built-in suite");
  options.example("gradus check suite.json --junit report.xml",
                  "check your trainings in continuous integration");
  return options;
}

// A new folder for runs, removed at the end of the scope if it is temporary.
class RunsFolder {
 public:
  explicit RunsFolder(const std::string& out) : path_(out), is_temporary_(out.empty()) {
    if (!is_temporary_) {
      if (fs::exists(path_)) file_error(out, "already exists; choose another --out");
      make_folders(out);
      return;
    }
    std::string pattern = (fs::temp_directory_path() / "gradus-check-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw WriteError(fmt::format("{}: {}", pattern, std::generic_category().message(errno)));
    path_ = pattern;
  }
  ~RunsFolder() {
    std::error_code ignored;
    if (is_temporary_) fs::remove_all(path_, ignored);
  }
  RunsFolder& operator=(RunsFolder&&) = delete;

  std::string path() const { return fs::absolute(path_).string(); }

 private:
  fs::path path_;
  bool is_temporary_;
};

std::vector<Suite> read_suites(const Arguments& paths, const std::string& filter) {
  std::vector<Suite> suites;
  for (const std::string& path : paths) suites.push_back(read_suite(path));
  if (suites.empty()) suites.push_back(built_in_suite());
  if (filter.empty()) return suites;
  bool is_any = false;
  for (Suite& suite : suites)
    for (SuiteTraining& training : suite.trainings) {
      training.is_selected = matches(filter, training.name);
      is_any = is_any || training.is_selected;
    }
  if (!is_any) throw UsageError("no training's name matches --filter {}", filter);
  return suites;
}

void print(const TrainingOutcome& outcome, bool quiet) {
  if (!outcome.failure.empty())
    print_line(fmt::format("failed: {}: {}", outcome.name, outcome.failure));
  else if (!quiet)
    print_line(fmt::format("passed: {} ({:.1f} s){}", outcome.name, outcome.seconds,
                           outcome.note.empty() ? "" : "; " + outcome.note));
}

int execute(CheckLine& line, const CommandLine& words) {
  if (line.print) {
    fmt::print("{}", built_in_suite_text);
    return 0;
  }
  if (line.update && words.operands.empty())
    throw UsageError("--update needs a suite: the built-in one can't be written");
  std::vector<Suite> suites = read_suites(words.operands, line.filter);
  const RunsFolder folder(line.out);
  const InterruptScope interrupts;
  StatusLine status(stdout, line.quiet);
  std::vector<std::pair<std::string, std::vector<TrainingOutcome>>> all;
  int64_t passed = 0, failed = 0;
  for (Suite& suite : suites) {
    CheckOptions options{.out = folder.path() + "/" + fmt::to_string(all.size() + 1),
                         .jobs = line.jobs.value_or(num_threads()),
                         .threads = num_threads()};
    make_folders(options.out);
    if (!line.update)
      options.after = [&](const TrainingOutcome& outcome) {
        status.clear();
        print(outcome, line.quiet);
      };
    options.progress = [&](std::size_t finished) {
      status.draw([&](std::size_t) {
        return fmt::format("{}: {} of {} trainings", suite.name, finished, suite.selected());
      });
    };
    std::vector<TrainingOutcome> outcomes = check(suite, options);
    status.clear();
    if (InterruptScope::signal() != 0) return 128 + InterruptScope::signal();
    if (line.update) {
      for (const std::string& change : update(suite, outcomes)) print_line(change);
      write_file_atomically(suite.path, readable(suite.json) + '\n');
      for (const TrainingOutcome& outcome : outcomes) print(outcome, true);
    }
    for (const TrainingOutcome& outcome : outcomes) ++(outcome.failure.empty() ? passed : failed);
    all.emplace_back(suite.name, std::move(outcomes));
  }
  if (!line.junit.empty()) write_file_atomically(line.junit, junit(all));
  if (!line.out.empty()) print_line(fmt::format("the runs are in {}", line.out));
  print_line(fmt::format("{} passed, {} failed", passed, failed));
  return failed == 0 ? 0 : expectation_exit_code;
}

}  // namespace

Command check_command() {
  return make_command<CheckLine>(options_of, execute);
}

}  // namespace gradus::app
