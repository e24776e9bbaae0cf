// SearchRunner: runs a search's trials in parallel processes and records their results.
#pragma once

#include <list>

#include "apps/gradus/run/child.hpp"
#include "apps/gradus/search/search_folder.hpp"
#include "optim/search/median_stopping.hpp"

namespace gradus::app {

/// The result of a trial so far.
struct TrialResult {
  optim::Configuration configuration;
  std::vector<double> values = {};  ///< of the metric in each epoch
  std::string error = {};           ///< empty unless it failed
  bool is_running = true;
};

struct SearchRunnerOptions {
  int64_t jobs = 1;     ///< number of parallel trials
  int64_t threads = 1;  ///< of each trial
  bool quiet = false;
};

class SearchRunner {
 public:
  /// Restores the search from the folder's events. Throws std::runtime_error if they don't match
  /// its plan. The folder must outlive the runner.
  SearchRunner(SearchFolder& folder, const SearchRunnerOptions& options);

  /// Runs trials until the end of the search and returns true. After a signal the trials stop with
  /// a checkpoint, and it returns false. Calls `after_trial` after each trial.
  bool run(const std::function<void()>& after_trial);

  const optim::Search& search() const { return *search_; }
  const Metric& metric() const { return metric_; }
  /// The results of all trials, in the order of their numbers.
  const std::vector<TrialResult>& results() const { return results_; }
  const TrialResult& result(int64_t trial) const {
    return results_[static_cast<std::size_t>(trial)];
  }
  /// The score of a trial; NaN if it failed or has no value yet.
  double score(int64_t trial) const { return metric_.score(result(trial).values); }
  /// The trials with a score, the best first.
  std::vector<int64_t> ranked() const;

 private:
  struct Running {
    optim::Job job;
    std::optional<Child> child = {};  // empty if the job was done before the search was resumed
    std::optional<std::size_t> stops_after = {};  // epochs
    int64_t kills = 0;                            // ends by a signal in the same epoch
    std::size_t epochs = 0;                       // finished at the last of these ends
  };

  void restore(const SearchEvent& event);
  void begin(const optim::Job& job);
  void print_exhaustion() const;
  void start_jobs();
  void launch(Running& running);
  // Checks a trial's process; returns whether the trial has ended.
  bool poll(Running& running);
  bool start_again(Running& running, int signal);
  // The number of epochs after which median stopping ends a trial with these values.
  std::optional<std::size_t> median_stop(const std::vector<double>& values) const;
  // Record the end of a trial; return true, since it has ended.
  bool end(const SearchEvent& event);
  bool fail(int64_t trial, const std::string& error);
  void apply(const SearchEvent& event);
  void print(const SearchEvent& event) const;
  bool is_done(const optim::Job& job) const;
  std::vector<double> values(const Running& running) const;
  std::string failure(int64_t trial, int exit_code) const;

  SearchFolder& folder_;
  SearchRunnerOptions options_;
  Metric metric_;
  std::unique_ptr<optim::Search> search_;
  std::optional<optim::MedianStopping> median_;
  std::vector<TrialResult> results_;
  std::list<Running> running_;
};

}  // namespace gradus::app
