#include "layers/norm/named_scheme.hpp"

#include <algorithm>
#include <optional>

#include "core/error.hpp"
#include "core/text/number.hpp"

namespace gradus::layers {

NamedScheme::NamedScheme(std::string_view text)
    : name(text.substr(0, text.find(':'))),
      argument(text.substr(std::min(name.size() + 1, text.size()))) {
  std::replace(name.begin(), name.end(), '_', '-');
}

void require_no_argument(const char* scheme, std::string_view argument) {
  require(argument.empty(), "normalization", "{} takes no argument, got '{}:{}'", scheme, scheme,
          argument);
}

int64_t count_argument(const char* scheme, const char* what, std::string_view argument,
                       int64_t standard) {
  if (argument.empty()) return standard;
  const std::optional<int64_t> count = parse_number<int64_t>(argument);
  require(count && *count >= 1, "normalization",
          "{} takes a number of {} from 1 on, as in {}:{}, got '{}:{}'", scheme, what, scheme,
          standard, scheme, argument);
  return *count;
}

}  // namespace gradus::layers
