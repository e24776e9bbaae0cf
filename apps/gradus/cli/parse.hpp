// parse: reads the words of a command line into the options of a command.
#pragma once

#include <nlohmann/json.hpp>

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// What a command line says, besides the values in the options' variables.
struct CommandLine {
  std::vector<std::string> given;  ///< the options that stand on it, by their names
  Arguments operands;              ///< what is no option
  /// The values that an option loaded, and which: "preset mnist-fast".
  Json base = Json::object();
  std::string base_source = {};

  bool has(const std::string& option) const { return std::ranges::count(given, option) > 0; }
};

/// Reads `words`, without the program's and the command's name. Values that an option loads lie
/// under those that are given. Throws UsageError for what the options refuse.
CommandLine parse(Options& options, const Arguments& words);

}  // namespace gradus::app
