#include "core/text/range.hpp"

#include <cmath>

namespace gradus {

bool Range::holds(double value) const {
  return (excludes_low ? value > low : value >= low) &&
         (excludes_high ? value < high : value <= high) && (!whole || value == std::floor(value));
}

std::string Range::text() const {
  const bool bounded = high < range::largest;

  if (whole && high == largest_count) return fmt::format("a whole number from {} to 10^9", low);
  if (whole && high == 0x1p63) return fmt::format("a whole number from {} to 2^63 − 1", low);
  if (whole) return fmt::format("a whole number from {} to {}", low, high);
  if (bounded && low == -range::largest) return fmt::format("{} or less and finite", high);
  if (bounded)
    return fmt::format("in {}{}, {}{}", excludes_low ? '(' : '[', low, high,
                       excludes_high ? ')' : ']');
  const char* const finite = high == range::largest ? " and finite" : "";
  if (low < -range::largest) return "a number";
  if (low == -range::largest) return "a finite number";
  if (!excludes_low) return fmt::format("{} or more{}", low, finite);
  return low == 0 ? fmt::format("positive{}", finite) : fmt::format("above {}{}", low, finite);
}

}  // namespace gradus
