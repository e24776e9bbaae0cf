// range_test: the learning-rate range test (Smith 2017; Smith and Topin 2018).
#pragma once

#include "core/text/option_table.hpp"

namespace gradus::optim {

/// Options of range_test().
struct RangeTestOptions {
  /// Maximal number of steps, 3 or more; required. 100 to 200 are good: with more, the small rates
  /// train the network before the large ones are tried, and the suggestion is too small.
  int64_t steps = 0;
  double lowest = 1e-6;    ///< the first rate, positive
  double highest = 10;     ///< the last rate, above the lowest
  double smoothing = 0.9;  ///< decay rate of the mean loss, in [0, 1)
  double divergence =
      4;  ///< the test ends if the mean loss is above its minimum by this factor; above 1

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<RangeTestOptions> table();
};

/// Result of range_test(). The losses are means mₜ/(1 − sᵗ⁺¹) with mₜ = s·mₜ₋₁ + (1 − s)·lossₜ and
/// the smoothing s.
struct RangeTest {
  std::vector<double> rates;   ///< the rates of the steps until the end
  std::vector<double> losses;  ///< the mean losses of the same steps
  double least = 0;            ///< the rate with the smallest loss; larger rates make it worse
  /// The rate up to `least` at which the loss falls fastest over log(rate); NaN if it never falls.
  double suggestion = 0;
};

/// Trains with rates that grow exponentially from the lowest to the highest, until the loss
/// diverges or is not finite. `step(lr)` must take one training step at that rate, on a new batch,
/// and return the loss before the step; the caller has to restore the model afterwards:
///
///     const auto found = range_test([&](double lr) { optimizer.set_lr(lr); …; return loss.item();
///     },
///                                   {.steps = 120});
///
/// The loss may be negative. Throws std::invalid_argument for an option out of its range, for a
/// first loss that isn't finite, and for a loss that diverges within three steps.
RangeTest range_test(const std::function<double(double lr)>& step, const RangeTestOptions& options);

}  // namespace gradus::optim
