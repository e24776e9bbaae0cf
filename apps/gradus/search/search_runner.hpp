// A search carried out: its trials trained, several at once, what becomes of them told and kept.
#pragma once

#include <list>

#include "apps/gradus/search/child.hpp"
#include "apps/gradus/search/search_folder.hpp"
#include "optim/search/median_stopping.hpp"

namespace gradus::app {

/// What became of a trial so far.
struct TrialResult {
  optim::Configuration configuration;
  std::vector<double> values = {};  ///< of the metric, by epochs
  std::string error = {};           ///< empty unless it failed
  bool is_running = true;
};

struct SearchRunnerOptions {
  int64_t jobs = 1;     ///< trials at once
  int64_t threads = 1;  ///< of each
  bool quiet = false;
};

class SearchRunner {
 public:
  /// Has the search where the folder's events left it. Throws std::runtime_error where they aren't
  /// those of its plan. The folder outlives the runner.
  SearchRunner(SearchFolder& folder, const SearchRunnerOptions& options);

  /// Trains trials until the search is over, and returns true, or a signal ends it: then the
  /// trials stop with a checkpoint, and it is false. `after_trial` is called when one has ended.
  bool run(const std::function<void()>& after_trial);

  const optim::Search& search() const { return *search_; }
  const Metric& metric() const { return metric_; }
  /// By their numbers.
  const std::vector<TrialResult>& results() const { return results_; }
  /// As the search was told it; NaN for a trial that failed or has no value yet.
  double score(int64_t trial) const;
  /// The trials that have a score, the best first.
  std::vector<int64_t> ranked() const;

 private:
  struct Running {
    optim::Job job;
    std::optional<Child> child = {};  // none for what was done before the search was stopped
    std::optional<std::size_t> stops_after = {};  // epochs
    int64_t kills = 0;                            // by signals, since the last epoch that it ended
    std::size_t epochs = 0;                       // at the last of them
  };

  void repeat(const SearchEvent& event);
  void begin(const optim::Job& job);
  void tell_exhaustion() const;
  void start_jobs();
  void launch(Running& running);
  // Whether it has ended.
  bool look_after(Running& running);
  bool start_again(Running& running, int signal);
  // After how many epochs the trial of these values should have stopped.
  std::optional<std::size_t> median_stop(const std::vector<double>& values) const;
  // Record what became of a trial; true, since it has ended.
  bool end(const SearchEvent& event);
  bool fail(int64_t trial, const std::string& error);
  void note(const SearchEvent& event);
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
