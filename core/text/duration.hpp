// duration, parse_duration: write and read spans of time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gradus {

/// As text, "0:07" or "1:02:03"; "inf s" for an infinite time.
std::string duration(double seconds);

/// The seconds of "90", "90s", "10m", "1.5h" or "1h30m"; empty for other texts and for 0.
std::optional<double> parse_duration(std::string_view text);

}  // namespace gradus
