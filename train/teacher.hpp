// make_teacher: a saved model as a teacher, whose soft targets are distilled (Hinton et al. 2015).
#pragma once

#include "train/saved_model.hpp"
#include "train/training.hpp"

namespace gradus::train {

/// The logits of `saved` in evaluation mode and without recording, for samples as those of `train`
/// are before any normalization. Throws std::invalid_argument where its samples or classes are
/// others.
Teacher make_teacher(SavedModel saved, const data::Dataset& train);

}  // namespace gradus::train
