// find_mistakes: the samples that a model takes for another class.
#pragma once

#include "data/dataset.hpp"
#include "layers/module.hpp"

namespace gradus::train {

/// A sample that is taken for another class.
struct Mistake {
  int64_t sample = 0;      ///< its number
  int64_t truth = 0;       ///< its class
  int64_t guess = 0;       ///< the class that it is taken for
  double probability = 0;  ///< of the guess, as the model sees it
};

/// The samples whose prediction (i64, of each) isn't their label, the most confident mistakes
/// first. Dropout is off; the model stays as it was.
std::vector<Mistake> find_mistakes(layers::Module& model, const data::Dataset& dataset,
                                   const Tensor& predictions);

}  // namespace gradus::train
