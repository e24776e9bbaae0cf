// matches, fail_unmatched: compare names with a pattern like those of a shell for file names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradus {

/// Whether all of `name` matches `pattern`: * stands for any characters, ? for one character, [abc]
/// for one of these and [!abc] for one other.
bool matches(std::string_view pattern, std::string_view name);

/// Throws std::invalid_argument "[operation] no `what` matches 'pattern'" with the `names` that are
/// similar to the pattern, or else all of them, nearest first.
[[noreturn]] void fail_unmatched(std::string_view operation, std::string_view what,
                                 std::string_view pattern, std::vector<std::string> names);

}  // namespace gradus
