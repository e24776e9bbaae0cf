// Searches for the best configuration: they are asked what to try, and told how good it was.
#pragma once

#include "core/random.hpp"
#include "core/text/option_table.hpp"
#include "core/text/registry.hpp"
#include "optim/search/space.hpp"

namespace gradus::optim {

/// What is searched, and for how long.
struct SearchTask {
  SearchSpace space;   ///< what can be chosen
  int64_t budget;      ///< how many trials could be trained to their end, 1 or more
  int64_t epochs = 1;  ///< to the end of a trial, 1 or more
  uint64_t seed = 0;   ///< decides all draws
};

/// What to do next: train a trial to the end of an epoch. A trial that was trained before goes on.
struct Job {
  int64_t trial;                ///< 0, 1, …
  Configuration configuration;  ///< the values to train with
  int64_t until_epoch;          ///< epochs of the trial after which the job ends
};

/// What is known of a configuration that was proposed.
struct Trial {
  Point point;                       ///< where it lies in the space
  int64_t epochs = 0;                ///< that it was asked to be trained
  std::optional<double> value = {};  ///< of the last report; NaN where it failed
  bool is_running = false;           ///< whether its last job hasn't been reported yet
};

/// A method of search. Larger values are better. Proposals and reports are all of its state: asked
/// and told the same in the same order, it proposes the same. No configuration is started twice:
/// what is known of it is taken over, and a space of which all is tried ends the search.
///
///     while (const auto job = search->propose()) search->report(job->trial, train(*job));
///
/// Several jobs can run at once: propose() again before reporting.
class Search {
 public:
  /// Throws std::invalid_argument for a budget or epochs out of range.
  explicit Search(SearchTask task);
  virtual ~Search() = default;

  /// Nothing where running jobs have to be reported first; where none runs, the search is over.
  virtual std::optional<Job> propose() = 0;
  /// How good a running trial is after its last job; NaN for one that failed. Throws
  /// std::invalid_argument for a trial that isn't running.
  void report(int64_t trial, double value);

  /// The task that the constructor got.
  const SearchTask& task() const { return task_; }
  /// Whether the search ended before its budget, because all of the space is tried.
  virtual bool is_exhausted() const { return false; }
  /// All trials that were proposed, by their number.
  const std::vector<Trial>& trials() const { return trials_; }

 protected:
  /// A job for a new trial.
  Job start(Point point, int64_t until_epoch);
  /// A job for a trial that goes on.
  Job proceed(int64_t trial, int64_t until_epoch);
  /// A generator for the next trial, and others for further draws where the first is tried already.
  Rng next_rng(int64_t draw = 0) const;
  /// Uniform in the cube.
  Point random_point(Rng& rng) const;
  /// `point` with a change of one parameter that takes part, or of several, each further one half
  /// as likely: of a list to another value, else by normal noise of this deviation, mirrored at the
  /// bounds.
  Point changed(Point point, double deviation, Rng& rng) const;
  /// The trial that has the configuration of the point; nothing where none has.
  std::optional<int64_t> tried(const Point& point) const;
  /// A point that no trial has; nothing where all of the space is tried.
  std::optional<Point> untried() const;
  /// Called at the end of report(), for methods that learn from each trial.
  virtual void learn(int64_t /*trial*/) {}

 private:
  Job run(std::size_t trial, int64_t until_epoch);

  SearchTask task_;
  std::vector<Trial> trials_;
  std::map<Configuration, int64_t> by_configuration_;
};

/// A search whose trials are all trained to their end: as many as the budget. A suggestion that was
/// tried is learned from again, and followed by others; in the end any untried point is taken.
class TrialSearch : public Search {
 public:
  using Search::Search;
  std::optional<Job> propose() final;
  bool is_exhausted() const override { return is_exhausted_; }

 private:
  /// Where the next trial may lie, the draw's suggestion; nothing where there is no other.
  virtual std::optional<Point> suggest(int64_t draw) = 0;

  bool is_exhausted_ = false;
};

/// A value to compare by: what failed, NaN, is worst.
double comparable(double value);

/// Makes a search of one name, and tells what can be said about it.
struct SearchFactory {
  std::vector<OptionInfo> options;  ///< what the method can be told
  /// Called by operator().
  std::function<std::unique_ptr<Search>(SearchTask, const OptionValues&)> make;

  /// A search of that method. Throws std::invalid_argument for an option that the method doesn't
  /// have, "[grid] has no option population", a value out of its range, and a space that the method
  /// can't search.
  std::unique_ptr<Search> operator()(SearchTask task, const OptionValues& values = {}) const {
    return make(std::move(task), values);
  }
};

/// The methods of search by name.
const Registry<SearchFactory>& search_methods();

}  // namespace gradus::optim
