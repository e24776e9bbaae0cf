// make_teacher: makes a Teacher for distillation (Hinton et al. 2015) of a saved model.
#pragma once

#include "train/saved_model.hpp"
#include "train/training.hpp"

namespace gradus::train {

/// The teacher returns the logits of `saved` in evaluation mode and without gradients, for samples
/// of `train` before normalization. Throws std::invalid_argument if the model has other sample
/// shapes or classes.
Teacher make_teacher(SavedModel saved, const data::Dataset& train);

}  // namespace gradus::train
