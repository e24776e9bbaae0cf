// Parameters that are trained in a way of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace gradus::optim {

/// What differs for the parameters whose names match a pattern; what isn't given stays.
struct Group {
  /// A name in which * stands for any characters and ? for one: "*.bias", "0.*".
  std::string pattern;
  /// A rate of their own, which set_lr() leaves alone; 0 or more.
  std::optional<double> lr = {};
  /// In place of the optimizer's weight_decay (of SGD's decoupled_weight_decay, where that is
  /// used); 0 or more.
  std::optional<double> weight_decay = {};
  /// Times the optimizer's rate; 0 or more. Goes with neither `lr` nor `schedule`.
  std::optional<double> lr_factor = {};
  /// The rate at step 0, 1, …, a Schedule. Goes with neither `lr` nor `lr_factor`.
  std::function<double(int64_t step)> schedule = {};
};

}  // namespace gradus::optim
