// completions: what a shell offers for the end of a command line of gradus.
#pragma once

#include <string>

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// What the shells' scripts say to a program before the words of an unfinished command line.
inline constexpr const char* complete_flag = "--complete";

/// What the last of `words` can become, from the tables that --help shows. `words` stand behind the
/// command's name; bash makes three of --option=value. A line each: the word, and behind a tab what
/// it means. The shell adds files where ":files" is a line and folders where ":folders" is one;
/// ":paths" says that the words are paths.
std::string completions(const Options& options, const Arguments& words);

/// The same where the command's name is the first word, or yet to come. A command of another
/// program is left to that, which this process becomes.
std::string completions(const Arguments& words);

}  // namespace gradus::app
