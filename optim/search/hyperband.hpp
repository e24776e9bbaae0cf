// Successive halving and Hyperband: many trials for few epochs, the best of them for more.
#pragma once

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// A step of successive halving: so many trials are trained to the end of that epoch.
struct Rung {
  int64_t trials;  ///< how many
  int64_t epochs;  ///< how long in all each of them is trained
  /// Whether trials and epochs are equal.
  bool operator==(const Rung&) const = default;
};

/// The rungs of a bracket that begins with `trials`: each has 1/eta of the trials of the one below
/// (rounded down, at least one), trained eta times as long, the last for `epochs`, the first for
/// epochs/eta^halvings.
std::vector<Rung> rungs(int64_t trials, int64_t epochs, double eta, int64_t halvings);
/// Epochs of training in all rungs. A trial that goes on from its checkpoint is trained only for
/// the difference.
int64_t cost(const std::vector<Rung>& rungs);
/// How often `epochs` can be divided by eta and leave one epoch or more: Hyperband's s_max.
int64_t most_halvings(int64_t epochs, double eta);

/// Where the trials of one bracket are: how many of a rung were proposed, and which go on.
class Bracket {
 public:
  /// Starts on the first of `rungs`.
  explicit Bracket(std::vector<Rung> rungs) : rungs_(std::move(rungs)) {}

  /// What is proposed next: a new trial (nothing) or one that goes on, and the epoch to train to.
  struct Next {
    std::optional<int64_t> trial;  ///< the trial that goes on; nothing for a new one
    int64_t until_epoch;           ///< epochs of the trial after which it stops
  };
  /// Nothing where the rung waits for reports, or the bracket is over. Reads the values of its
  /// trials in `trials` to choose those that go on.
  std::optional<Next> next(const std::vector<Trial>& trials);
  /// That what next() said was proposed as this trial, or known of it already.
  void proposed(int64_t trial) { members_.push_back(trial); }
  /// Whether the trial is on the present rung.
  bool has(int64_t trial) const;
  /// Lets the bracket go on with the trials of its first rung that it has.
  void close();

 private:
  void climb(const std::vector<Trial>& trials);

  std::vector<Rung> rungs_;
  std::size_t rung_ = 0;
  std::vector<int64_t> members_;   // proposed on this rung
  std::vector<int64_t> promoted_;  // to this rung, the best first
};

/// Options of HalvingSearch and HyperbandSearch.
struct HalvingOptions {
  double eta = 3;  ///< of the trials of a rung, one in eta goes on; 2 … 1000

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<HalvingOptions> table();
};

/// Trials in brackets; the epochs of all training are those of the budget or less. While a rung of
/// one bracket waits for its last trials, the next bracket begins. Where all of a space is tried,
/// brackets take trials of others, and train them further or take over what they came to.
class BracketSearch : public Search {
 public:
  std::optional<Job> propose() final;

 protected:
  /// `name` stands in errors. Throws std::invalid_argument for an option out of its range.
  BracketSearch(const char* name, SearchTask task, const HalvingOptions& options);
  /// The rungs of a bracket of `trials`, or fewer where the epochs that are left allow no more;
  /// empty where they don't allow one.
  std::vector<Rung> affordable(int64_t trials, int64_t halvings) const;
  /// Epochs that no bracket has been given.
  int64_t epochs_left() const { return epochs_left_; }

  const HalvingOptions options_;  ///< what the constructor got

 private:
  /// The rungs of the bracket of that number; empty for none.
  virtual std::vector<Rung> next_bracket(int64_t number) = 0;
  std::optional<Job> next_job(Bracket& bracket);
  std::optional<Point> new_point() const;
  bool is_any_running() const;
  std::optional<int64_t> known_trial(const Bracket& bracket) const;

  std::vector<Bracket> brackets_;
  int64_t epochs_left_;
};

/// Successive halving (Jamieson and Talwalkar 2016): one bracket of as many random trials as the
/// budget allows, first for one epoch or little more.
class HalvingSearch : public BracketSearch {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit HalvingSearch(SearchTask task, const HalvingOptions& options = {})
      : BracketSearch("halving", std::move(task), options) {}

 private:
  std::vector<Rung> next_bracket(int64_t number) override;
};

/// The brackets of Hyperband for `epochs` to the end of a trial, from s = s_max, which has most
/// trials, to 0, which trains all to their end: ⌈(s_max + 1)·eta^s/(s + 1)⌉ trials.
std::vector<std::vector<Rung>> hyperband_brackets(int64_t epochs, double eta);

/// Hyperband (Li et al. 2018): brackets of successive halving with many trials for few epochs to
/// few trials for many, as one can't know how early the epochs tell the best. Begins again while
/// the budget lasts, with the fewer trials that it allows at last.
class HyperbandSearch : public BracketSearch {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit HyperbandSearch(SearchTask task, const HalvingOptions& options = {})
      : BracketSearch("hyperband", std::move(task), options) {}

 private:
  std::vector<Rung> next_bracket(int64_t number) override;
};

}  // namespace gradus::optim
