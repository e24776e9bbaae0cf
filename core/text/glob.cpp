#include "core/text/glob.hpp"

#include <fmt/ranges.h>
#include <fnmatch.h>

#include "core/text/registry.hpp"

namespace gradus {

bool matches(std::string_view pattern, std::string_view name) {
  return fnmatch(std::string(pattern).c_str(), std::string(name).c_str(), FNM_NOESCAPE) == 0;
}

void fail_unmatched(std::string_view operation, std::string_view what, std::string_view pattern,
                    std::vector<std::string> names) {
  const std::vector<std::string> near = near_names(pattern, names);
  if (!near.empty())
    fail(operation, "no {} matches {}: did you mean {}?", what, in_quotes(pattern),
         fmt::join(near, ", "));
  names = nearest_first(pattern, std::move(names));
  fail(operation, "no {} matches {}, there {} {}", what, in_quotes(pattern),
       names.size() == 1 ? "is" : "are",
       names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace gradus
