// estimate_uncertainty: measures a classifier's uncertainty for correct and wrong predictions.
#pragma once

#include "data/dataset.hpp"
#include "layers/module.hpp"

namespace gradus::train {

/// Mean measures of monte_carlo_predict() over some samples, in nats; NaN for no samples.
struct MeanUncertainty {
  int64_t samples = 0;            ///< the number of samples
  double entropy = 0;             ///< of the mean prediction
  double mutual_information = 0;  ///< of prediction and weights
};

/// The result of estimate_uncertainty().
struct Uncertainty {
  int64_t predictions = 0;     ///< for each sample
  double loss = 0;             ///< mean negative log of the label's mean probability
  double accuracy = 0;         ///< of the mean predictions, 0 … 1
  MeanUncertainty right = {};  ///< of correct predictions
  MeanUncertainty wrong = {};  ///< of wrong predictions
};

/// Averages `predictions` predictions with dropout for each sample. Throws std::invalid_argument
/// for a model without dropout.
Uncertainty estimate_uncertainty(layers::Module& model, const data::Dataset& dataset,
                                 int64_t predictions, Rng rng, int64_t batch_size = 512);

}  // namespace gradus::train
