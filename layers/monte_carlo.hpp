// Monte-Carlo dropout: how sure a classifier is of its predictions.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// Result of monte_carlo_predict() for N inputs and K classes, in f64 whatever the model's type;
/// entropies in nats.
struct MonteCarloPrediction {
  Tensor mean;       ///< (N, K): the mean probabilities p̄
  Tensor deviation;  ///< (N, K): the standard deviation of a sample's probabilities, by samples − 1
  /// (N): predictive entropy H(p̄) = −Σ p̄·log p̄, 0 … log K: all doubt, be it in the data or in
  /// what the model has learned.
  Tensor entropy;
  /// (N): mutual information of prediction and model, H(p̄) − mean of H(p) (BALD, Houlsby et al.
  /// 2011), 0 … log K: the doubt that more data could take away, where samples contradict each
  /// other.
  Tensor mutual_information;
};

/// The softmax of the logits (N, K) that `model` makes of x, `samples` times with the dropout of
/// training (Gal and Ghahramani 2016). Modules that draw at random are in training mode for it, the
/// others, such as batch normalization, in evaluation mode; nothing is recorded. Afterwards modes,
/// generators and buffers are as they were before, whatever happened. The masks come from `rng`,
/// which moves by one draw: the same bits for any number of threads. Throws std::invalid_argument
/// for a model without dropout, logits that aren't (N, K), and fewer than two samples.
MonteCarloPrediction monte_carlo_predict(Module& model, const Tensor& x, int64_t samples, Rng& rng);

}  // namespace gradus::layers
