#include "optim/schedules/range_test.hpp"

#include <cmath>

namespace gradus::optim {

OptionTable<RangeTestOptions> RangeTestOptions::table() {
  using O = RangeTestOptions;
  constexpr Range above_one{.low = 1, .high = range::infinity, .excludes_low = true};
  return {{"steps", &O::steps, range::whole(3), "at most"},
          {"lowest", &O::lowest, range::positive, "the first rate"},
          {"highest", &O::highest, range::positive, "the last rate"},
          {"smoothing", &O::smoothing, range::fraction, "part of the mean loss that stays"},
          {"divergence", &O::divergence, above_one, "the last mean loss over the least"}};
}

RangeTest range_test(const std::function<double(double lr)>& step,
                     const RangeTestOptions& options) {
  check_options("range_test", options);
  require(options.lowest < options.highest, "range_test", "lowest is below highest, got {} and {}",
          options.lowest, options.highest);
  RangeTest result;
  double mean = 0, least = 0;
  for (int64_t t = 0; t < options.steps; ++t) {
    const double part = static_cast<double>(t) / static_cast<double>(options.steps - 1);
    const double rate = options.lowest * std::pow(options.highest / options.lowest, part);
    mean = options.smoothing * mean + (1 - options.smoothing) * step(rate);
    const double loss = mean / (1 - std::pow(options.smoothing, static_cast<double>(t + 1)));
    if (!std::isfinite(loss) || (t > 0 && loss > options.divergence * least)) break;
    result.rates.push_back(rate);
    result.losses.push_back(loss);
    least = t == 0 ? loss : std::min(least, loss);
  }
  const std::vector<double>& losses = result.losses;
  require(losses.size() >= 3, "range_test",
          "the loss diverges at once: {} is too large a lowest rate", options.lowest);
  const auto least_loss = std::ranges::min_element(losses) - losses.begin();
  // Noise is steep, too, once the loss is large again.
  std::size_t steepest = 1;
  for (std::size_t i = 2; i <= std::min(static_cast<std::size_t>(least_loss), losses.size() - 2);
       ++i)
    if (losses[i + 1] - losses[i - 1] < losses[steepest + 1] - losses[steepest - 1]) steepest = i;
  result.suggestion = result.rates[steepest];
  result.least = result.rates[static_cast<std::size_t>(least_loss)];
  return result;
}

}  // namespace gradus::optim
