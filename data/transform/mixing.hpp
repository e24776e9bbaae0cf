// mixup, cutmix: training on mixtures of pairs of samples. Errors: std::invalid_argument.
#pragma once

#include "core/ops/loss/loss.hpp"
#include "core/text/range.hpp"
#include "data/dataset.hpp"

namespace gradus::data {

/// A batch in which every sample is mixed with a partner from the same batch.
struct MixedBatch {
  Tensor inputs;    ///< f32, the mixtures, with the shape of the batch's inputs
  Tensor targets;   ///< (N) or (N, …), targets of the samples, as in Batch
  Tensor partners;  ///< targets of the partners
  double lambda;    ///< weight of the samples, 0 … 1; the partners have 1 − λ
};

/// The valid values of α. Smaller ones hardly ever mix, and their draws underflow.
inline constexpr Range mixing_alpha{.low = 1e-6, .high = range::largest};

/// λx + (1 − λ)x': x' are the samples in random order, λ is drawn from Beta(α, α) once per batch
/// (Zhang et al. 2018; α 0.1 … 0.4 for images). Throws for α out of mixing_alpha.
MixedBatch mixup(const Batch& batch, double alpha, Rng& rng);

/// Replaces a rectangle of x by the same rectangle of x'. It has the fraction 1 − λ of the area,
/// with λ from Beta(α, α), and a random place; it is cut off at the image's edges. `lambda` is the
/// fraction of x that is left (Yun et al. 2019; α 1). Throws for α out of mixing_alpha and unless
/// the inputs are (N, C, H, W).
MixedBatch cutmix(const Batch& batch, double alpha, Rng& rng);

/// λ·loss(logits, targets) + (1 − λ)·loss(logits, partners). For cross-entropy this equals the loss
/// with targets mixed in the same way. The logits belong to the batch's rows from `first` on.
Tensor mixed_loss(const LossFunction& loss, const Tensor& logits, const MixedBatch& batch,
                  int64_t first = 0);

/// A draw from Beta(α, α).
double draw_beta(double alpha, Rng& rng);

}  // namespace gradus::data
