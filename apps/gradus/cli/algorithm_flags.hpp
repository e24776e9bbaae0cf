// The options that a table of named algorithms brings along: flags, help, and what was given.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "apps/gradus/cli/options.hpp"
#include "core/text/option_table.hpp"

namespace gradus::app {

/// The place of a flag's value. A flag without value is false, and the others are empty, unless
/// given.
using AlgorithmFlag = std::variant<bool, std::optional<double>, std::string>;
/// By the names of options; what is on by default is turned off by "no_" and its name.
using AlgorithmFlags = std::map<std::string, AlgorithmFlag>;

/// Adds a flag for each of `infos` that `options` don't have yet; its place is made in `flags`.
void add_algorithm_flags(Options& options, AlgorithmFlags& flags,
                         const std::vector<OptionInfo>& infos);

/// What was given.
OptionValues values(const AlgorithmFlags& flags);

/// "beta1 0.9, beta2 0.999, amsgrad": the flags of `infos` and what they are by default. A default
/// that is out of range stands for one that depends on the rest of the run, and isn't told.
std::string list(const std::vector<OptionInfo>& infos);

/// The names of a table of algorithms, each with what it can be told.
template <class Factory>
Choices choices_with_options(const Registry<Factory>& registry) {
  Choices result = choices(registry);
  for (Choice& choice : result)
    if (const auto& options = registry.find(choice.name).options; !options.empty())
      choice.help += ": " + list(options);
  return result;
}

}  // namespace gradus::app
