#include "apps/gradus/search/search_runner.hpp"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <thread>

#include "apps/gradus/search/trial_arguments.hpp"
#include "core/interrupt.hpp"
#include "core/io/file.hpp"
#include "core/io/terminal.hpp"
#include "core/text/counted.hpp"
#include "train/history.hpp"

namespace gradus::app {

namespace fs = std::filesystem;

constexpr auto pause = std::chrono::milliseconds(20);

static std::string text_of(const optim::Configuration& configuration) {
  std::string text;
  for (const auto& [name, value] : configuration)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
  return text;
}

SearchRunner::SearchRunner(SearchFolder& folder, const SearchRunnerOptions& options)
    : folder_(folder),
      options_(options),
      metric_(search_metrics().find(folder.plan().metric)),
      search_(make_search(folder.plan())) {
  if (folder.plan().median_stopping) median_.emplace();
  for (const SearchEvent& event : folder.events()) restore(event);
}

void SearchRunner::restore(const SearchEvent& event) {
  if (event.kind != SearchEvent::Kind::started) {
    const auto of_trial = [&](const Running& running) { return running.job.trial == event.trial; };
    if (running_.remove_if(of_trial) == 0)
      file_error(folder_.path(), "search.json is damaged: trial {} ends before it starts",
                 event.trial + 1);
    apply(event);
    return;
  }
  const std::optional<optim::Job> job = search_->propose();
  if (!job || job->trial != event.trial || job->until_epoch != event.until_epoch)
    file_error(folder_.path(),
               "the search can't be resumed: this version of gradus proposes other trials");
  begin(*job);
}

void SearchRunner::begin(const optim::Job& job) {
  if (job.trial == std::ssize(results_)) results_.push_back({job.configuration});
  results_[static_cast<std::size_t>(job.trial)].is_running = true;
  running_.push_back({job});
}

bool SearchRunner::run(const std::function<void()>& after_trial) {
  for (Running& running : running_)
    if (!is_done(running.job)) launch(running);
  bool interrupted = false;
  for (;;) {
    if (!interrupted) start_jobs();
    if (running_.empty()) {
      if (!interrupted) print_exhaustion();
      return !interrupted;
    }
    if (!interrupted && InterruptScope::signal() != 0) {
      interrupted = true;
      for (const Running& running : running_)
        if (running.child) running.child->interrupt();
    }
    const std::size_t before = running_.size();
    running_.remove_if([&](Running& running) { return poll(running); });
    if (running_.size() < before) after_trial();
    std::this_thread::sleep_for(pause);
  }
}

void SearchRunner::print_exhaustion() const {
  const SearchPlan& plan = folder_.plan();
  if (!options_.quiet && search_->is_exhausted())
    print_line(fmt::format("the search ends before --budget {}: the space has only {}", plan.budget,
                           counted(std::ssize(results_), "configuration")));
}

void SearchRunner::start_jobs() {
  while (std::ssize(running_) < options_.jobs) {
    const std::optional<optim::Job> job = search_->propose();
    if (!job) return;
    folder_.add({SearchEvent::Kind::started, job->trial, job->until_epoch});
    begin(*job);
    if (!is_done(*job)) launch(running_.back());
  }
}

void SearchRunner::launch(Running& running) {
  const optim::Job& job = running.job;
  const SearchPlan& plan = folder_.plan();
  const fs::path folder = folder_.trial(job.trial);
  make_folders(folder.string());
  std::vector<std::string> arguments{"train", "--quiet",
                                     fmt::format("--threads={}", options_.threads)};
  const auto add = [&](const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
  };
  if (fs::exists(folder / "config.json")) {
    add({"--resume=" + folder.string()});
  } else {
    add(plan.train);
    add(trial_arguments(job.configuration));
    add({"--no-test", "--out=" + folder.string()});
  }
  if (job.until_epoch < plan.epochs) add({fmt::format("--until-epoch={}", job.until_epoch)});
  const std::string output = (folder / "output.txt").string();
  running.child.emplace(arguments, output, output);
}

bool SearchRunner::is_done(const optim::Job& job) const {
  if (fs::exists(folder_.trial(job.trial) + "/report.json")) return true;
  const auto epochs = train::read_history(folder_.trial(job.trial) + "/metrics.csv").size();
  return job.until_epoch < folder_.plan().epochs && static_cast<int64_t>(epochs) >= job.until_epoch;
}

std::vector<double> SearchRunner::values(const Running& running) const {
  std::vector<double> all;
  for (const train::EpochRecord& record :
       train::read_history(folder_.trial(running.job.trial) + "/metrics.csv"))
    all.push_back(record.*metric_.field);
  const auto most = running.stops_after.value_or(static_cast<std::size_t>(running.job.until_epoch));
  all.resize(std::min(all.size(), most));
  return all;
}

bool SearchRunner::poll(Running& running) {
  const int64_t trial = running.job.trial;
  const std::optional<int> code = running.child ? running.child->exit_code() : 0;
  if (median_ && !running.stops_after) {
    running.stops_after = median_stop(values(running));
    if (running.stops_after && !code) running.child->interrupt();
  }
  if (!code) return false;
  // A killed trial may have finished before.
  if (*code == 0 || running.stops_after || is_done(running.job)) {
    const std::vector<double> found = values(running);
    if (found.empty()) return fail(trial, "ended without a value of the metric");
    return end({.kind = SearchEvent::Kind::finished, .trial = trial, .values = found});
  }
  if (*code == child_write_error)
    throw WriteError(fmt::format("{}; gradus search --resume {} continues", failure(trial, *code),
                                 folder_.path()));
  if (InterruptScope::signal() != 0) return true;
  if (*code > 128) return start_again(running, *code - 128);
  return fail(trial, failure(trial, *code));
}

// A signal usually isn't the configuration's fault, unless it comes repeatedly.
bool SearchRunner::start_again(Running& running, int signal) {
  constexpr int64_t most_kills = 3;
  const int64_t trial = running.job.trial;
  const std::size_t epochs = values(running).size();
  running.kills = epochs > running.epochs ? 1 : running.kills + 1;
  running.epochs = epochs;
  if (running.kills == most_kills)
    return fail(trial, fmt::format("was killed by signal {} ({}) {} times in the same epoch",
                                   signal, strsignal(signal), most_kills));
  launch(running);
  return false;
}

std::optional<std::size_t> SearchRunner::median_stop(const std::vector<double>& values) const {
  std::vector<double> seen;
  for (const double value : values) {
    seen.push_back(metric_.sign * value);
    const bool is_last = std::ssize(seen) == folder_.plan().epochs;
    if (!is_last && median_->should_stop(seen)) return seen.size();
  }
  return std::nullopt;
}

bool SearchRunner::end(const SearchEvent& event) {
  folder_.add(event);
  apply(event);
  if (!options_.quiet) print(event);
  return true;
}

bool SearchRunner::fail(int64_t trial, const std::string& error) {
  return end({.kind = SearchEvent::Kind::failed, .trial = trial, .error = error});
}

void SearchRunner::apply(const SearchEvent& event) {
  TrialResult& result = results_[static_cast<std::size_t>(event.trial)];
  result.is_running = false;
  result.values = event.values;
  result.error = event.error;
  search_->report(event.trial, score(event.trial));
  if (!median_) return;
  std::vector<double> values = event.values;
  for (double& value : values) value *= metric_.sign;
  median_->finish(values);
}

std::string SearchRunner::failure(int64_t trial, int exit_code) const {
  return error_of_child(folder_.trial(trial) + "/output.txt", exit_code);
}

std::vector<int64_t> SearchRunner::ranked() const {
  std::vector<int64_t> trials;
  for (int64_t trial = 0; trial < std::ssize(results_); ++trial)
    if (!std::isnan(score(trial))) trials.push_back(trial);
  std::ranges::stable_sort(trials, std::greater(), [&](int64_t trial) { return score(trial); });
  return trials;
}

void SearchRunner::print(const SearchEvent& event) const {
  const std::string what = text_of(result(event.trial).configuration);
  if (event.kind == SearchEvent::Kind::failed) {
    print_line(fmt::format("trial {} failed: {} ({})", event.trial + 1, event.error, what));
    return;
  }
  const std::vector<int64_t> best_first = ranked();  // empty if all losses are NaN
  const bool is_best = !best_first.empty() && best_first.front() == event.trial;
  print_line(fmt::format("trial {}: {} {:.4f} after {}; {}{}", event.trial + 1, metric_.column,
                         metric_.value(score(event.trial)),
                         counted(std::ssize(event.values), "epoch"), what,
                         is_best ? " – the best so far" : ""));
}

}  // namespace gradus::app
