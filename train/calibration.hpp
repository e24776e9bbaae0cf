// fit_temperature: the temperature that calibrates a classifier; error_bounds: how far predicted
// numbers are from the truth; view_probabilities: the mean of
// its probabilities over augmented views.
#pragma once

#include "data/loader.hpp"
#include "layers/module.hpp"

namespace gradus::train {

/// The temperature T, 0.05 … 20, for which the mean of −log softmax(logits/T)[label] is smallest
/// (temperature scaling, Guo et al. 2017): above 1 for a model that is too confident. It changes no
/// prediction. `logits` are f32 or f64 (N, K), `labels` i64 (N), of samples that weren't trained
/// on. Computed in f64 to a relative precision of 1e-6. 1 if a logit isn't finite. Throws
/// std::invalid_argument for other tensors.
double fit_temperature(const Tensor& logits, const Tensor& labels);

/// For each number of the targets half the width of an interval around predictions that holds a new
/// sample's target with a probability of 95 % at least, whatever the distribution: the
/// ⌈0.95·(N + 1)⌉-th smallest of the errors |target − prediction| (split conformal prediction, Lei
/// et al. 2018). `targets` and `predictions` are (N, D), of samples that weren't trained on. Empty
/// for N < 19, where no bound is large enough, and if an error is NaN. Throws std::invalid_argument
/// for other tensors.
std::vector<double> error_bounds(const Tensor& targets, const Tensor& predictions);

/// The mean of the probabilities (N, K), f64, over the samples as they are and `views`−1 views of
/// them that `transform` changes, as in training, before the data set's normalization (test-time
/// augmentation). View v draws from rng.fork(v). Throws std::invalid_argument unless views are 1 or
/// more.
Tensor view_probabilities(layers::Module& model, const data::Dataset& dataset,
                          const data::BatchTransform& transform, int64_t views, const Rng& rng);

}  // namespace gradus::train
