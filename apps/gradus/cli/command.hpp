// Command: a subcommand of gradus, its options and what it does.
#pragma once

#include <functional>
#include <memory>

#include "apps/gradus/cli/options.hpp"
#include "apps/gradus/cli/parse.hpp"

namespace gradus::app {

/// A subcommand.
struct Command {
  /// Bound to what `run` holds.
  Options options;
  /// Does it, once the options are parsed, and returns the program's exit code.
  std::function<int(const CommandLine& words)> run;
};

/// The command of a `Line`: its options, which `options_of` binds to it, and what to do with it.
template <class Line>
Command make_command(Options (*options_of)(Line& line),
                     int (*execute)(Line& line, const CommandLine& words)) {
  const auto line = std::make_shared<Line>();
  return {options_of(*line),
          [line, execute](const CommandLine& words) { return execute(*line, words); }};
}

}  // namespace gradus::app
