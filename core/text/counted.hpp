// counted: a number with its noun, "1 sample" or "2 samples".
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace gradus {

/// "1 sample", "2 samples": the number and its noun, with an "s" unless the number is 1.
inline std::string counted(int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace gradus
