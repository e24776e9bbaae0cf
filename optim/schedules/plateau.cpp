#include "optim/schedules/plateau.hpp"

#include <cmath>

#include "optim/rate_checks.hpp"

namespace gradus::optim {
namespace {

constexpr Range below_one{.low = 0, .high = 1, .excludes_low = true, .excludes_high = true};

struct Plateau {
  ReduceOnPlateauOptions options;
  double lr;
  double best = std::numeric_limits<double>::infinity();
  int64_t without_improvement = 0, cooling = 0;

  void report(double metric) {
    const double margin = std::isfinite(best) ? options.threshold * std::abs(best) : 0;
    const bool improved = metric < best - margin;
    if (improved) best = metric;
    without_improvement = improved || cooling > 0 ? 0 : without_improvement + 1;
    if (cooling > 0) --cooling;
    if (without_improvement <= options.patience) return;
    lr = std::max(lr * options.factor, options.min_lr);
    cooling = options.cooldown;
    without_improvement = 0;
  }
};

}  // namespace

OptionTable<ReduceOnPlateauOptions> ReduceOnPlateauOptions::table() {
  using O = ReduceOnPlateauOptions;
  return {
      {"factor", &O::factor, below_one, "factor of a drop"},
      {"plateau_patience", &O::patience, range::count_or_zero,
       "tolerated epochs without a smaller loss before a drop"},
      {"threshold", &O::threshold, range::fraction, "smallest relative improvement that counts"},
      {"cooldown", &O::cooldown, range::count_or_zero, "epochs ignored after a drop"},
      {"min_lr", &O::min_lr, range::not_negative, "lowest rate"}};
}

Schedule reduce_on_plateau(double base_lr, const ReduceOnPlateauOptions& options) {
  detail::check_rate("reduce_on_plateau", base_lr, options);
  const auto state = std::make_shared<Plateau>(Plateau{options, base_lr});
  return Schedule([state](int64_t) { return state->lr; }, {},
                  [state](int64_t, double metric) { state->report(metric); });
}

}  // namespace gradus::optim
