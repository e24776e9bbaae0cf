// HalvingSearch, HyperbandSearch: successive halving and Hyperband, many trials for few epochs, the
// best ones for more.
#pragma once

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// A stage of successive halving.
struct Rung {
  int64_t trials;  ///< number of trials
  int64_t epochs;  ///< total epochs of each trial at the end of the rung
  /// Whether trials and epochs are equal.
  bool operator==(const Rung&) const = default;
};

/// The rungs of a bracket that starts with `trials`: each has 1/eta of the trials of the previous
/// one (rounded down, at least one), trained eta times as long. The last rung has `epochs`, the
/// first epochs/eta^halvings.
std::vector<Rung> rungs(int64_t trials, int64_t epochs, double eta, int64_t halvings);
/// The epochs of training in all rungs. A continued trial is trained only for the difference.
int64_t cost(const std::vector<Rung>& rungs);
/// How often `epochs` can be divided by eta with at least one epoch left: Hyperband's s_max.
int64_t most_halvings(int64_t epochs, double eta);

/// The state of one bracket: the proposed and the promoted trials.
class Bracket {
 public:
  /// Starts at the first of `rungs`.
  explicit Bracket(std::vector<Rung> rungs) : rungs_(std::move(rungs)) {}

  /// The next proposal: a new trial or one to continue, and the epoch to train to.
  struct Next {
    std::optional<int64_t> trial;  ///< the trial to continue; empty for a new one
    int64_t until_epoch;           ///< total epochs of the trial after which it stops
  };
  /// The next proposal; nothing if the rung waits for reports or the bracket is over. It reads the
  /// values in `trials` to choose those to continue.
  std::optional<Next> next(const std::vector<Trial>& trials);
  /// Records that the proposal of next() became this trial, or that this trial's known result is
  /// used.
  void proposed(int64_t trial) { members_.push_back(trial); }
  /// Whether the trial belongs to the present rung.
  bool has(int64_t trial) const;
  /// Continues the bracket with the trials that its first rung has so far.
  void close();

 private:
  void climb(const std::vector<Trial>& trials);

  std::vector<Rung> rungs_;
  std::size_t rung_ = 0;
  std::vector<int64_t> members_;   // proposed in this rung
  std::vector<int64_t> promoted_;  // to this rung, best first
};

/// Options of HalvingSearch and HyperbandSearch.
struct HalvingOptions {
  double eta = 3;  ///< one in eta trials of a rung continues; 2 … 1000

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<HalvingOptions> table();
};

/// Trials in brackets; all training together has at most the epochs of the budget. While a rung of
/// one bracket waits for its last trials, the next bracket starts. If the whole space has been
/// tried, brackets use trials of other brackets: they continue them or take their results.
class BracketSearch : public Search {
 public:
  std::optional<Job> propose() final;

 protected:
  /// `name` is for errors. Throws std::invalid_argument for an option out of its range.
  BracketSearch(const char* name, SearchTask task, const HalvingOptions& options);
  /// The rungs of a bracket of `trials`, or fewer if the remaining epochs don't allow more; empty
  /// if they don't allow one trial.
  std::vector<Rung> affordable(int64_t trials, int64_t halvings) const;
  /// Epochs that no bracket has been given yet.
  int64_t epochs_left() const { return epochs_left_; }

  const HalvingOptions options_;  ///< the options passed to the constructor

 private:
  /// The rungs of bracket `number`; empty if there is none.
  virtual std::vector<Rung> next_bracket(int64_t number) = 0;
  std::optional<Job> next_job(Bracket& bracket);
  std::optional<Point> new_point() const;
  bool is_any_running() const;
  std::optional<int64_t> known_trial(const Bracket& bracket) const;

  std::vector<Bracket> brackets_;
  int64_t epochs_left_;
};

/// Successive halving (Jamieson and Talwalkar 2016): one bracket with as many random trials as the
/// budget allows, which start with about one epoch.
class HalvingSearch : public BracketSearch {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit HalvingSearch(SearchTask task, const HalvingOptions& options = {})
      : BracketSearch("halving", std::move(task), options) {}

 private:
  std::vector<Rung> next_bracket(int64_t number) override;
};

/// The brackets of Hyperband for trials of `epochs`, from s = s_max, which has the most trials, to
/// 0, which trains all trials completely: ⌈(s_max + 1)·eta^s/(s + 1)⌉ trials.
std::vector<std::vector<Rung>> hyperband_brackets(int64_t epochs, double eta);

/// Hyperband (Li et al. 2018): brackets of successive halving, from many trials with few epochs to
/// few trials with many, since it is unknown how early good trials can be recognized. It repeats
/// the brackets while the budget lasts, at the end with fewer trials.
class HyperbandSearch : public BracketSearch {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit HyperbandSearch(SearchTask task, const HalvingOptions& options = {})
      : BracketSearch("hyperband", std::move(task), options) {}

 private:
  std::vector<Rung> next_bracket(int64_t number) override;
};

}  // namespace gradus::optim
