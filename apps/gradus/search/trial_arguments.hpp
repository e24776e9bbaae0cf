// trial_arguments: converts a configuration of a search to arguments of `gradus train`;
// check_space.
#pragma once

#include "apps/gradus/run/config.hpp"
#include "optim/search/space.hpp"

namespace gradus::app {

/// {"--lr=0.01", "--batch-size=64", …}: parameters have the names or aliases of options ("batch" is
/// batch-size; "_" and "-" are the same).
std::vector<std::string> trial_arguments(const optim::Configuration& configuration);
/// Arguments for the options `names` with their values in `config`, unless they are empty.
std::vector<std::string> fixed_arguments(const TrainConfig& config,
                                         const std::vector<std::string>& names);

/// Tries every value of each list and the bounds of each range, together with the fixed options:
/// the options `given` in `fixed`. Throws UsageError, naming the value, if train would refuse it:
/// an unknown option, a value out of its range, a network or optimizer that can't be built. It also
/// throws for a searched option that is fixed or that the search itself sets.
void check_space(const optim::SearchSpace& space, const TrainConfig& fixed,
                 const std::vector<std::string>& given);

/// `arguments` as a shell command, quoted where necessary.
std::string shell_line(const std::vector<std::string>& arguments);

}  // namespace gradus::app
