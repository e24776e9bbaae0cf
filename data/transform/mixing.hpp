// Training on mixtures of pairs of samples. Errors: std::invalid_argument.
#pragma once

#include "core/ops/loss.hpp"
#include "data/dataset.hpp"

namespace gradus::data {

/// A batch in which every sample is mixed with another one of it.
struct MixedBatch {
  Tensor inputs;    ///< f32, the mixtures, of the shape of the batch's inputs
  Tensor targets;   ///< i64 (N), of the samples
  Tensor partners;  ///< i64 (N), of those mixed in
  double lambda;    ///< the samples' part, 0 … 1
};

/// λx + (1 − λ)x', x' the samples in random order and λ from Beta(α, α), one for the batch (Zhang
/// et al. 2018; α 0.1 … 0.4 on images). Throws unless α > 0.
MixedBatch mixup(const Batch& batch, double alpha, Rng& rng);

/// A rectangle of x' in place of that of x, at a random place, of the part 1 − λ of the area, cut
/// off at the image's edges; `lambda` becomes what is left of x. λ from Beta(α, α) (Yun et al.
/// 2019; α 1). Throws unless α > 0 and for batches that aren't (N, C, H, W).
MixedBatch cutmix(const Batch& batch, double alpha, Rng& rng);

/// λ·loss(logits, targets) + (1 − λ)·loss(logits, partners): for cross-entropy that with the
/// targets mixed in the same parts. For the rows first … first + logits' rows − 1 of the batch.
Tensor mixed_loss(const LossFunction& loss, const Tensor& logits, const MixedBatch& batch,
                  int64_t first = 0);

/// A draw from Beta(α, α).
double draw_beta(double alpha, Rng& rng);

}  // namespace gradus::data
