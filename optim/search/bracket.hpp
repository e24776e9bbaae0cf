// Successive halving: many trials for few epochs, the best of them for more.
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

}  // namespace gradus::optim
