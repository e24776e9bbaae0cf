// duration, parse_duration: spans of time as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gradus {

/// "0:07", "1:02:03".
std::string duration(double seconds);

/// The seconds of "90", "90s", "10m", "1.5h" or "1h30m"; nothing for other texts and for 0.
std::optional<double> parse_duration(std::string_view text);

}  // namespace gradus
