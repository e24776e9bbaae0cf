// experiments: the table of all experiments by name.
#pragma once

#include "apps/lab/experiment.hpp"
#include "core/text/registry.hpp"

namespace gradus::lab {

/// In the order of the chapters. A new experiment is a file in experiments/, whose namespace
/// FILE_experiment has `Report run(const ExperimentOptions&)`, and a row in experiments.cpp.
const Registry<Experiment>& experiments();

/// The same experiments as a list.
const std::vector<Experiment>& all_experiments();

}  // namespace gradus::lab
