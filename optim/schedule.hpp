// Learning rates as functions of the step, and how they are composed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <vector>

namespace gradus::optim {

/// The learning rate at step 0, 1, …: `optimizer.set_lr(schedule(step))` before each step. A
/// schedule with an end keeps its last value after it. Any function of the step can be one.
///
/// The makers are in optim/schedules/: decay.hpp, cosine.hpp, cycle.hpp and plateau.hpp. They throw
/// std::invalid_argument for an option out of its range; a base rate is positive.
class Schedule {
 public:
  /// The learning rate at a step.
  using Rate = std::function<double(int64_t step)>;
  /// The momentum at a step; std::nullopt leaves it alone.
  using Momentum = std::function<std::optional<double>(int64_t step)>;
  /// Called with what was measured after a step.
  using Report = std::function<void(int64_t step, double metric)>;

  /// No schedule: to call it throws std::logic_error.
  Schedule() = default;
  /// `momentum` and `report` are for those that have more to say, and to hear.
  template <class Function>
  requires(std::is_invocable_r_v<double, Function&, int64_t> &&
           !std::is_same_v<std::remove_cvref_t<Function>, Schedule>)
      Schedule(Function rate, Momentum momentum = {}, Report report = {})
      : rate_(std::move(rate)), momentum_(std::move(momentum)), report_(std::move(report)) {}

  /// The learning rate at step 0, 1, …. Throws std::invalid_argument for a negative step.
  double operator()(int64_t step) const;
  /// The momentum (β₁ of Adam and its kin) at that step; nothing where the schedule leaves it
  /// alone.
  std::optional<double> momentum(int64_t step) const;
  /// Whether it says the momentum of any step.
  bool sets_momentum() const { return momentum_ != nullptr; }
  /// Tells what was measured after that step, for those that act on it: the others don't listen.
  /// Copies of a schedule that listens hear the same. What was reported in the same order to
  /// another of the same options brings it to the same rate.
  void report(int64_t step, double metric) const;

  /// Whether it is a schedule: false for Schedule().
  explicit operator bool() const { return rate_ != nullptr; }

 private:
  Rate rate_;
  Momentum momentum_;
  Report report_;
};

/// A linear rise before any schedule: inner(0)·(t + 1) / warmup_steps for t < warmup_steps, then
/// inner(t − warmup_steps) (Goyal et al. 2017). Momentum is the inner one's at 0 meanwhile, and
/// what is reported meanwhile is not for it. `warmup_steps` is 0 or more.
Schedule warmup(int64_t warmup_steps, Schedule inner);

/// A schedule and the step it begins at.
struct Piece {
  int64_t start;      ///< the first step of the piece
  Schedule schedule;  ///< its step 0 is `start`
};
/// One schedule after another: pieceᵢ(t − startᵢ) for startᵢ ≤ t < startᵢ₊₁. The first starts at 0,
/// each later than the one before. Where a piece leaves momentum alone, it stays what it was at the
/// end of the piece before.
Schedule chain(std::vector<Piece> pieces);

}  // namespace gradus::optim
