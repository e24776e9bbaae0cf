#include "core/text/duration.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/text/number.hpp"

namespace gradus {

std::string duration(double seconds) {
  if (!(std::abs(seconds) < 1e15)) return fmt::format("{} s", seconds);
  const int64_t s = std::llround(seconds);
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

std::optional<double> parse_duration(std::string_view text) {
  double seconds = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::optional<double> number = parse_number<double>(text.substr(0, end));
    const std::string_view unit = text.substr(end, 1);
    if (!number || (unit.empty() && seconds > 0)) return std::nullopt;
    if (!unit.empty() && unit != "s" && unit != "m" && unit != "h") return std::nullopt;
    seconds += *number * (unit == "h" ? 3600 : unit == "m" ? 60 : 1);
    text.remove_prefix(end + unit.size());
  }
  return seconds > 0 ? std::optional(seconds) : std::nullopt;
}

}  // namespace gradus
