// Pair: an option of images, one number for both directions or height and width.
#pragma once

#include "core/error.hpp"
#include "core/text/number.hpp"

namespace gradus {

/// `{.kernel = 3}` or `{.kernel = {3, 5}}`: height, then width.
struct Pair {
  /// The same number for height and width.
  constexpr Pair(int64_t both) : height(both), width(both) {}
  /// Height, then width.
  constexpr Pair(int64_t height_, int64_t width_) : height(height_), width(width_) {}
  /// Whether heights and widths are equal.
  bool operator==(const Pair&) const = default;

  int64_t height;  ///< for the vertical direction
  int64_t width;   ///< for the horizontal direction
};

/// "3" or "(3, 5)".
inline std::string to_string(const Pair& pair) {
  return pair.height == pair.width ? fmt::format("{}", pair.height)
                                   : fmt::format("({}, {})", pair.height, pair.width);
}

/// Throws std::invalid_argument "[operation] option must be …" unless both are `low` to
/// largest_count.
inline void require_at_least(int64_t low, const char* operation, const char* option,
                             const Pair& value) {
  require(value.height >= low && value.width >= low, operation, "{} must be {} or more, got {}",
          option, low, to_string(value));
  require(value.height <= largest_count && value.width <= largest_count, operation,
          "{} must be 10^9 or less, got {}", option, to_string(value));
}

/// The same with the lower bound 1.
inline void require_positive(const char* operation, const char* option, const Pair& value) {
  require_at_least(1, operation, option, value);
}

}  // namespace gradus
