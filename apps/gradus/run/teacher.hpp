// A run to learn from.
#pragma once

#include <string>

#include "apps/gradus/train/trainer.hpp"
#include "data/dataset.hpp"

namespace gradus::app {

/// The logits of the best weights of the run at `path`, in evaluation mode and without recording,
/// of images scaled as those of `train`. Throws UsageError where its inputs or classes are others,
/// and std::runtime_error where the run can't be read.
Teacher load_teacher(const std::string& path, const data::Dataset& train);

}  // namespace gradus::app
