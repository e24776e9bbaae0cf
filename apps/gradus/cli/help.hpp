// help: what --help prints.
#pragma once

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// The columns that help takes, so that it fits any terminal.
inline constexpr std::size_t help_width = 80;

/// "left      text", all texts in one column; the text begins on a line of its own where `left`
/// reaches into that.
std::string help_line(const std::string& left, const std::string& text);

/// What --help TOPIC prints: of "all" every option, else the groups whose headings begin with the
/// topic, in any case, or the option of that name. Without a topic all of a command with few
/// options, else its groups, a line each. Throws UsageError for another topic.
std::string help(const Options& options, std::string_view topic = "");

/// The topic that is asked for, "" for none; nothing where neither --help nor -h is in `words`.
std::optional<std::string> help_topic(const Arguments& words);

}  // namespace gradus::app
