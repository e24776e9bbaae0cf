// Command: a subcommand of gradus, its options and what it does.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

using Arguments = std::vector<std::string>;

/// A subcommand.
struct Command {
  /// Bound to what `run` holds.
  Options options;
  /// Does it, with the options that were parsed and what isn't one, and returns the program's exit
  /// code.
  std::function<int(const Options& options, const Arguments& operands)> run;
};

/// The command of a `Line`: its options, which `options_of` binds to it, and what to do with it.
template <class Line>
Command make_command(Options (*options_of)(Line& line),
                     int (*execute)(Line& line, const Options& options,
                                    const Arguments& operands)) {
  const auto line = std::make_shared<Line>();
  return {options_of(*line), [line, execute](const Options& options, const Arguments& operands) {
            return execute(*line, options, operands);
          }};
}

}  // namespace gradus::app
