// The range test: which learning rates a training bears (Smith 2017; Smith and Topin 2018).
#pragma once

#include "core/text/option_table.hpp"

namespace gradus::optim {

/// Options of range_test().
struct RangeTestOptions {
  /// At most; 3 or more. A hundred or two: in more of them the small rates train the network before
  /// the large ones come, and the suggestion is too small. Has to be given.
  int64_t steps = 0;
  double lowest = 1e-6;    ///< the first rate, positive
  double highest = 10;     ///< the last rate, above the lowest
  double smoothing = 0.9;  ///< part of the mean loss that stays at each step, in [0, 1)
  double divergence = 4;   ///< ends where the mean loss is above so many times its least; above 1

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<RangeTestOptions> table();
};

/// What a range test has seen. The losses are means mₜ/(1 − sᵗ⁺¹), mₜ = s·mₜ₋₁ + (1 − s)·lossₜ,
/// s the smoothing.
struct RangeTest {
  std::vector<double> rates;   ///< of the steps until the end
  std::vector<double> losses;  ///< the mean losses of the same steps
  double least = 0;            ///< the rate at which the loss is least; larger ones make it worse
  double suggestion = 0;       ///< the rate below it at which the loss falls fastest over log(rate)
};

/// Takes steps by rates that grow exponentially from the lowest to the highest, until the loss
/// diverges or is no number. `step(lr)` is one step of training by that rate, on a batch of its
/// own, and returns the loss before it; what it has done to the model is up to the caller to undo:
///
///     const auto found = range_test([&](double lr) { optimizer.set_lr(lr); …; return loss.item();
///     },
///                                   {.steps = 120});
///
/// Throws std::invalid_argument for an option out of its range, and where the loss diverges or is
/// no number within three steps.
RangeTest range_test(const std::function<double(double lr)>& step, const RangeTestOptions& options);

}  // namespace gradus::optim
