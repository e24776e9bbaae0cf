// find_mistakes: finds the misclassified samples of a data set.
#pragma once

#include "data/dataset.hpp"
#include "layers/module.hpp"

namespace gradus::train {

/// A misclassified sample.
struct Mistake {
  int64_t sample = 0;      ///< its index
  int64_t truth = 0;       ///< its class
  int64_t guess = 0;       ///< the predicted class
  double probability = 0;  ///< of the predicted class
};

/// The samples whose prediction (`predictions`, i64) isn't their label, the most confident mistakes
/// first. Runs the model in evaluation mode; its mode and values don't change.
std::vector<Mistake> find_mistakes(layers::Module& model, const data::Dataset& dataset,
                                   const Tensor& predictions);

}  // namespace gradus::train
