// KeyMask, attend_row, weigh_row: one query's scores of a block of keys, as weights of a running
// softmax. The loops over blocks are in core/ops/attention.
#pragma once

#include <cstdint>

namespace gradus::kernels {

/// What one query may attend to in a block of keys. Both masks may be null; element j is at
/// j·step.
template <class T>
struct KeyMask {
  int64_t visible;      ///< keys from here on are masked
  const bool* allowed;  ///< false: masked
  const T* added;       ///< to the scores; −∞ masks
  int64_t step;         ///< between the masks' elements, 0 if they are the same for all keys
};

/// The softmax of one query so far: of the scores s, the largest one and Σ e^(s − largest).
template <class T>
struct RunningSoftmax {
  T largest, sum;
};

/// scores (width; the block's keys, then anything) ← e^(s − largest), with s = scale·scores + mask
/// and 0 for masked keys; `width` is a multiple of 16. Updates `softmax` and returns the factor for
/// what was weighed by earlier blocks.
template <class T>
T attend_row(int64_t width, T scale, const KeyMask<T>& mask, T* scores, RunningSoftmax<T>& softmax);

/// scores (width) ← e^(s − log_sum), s as above: the weights after all blocks, from
/// log_sum = largest + log sum. A query without any key has log_sum = +∞ and weights of 0.
template <class T>
void weigh_row(int64_t width, T scale, const KeyMask<T>& mask, T log_sum, T* scores);

/// y (n) ← factor·y
template <class T>
void scale_row(int64_t n, T factor, T* y);

/// Σ a·b; n elements
template <class T>
T dot_row(int64_t n, const T* a, const T* b);

/// dscores (n) ← scale·weights·(dscores − mean): the gradient through a softmax whose weights have
/// the gradients dscores, with mean = Σ weights·dscores over all keys.
template <class T>
void softmax_row_gradient(int64_t n, T scale, T mean, const T* weights, T* dscores);

}  // namespace gradus::kernels
