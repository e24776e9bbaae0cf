// estimate_uncertainty: how sure a classifier is where it is right and where it is wrong.
#pragma once

#include "data/dataset.hpp"
#include "layers/module.hpp"

namespace gradus::train {

/// Means over samples of monte_carlo_predict()'s measures, in nats; NaN of none.
struct Doubt {
  int64_t samples = 0;            ///< that the means are of
  double entropy = 0;             ///< of the mean prediction
  double mutual_information = 0;  ///< of prediction and weights
};

/// Of the mean of several predictions with dropout.
struct Uncertainty {
  int64_t predictions = 0;  ///< of each sample
  double loss = 0;          ///< mean negative logarithm of the label's mean probability
  double accuracy = 0;      ///< of the mean predictions, 0 … 1
  Doubt right = {};         ///< where they are right
  Doubt wrong = {};         ///< where they are wrong
};

/// Throws std::invalid_argument for a model without dropout.
Uncertainty estimate_uncertainty(layers::Module& model, const data::Dataset& dataset,
                                 int64_t predictions, Rng rng, int64_t batch_size = 512);

}  // namespace gradus::train
