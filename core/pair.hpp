// An option of images: one number for both directions, or height and width.
#pragma once

#include <cstdint>
#include <string>

#include "core/error.hpp"

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

}  // namespace gradus
