// Schedule: the learning rate as a function of the step; warmup, chain: composed schedules.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <vector>

namespace gradus::optim {

/// The learning rate at step 0, 1, …: `optimizer.set_lr(schedule(step))` before each step. After
/// its end a schedule keeps its last value. Any function of the step can be a schedule.
///
/// The functions in optim/schedules/ (decay.hpp, cosine.hpp, cycle.hpp, plateau.hpp) make
/// schedules. They throw std::invalid_argument for an option out of its range; a base rate must be
/// positive.
class Schedule {
 public:
  /// The learning rate at a step.
  using Rate = std::function<double(int64_t step)>;
  /// The momentum at a step; std::nullopt doesn't change it.
  using Momentum = std::function<std::optional<double>(int64_t step)>;
  /// Receives a metric measured after a step.
  using Report = std::function<void(int64_t step, double metric)>;

  /// No schedule: a call throws std::logic_error.
  Schedule() = default;
  /// `momentum` and `report` are for schedules that also set the momentum or use metrics.
  template <class Function>
  requires(std::is_invocable_r_v<double, Function&, int64_t> &&
           !std::is_same_v<std::remove_cvref_t<Function>, Schedule>)
      Schedule(Function rate, Momentum momentum = {}, Report report = {})
      : rate_(std::move(rate)), momentum_(std::move(momentum)), report_(std::move(report)) {}

  /// The learning rate at step 0, 1, …. Throws std::invalid_argument for a negative step.
  double operator()(int64_t step) const;
  /// The momentum (β₁ of Adam and its variants) at that step; nothing if the schedule doesn't set
  /// it.
  std::optional<double> momentum(int64_t step) const;
  /// Whether it sets the momentum.
  bool sets_momentum() const { return momentum_ != nullptr; }
  /// Whether the rate depends on reported metrics.
  bool uses_metrics() const { return report_ != nullptr; }
  /// Reports a metric measured after that step; schedules that don't use metrics ignore it. Copies
  /// of a schedule share the reports. The rate depends only on the options and the reports in their
  /// order.
  void report(int64_t step, double metric) const;

  /// Whether there is a schedule: false for Schedule().
  explicit operator bool() const { return rate_ != nullptr; }

 private:
  Rate rate_;
  Momentum momentum_;
  Report report_;
};

/// A linear warmup before any schedule: inner(0)·(t + 1)/warmup_steps for t < warmup_steps, then
/// inner(t − warmup_steps) (Goyal et al. 2017). During the warmup the momentum is that of inner's
/// step 0, and reports aren't passed to it. `warmup_steps` must be 0 or more.
Schedule warmup(int64_t warmup_steps, Schedule inner);

/// A schedule with its first step, a part of a chain.
struct Piece {
  int64_t start;      ///< the first step of the piece
  Schedule schedule;  ///< its step 0 is at `start`
};
/// One schedule after another: pieceᵢ(t − startᵢ) for startᵢ ≤ t < startᵢ₊₁. The starts begin at 0
/// and must increase. A piece that doesn't set the momentum keeps that of the end of the previous
/// piece.
Schedule chain(std::vector<Piece> pieces);

}  // namespace gradus::optim
