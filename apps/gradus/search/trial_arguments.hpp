// trial_arguments: a configuration of a search as arguments of `gradus train`.
#pragma once

#include "apps/gradus/run/config.hpp"
#include "optim/search/space.hpp"

namespace gradus::app {

/// {"--lr=0.01", "--batch-size=64", …}: parameters have the names of options; "batch" is
/// batch-size, and "_" as good as "-".
std::vector<std::string> trial_arguments(const optim::Configuration& configuration);
/// Those of the options `names`, with the values that `config` has.
std::vector<std::string> fixed_arguments(const TrainConfig& config,
                                         const std::vector<std::string>& names);

/// Tries every value of a list and the bounds of every range, the others at their first, together
/// with what is fixed: `given` are the options that `fixed` sets. Throws UsageError, naming the
/// value, for what train refuses: an unknown option, a value out of its range, a network or
/// optimizer that can't be built; also for an option that is fixed as well, or the search's own.
void check_space(const optim::SearchSpace& space, const TrainConfig& fixed,
                 const std::vector<std::string>& given);

/// `arguments` as a shell takes them.
std::string shell_line(const std::vector<std::string>& arguments);

}  // namespace gradus::app
