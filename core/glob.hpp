// Patterns of names.
#pragma once

#include <string_view>

namespace gradus {

/// Whether all of `name` matches `pattern`, in which * stands for any characters and ? for one.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace gradus
