// Range: what a number must be, and the ranges that options have.
#pragma once

#include <limits>

#include "core/error.hpp"
#include "core/text/number.hpp"

namespace gradus {

/// What a number must be: from `low` to `high`. NaN is in no range.
struct Range {
  double low;                  ///< the least number
  double high;                 ///< the largest number
  bool excludes_low = false;   ///< whether it must be above `low`
  bool excludes_high = false;  ///< whether it must be below `high`
  bool whole = false;          ///< whether it must be a whole number

  /// Whether a value is allowed.
  bool holds(double value) const;
  /// What is allowed, in words that complete "momentum must be …": "in [0, 1)".
  std::string text() const;
  /// Throws std::invalid_argument "[owner] option must be …, got value" unless `value` is right.
  template <class Number>
  void check(std::string_view owner, std::string_view option, Number value) const {
    if (!holds(static_cast<double>(value)))
      fail(owner, "{} must be {}, got {}", option, text(), value);
  }
};

/// The ranges that options have.
namespace range {
/// The largest finite double.
inline constexpr double largest = std::numeric_limits<double>::max();
/// Beyond all numbers.
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
/// Any number but infinity and NaN.
inline constexpr Range finite{.low = -largest, .high = largest};
/// Any number but NaN.
inline constexpr Range any{.low = -infinity, .high = infinity};
/// A whole number from 1 to largest_count.
inline constexpr Range count = whole(1);
/// A whole number from 2 to largest_count.
inline constexpr Range at_least_two = whole(2);
/// A whole number from 0 to largest_count.
inline constexpr Range count_or_zero = whole(0);
/// A whole number from 0 on, however large.
inline constexpr Range seed = whole(0, largest);
/// A number of threads.
inline constexpr Range thread_count = whole(1, 1024);
}  // namespace range

}  // namespace gradus
