// parse: parses a command line into the options of a command.
#pragma once

#include <nlohmann/json.hpp>

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// A parsed command line, besides the values in the options' variables.
struct CommandLine {
  std::vector<std::string> given;  ///< the names of the given options
  Arguments operands;              ///< the arguments that aren't options
  /// The values that an option loaded, and that option with its value: "preset mnist-fast".
  Json base = Json::object();
  std::string base_source = {};

  bool has(const std::string& option) const { return std::ranges::count(given, option) > 0; }
};

/// Parses `words`, which don't contain the names of program and command. Given options override the
/// values that an option loads. Throws UsageError for a wrong command line.
CommandLine parse(Options& options, const Arguments& words);

}  // namespace gradus::app
