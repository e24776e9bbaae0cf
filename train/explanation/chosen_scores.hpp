// chosen_scores: the outputs of a model that an explanation is of; used by saliency.cpp and
// grad_cam.cpp.
#pragma once

#include "layers/module.hpp"

namespace gradus::train::detail {

/// outputs (N, K), classes i64 (N) → (N), the output of each sample's class; recorded. Throws
/// std::invalid_argument for other shapes and for classes out of range; the error names the
/// `operation`.
Tensor chosen_scores(const char* operation, const Tensor& outputs, const Tensor& classes);

/// Throws std::invalid_argument unless inputs are f32 or f64 (N, …) with N ≥ 1, and classes i64
/// (N).
void require_samples(const char* operation, const Tensor& inputs, const Tensor& classes);

/// A leaf with the values of `inputs`, whose gradient is recorded.
Tensor as_leaf(const Tensor& inputs);

/// Calls explain(first, count) for parts of N samples that bound the memory of the graph, and joins
/// the results (count, …) to one (N, …).
Tensor in_parts(int64_t samples,
                const std::function<Tensor(int64_t first, int64_t count)>& explain);

}  // namespace gradus::train::detail
