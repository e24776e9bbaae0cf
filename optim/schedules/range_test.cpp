#include "optim/schedules/range_test.hpp"

#include <cmath>

#include "core/math.hpp"

namespace gradus::optim {
namespace {

// The mean loss at which the test ends. A loss that can be negative has no natural zero: there the
// scale is also the fall from the first loss.
double limit_of(double first, double least, double divergence) {
  if (least > 0) return divergence * least;
  return least + (divergence - 1) * std::max(-least, first - least);
}

}  // namespace

OptionTable<RangeTestOptions> RangeTestOptions::table() {
  using O = RangeTestOptions;
  constexpr Range above_one{.low = 1, .high = range::infinity, .excludes_low = true};
  return {{"steps", &O::steps, range::whole(3), "maximal number of steps"},
          {"lowest", &O::lowest, range::positive, "first rate"},
          {"highest", &O::highest, range::positive, "last rate"},
          {"smoothing", &O::smoothing, range::fraction, "decay rate of the mean loss"},
          {"divergence", &O::divergence, above_one, "the last mean loss over the least"}};
}

RangeTest range_test(const std::function<double(double lr)>& step,
                     const RangeTestOptions& options) {
  check_options("range_test", options);
  require(options.lowest < options.highest, "range_test",
          "lowest must be below highest, got {} and {}", options.lowest, options.highest);
  RangeTest result;
  double mean = 0, least = 0;
  for (int64_t t = 0; t < options.steps; ++t) {
    const double part = static_cast<double>(t) / static_cast<double>(options.steps - 1);
    const double rate = options.lowest * math::pow(options.highest / options.lowest, part);
    mean = options.smoothing * mean + (1 - options.smoothing) * step(rate);
    const double loss = mean / (1 - math::pow(options.smoothing, static_cast<double>(t + 1)));
    require(t > 0 || std::isfinite(loss), "range_test",
            "the loss must be finite at the first step, got {}", loss);
    if (!std::isfinite(loss) ||
        (t > 0 && loss > limit_of(result.losses[0], least, options.divergence)))
      break;
    result.rates.push_back(rate);
    result.losses.push_back(loss);
    least = t == 0 ? loss : std::min(least, loss);
  }
  const std::vector<double>& losses = result.losses;
  require(losses.size() >= 3, "range_test",
          "the loss must not diverge within 3 steps: a lower lowest is needed, got {}",
          options.lowest);
  const auto least_loss = std::ranges::min_element(losses) - losses.begin();
  // After the minimum, noise can be steeper than any fall before it.
  std::size_t steepest = 1;
  for (std::size_t i = 2; i <= std::min(static_cast<std::size_t>(least_loss), losses.size() - 2);
       ++i)
    if (losses[i + 1] - losses[i - 1] < losses[steepest + 1] - losses[steepest - 1]) steepest = i;
  const bool falls = losses[steepest + 1] < losses[steepest - 1];
  result.suggestion = falls ? result.rates[steepest] : std::numeric_limits<double>::quiet_NaN();
  result.least = result.rates[static_cast<std::size_t>(least_loss)];
  return result;
}

}  // namespace gradus::optim
