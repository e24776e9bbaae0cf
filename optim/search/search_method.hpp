// Search: the base of the search methods, which propose configurations and get their results.
#pragma once

#include "core/random.hpp"
#include "core/text/option_table.hpp"
#include "core/text/registry.hpp"
#include "optim/search/space.hpp"

namespace gradus::optim {

/// The space and the budget of a search.
struct SearchTask {
  SearchSpace space;   ///< the search space
  int64_t budget;      ///< number of trials that could be trained completely, 1 or more
  int64_t epochs = 1;  ///< epochs of a complete trial, 1 or more
  uint64_t seed = 0;   ///< determines all random numbers
};

/// A proposal: train a trial to the end of an epoch. A trial that was trained before is continued.
struct Job {
  int64_t trial;                ///< 0, 1, …
  Configuration configuration;  ///< the values to train with
  int64_t until_epoch;          ///< total epochs of the trial after which the job ends
};

/// A proposed configuration and its result.
struct Trial {
  Point point;                       ///< its place in the space
  int64_t epochs = 0;                ///< epochs of training proposed so far
  std::optional<double> value = {};  ///< the last reported value; NaN if it failed
  bool is_running = false;           ///< whether its last job has no report yet
};

/// A search method. Larger values are better. Its state depends only on proposals and reports: the
/// same ones in the same order lead to the same proposals. No configuration is started twice: a
/// known result is used again, and the search ends if the whole space has been tried.
///
///     while (const auto job = search->propose()) search->report(job->trial, train(*job));
///
/// Several jobs can run at once: call propose() again before report().
class Search {
 public:
  /// Throws std::invalid_argument for a budget or epochs out of range.
  explicit Search(SearchTask task);
  virtual ~Search() = default;

  /// The next job; nothing if reports of running jobs are needed first, or, if none is running, the
  /// search is over.
  virtual std::optional<Job> propose() = 0;
  /// Reports the value of a running trial after its last job; NaN if it failed. Throws
  /// std::invalid_argument for a trial that isn't running.
  void report(int64_t trial, double value);

  /// The task passed to the constructor.
  const SearchTask& task() const { return task_; }
  /// Whether the search ended before its budget because the whole space has been tried.
  virtual bool is_exhausted() const { return false; }
  /// All proposed trials, by number.
  const std::vector<Trial>& trials() const { return trials_; }

 protected:
  /// A job for a new trial.
  Job start(Point point, int64_t until_epoch);
  /// A job that continues a trial.
  Job proceed(int64_t trial, int64_t until_epoch);
  /// A generator for the next trial, and others for further draws if the first one was tried
  /// already.
  Rng next_rng(int64_t draw = 0) const;
  /// A uniformly distributed point of the cube.
  Point random_point(Rng& rng) const;
  /// `point` with one active parameter changed, or several (each further one half as likely): a
  /// list to another value, a range by normal noise of this deviation, mirrored at the bounds.
  Point changed(Point point, double deviation, Rng& rng) const;
  /// The trial with the configuration of the point, if there is one.
  std::optional<int64_t> tried(const Point& point) const;
  /// An untried point; nothing if the whole space has been tried.
  std::optional<Point> untried() const;
  /// Called at the end of report(), for methods that learn from trials.
  virtual void learn(int64_t /*trial*/) {}

 private:
  Job run(std::size_t trial, int64_t until_epoch);

  SearchTask task_;
  std::vector<Trial> trials_;
  std::map<Configuration, int64_t> by_configuration_;
};

/// A search that trains all trials completely, as many as the budget. If a suggestion was tried
/// already, the method learns from it again and makes another one; finally any untried point is
/// used.
class TrialSearch : public Search {
 public:
  using Search::Search;
  std::optional<Job> propose() final;
  bool is_exhausted() const override { return is_exhausted_; }

 private:
  /// The suggestion of this draw for the next trial; nothing if there is no other.
  virtual std::optional<Point> suggest(int64_t draw) = 0;

  bool is_exhausted_ = false;
};

/// A value for comparisons: NaN (a failed trial) is the worst.
double comparable(double value);

/// Makes the search method of one name, with its options.
struct SearchFactory {
  std::vector<OptionInfo> options;  ///< the method's options
  /// Called by operator().
  std::function<std::unique_ptr<Search>(SearchTask, const OptionValues&)> make;

  /// A search of that method. Throws std::invalid_argument for an option that the method doesn't
  /// have, "[grid] has no option population", a value out of its range, and a space that the method
  /// doesn't support.
  std::unique_ptr<Search> operator()(SearchTask task, const OptionValues& values = {}) const {
    return make(std::move(task), values);
  }
};

/// The search methods by name.
const Registry<SearchFactory>& search_methods();

}  // namespace gradus::optim
