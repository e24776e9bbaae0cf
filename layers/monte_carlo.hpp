// monte_carlo_predict: the uncertainty of a classifier's predictions, by Monte Carlo dropout.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// Result of monte_carlo_predict() for N inputs and K classes, always in f64; entropies are in
/// nats.
struct MonteCarloPrediction {
  Tensor mean;       ///< (N, K): the mean probabilities p̄
  Tensor deviation;  ///< (N, K): the standard deviation of the samples' probabilities, with divisor
                     ///< samples − 1
  /// (N): predictive entropy H(p̄) = −Σ p̄·log p̄, 0 … log K: the total uncertainty, from the data
  /// and from the model.
  Tensor entropy;
  /// (N): mutual information of prediction and model, H(p̄) − mean of H(p) (BALD, Houlsby et al.
  /// 2011), 0 … log K: the uncertainty of the model, which more data could reduce; it is large if
  /// samples contradict each other.
  Tensor mutual_information;
};

/// Computes the softmax of the model's logits (N, K) for x `samples` times with active dropout (Gal
/// and Ghahramani 2016). Modules with random generators are in training mode, all others, such as
/// batch normalization, in evaluation mode; nothing is recorded. Afterwards, even after an
/// exception, modes, generators and buffers are restored. The masks come from one draw of `rng`:
/// the result has the same bits for any number of threads. Throws std::invalid_argument for a model
/// without dropout, logits that aren't (N, K), and fewer than two samples.
MonteCarloPrediction monte_carlo_predict(Module& model, const Tensor& x, int64_t samples, Rng& rng);

}  // namespace gradus::layers
