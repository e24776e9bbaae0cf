// experiments: the table of all experiments by name.
#pragma once

#include "apps/lab/experiment.hpp"
#include "core/text/registry.hpp"

namespace gradus::lab {

/// Chapter by chapter. One more is a file in experiments/, whose namespace FILE_experiment has
/// `Experiment make()`, and its row in experiments.cpp.
const Registry<Experiment>& experiments();

/// The same as a list.
const std::vector<Experiment>& all_experiments();

}  // namespace gradus::lab
