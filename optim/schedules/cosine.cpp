#include "optim/schedules/cosine.hpp"

#include <cmath>
#include <numbers>

#include "core/math.hpp"
#include "optim/rate_checks.hpp"

namespace gradus::optim {

OptionTable<CosineOptions> CosineOptions::table() {
  using O = CosineOptions;
  return {{"min_lr", &O::min_lr, range::not_negative, "lowest rate"}};
}

OptionTable<CosineWarmRestartsOptions> CosineWarmRestartsOptions::table() {
  using O = CosineWarmRestartsOptions;
  return {{"t_0", &O::t_0, range::count, "steps until the first restart"},
          {"t_mult", &O::t_mult, range::count,
           "length of a period divided by that of the previous one"},
          {"min_lr", &O::min_lr, range::not_negative, "lowest rate"}};
}

double anneal(Anneal curve, double from, double to, double progress) {
  if (curve == Anneal::linear) return from + (to - from) * progress;
  return to + 0.5 * (from - to) * (1 + math::cos(std::numbers::pi * progress));
}

Schedule cosine(double base_lr, const CosineOptions& options) {
  detail::check_rate("cosine", base_lr, options);
  return Schedule([=](int64_t step) {
    return anneal(Anneal::cosine, base_lr, options.min_lr,
                  detail::progress(step, options.total_steps));
  });
}

Schedule cosine_warm_restarts(double base_lr, const CosineWarmRestartsOptions& options) {
  detail::check_rate("cosine_warm_restarts", base_lr, options);
  return Schedule([=](int64_t step) {
    // As a double, so that growing periods don't overflow.
    double length = static_cast<double>(options.t_0), position = static_cast<double>(step);
    if (options.t_mult == 1) position = std::fmod(position, length);
    for (; position >= length; length *= static_cast<double>(options.t_mult)) position -= length;
    return anneal(Anneal::cosine, base_lr, options.min_lr, position / length);
  });
}

}  // namespace gradus::optim
