// How well a classifier does on a data set, class by class.
#pragma once

#include <vector>

#include "apps/gradus/cli/options.hpp"
#include "apps/gradus/train/trainer.hpp"
#include "data/metrics.hpp"

namespace gradus::app {

struct Scores {
  int64_t samples = 0;
  double loss = 0, accuracy = 0;
  Tensor confusion;  ///< rows: the class, columns: the prediction
  std::vector<data::ClassScores> classes;
  Tensor predictions;  ///< i64, of each sample
};

Scores score(layers::Module& model, const LossFunction& loss, const data::Dataset& dataset);

/// AIC and BIC of a classifier on what it was trained on, and the numbers that they come from.
Json information_criteria(layers::Module& model, const data::Dataset& train);

Json to_json(const std::vector<data::ClassScores>& classes);
/// The rows of an i64 matrix.
Json to_json(const Tensor& matrix);

}  // namespace gradus::app
