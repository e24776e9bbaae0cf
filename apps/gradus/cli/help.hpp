// help: the text that --help prints.
#pragma once

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// "left      text", with `text` in the second column, wrapped to the terminal's width (at most 80
/// columns). `text` begins on a new line if `left` is too long.
std::string help_line(const std::string& left, const std::string& text);

/// The text of --help TOPIC: for "all" every option, else the groups whose headings begin with the
/// topic (in any case), or the option with that name. Without a topic, all options if there are
/// few, else one line for each group. Throws UsageError for other topics.
std::string help(const Options& options, std::string_view topic = "");

/// The topic after --help or -h in `words`, "" for none; empty if neither is in `words`.
std::optional<std::string> help_topic(const Arguments& words);

}  // namespace gradus::app
