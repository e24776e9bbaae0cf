// parse_number, parse_numbers: read numbers from a text; largest_count: the largest value of
// options that count.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>

#include "core/text/split.hpp"

namespace gradus {

/// The largest value of options that count, 10^9: the product of two fits into 64 bits.
inline constexpr int64_t largest_count = 1'000'000'000;

/// All of `text` as a number of the type T; empty where it is something else or too large for T. A
/// floating T also accepts "nan" and "inf".
template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// "1,2.5,3" as numbers; no numbers for an empty text; empty where it is something else.
template <class T>
std::optional<std::vector<T>> parse_numbers(std::string_view text) {
  std::vector<T> result;
  if (text.empty()) return result;
  for (const std::string_view part : split(text, ',')) {
    const std::optional<T> value = parse_number<T>(trimmed(part));
    if (!value) return std::nullopt;
    result.push_back(*value);
  }
  return result;
}

}  // namespace gradus
