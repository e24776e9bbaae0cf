// matches: compares a name with a pattern like those of a shell for file names.
#pragma once

#include <string_view>

namespace gradus {

/// Whether all of `name` matches `pattern`: * stands for any characters, ? for one character, [abc]
/// for one of these and [!abc] for one other.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace gradus
