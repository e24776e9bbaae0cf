// Range: the valid values of a number; range::…: the ranges of options.
#pragma once

#include <limits>

#include "core/error.hpp"
#include "core/text/number.hpp"

namespace gradus {

/// The valid values of a number, from `low` to `high`. NaN is never valid.
struct Range {
  double low;                  ///< the smallest number
  double high;                 ///< the largest number
  bool excludes_low = false;   ///< the number must be above `low`
  bool excludes_high = false;  ///< the number must be below `high`
  bool whole = false;          ///< the number must be whole

  /// Whether `value` is valid.
  bool holds(double value) const;
  /// Completes the text "momentum must be …": "in [0, 1)".
  std::string text() const;
  /// Throws std::invalid_argument "[owner] option must be …, got value" for an invalid value.
  template <class Number>
  void check(std::string_view owner, std::string_view option, Number value) const {
    if (!holds(static_cast<double>(value)))
      fail(owner, "{} must be {}, got {}", option, text(), value);
  }
};

/// The ranges of options.
namespace range {
/// The largest finite double.
inline constexpr double largest = std::numeric_limits<double>::max();
/// Infinity.
inline constexpr double infinity = std::numeric_limits<double>::infinity();
/// A whole number from `low` to `high`.
constexpr Range whole(double low, double high = largest_count) {
  return {.low = low, .high = high, .whole = true};
}
/// 0 or more and below 1.
inline constexpr Range fraction{.low = 0, .high = 1, .excludes_high = true};
/// 0 to 1, both included.
inline constexpr Range zero_to_one{.low = 0, .high = 1};
/// Above 0 and finite.
inline constexpr Range positive{.low = 0, .high = largest, .excludes_low = true};
/// 0 or more and finite.
inline constexpr Range not_negative{.low = 0, .high = largest};
/// Any number except infinity and NaN.
inline constexpr Range finite{.low = -largest, .high = largest};
/// Any number except NaN.
inline constexpr Range any{.low = -infinity, .high = infinity};
/// A whole number from 1 to largest_count.
inline constexpr Range count = whole(1);
/// A whole number from 2 to largest_count.
inline constexpr Range at_least_two = whole(2);
/// A whole number from 0 to largest_count.
inline constexpr Range count_or_zero = whole(0);
/// A whole number from 0 to 2^63 − 1, as f64 rounds it.
inline constexpr Range seed = whole(0, 0x1p63);
/// A number of threads.
inline constexpr Range thread_count = whole(1, 1024);
}  // namespace range

}  // namespace gradus
