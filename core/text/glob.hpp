// matches: patterns of names, as a shell has them for files.
#pragma once

#include <string_view>

namespace gradus {

/// Whether all of `name` matches `pattern`, in which * stands for any characters, ? for one, [abc]
/// for one of those and [!abc] for one of none.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace gradus
