// Numbers in texts.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace gradus {

/// All of `text` as a number of the type T; nothing where it is something else or too large for T.
/// A floating T takes "nan" and "inf", too.
template <class T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

}  // namespace gradus
