// Normalization of activations.
#pragma once

#include <functional>

#include "core/registry.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

struct BatchNormOptions {
  double eps = 1e-5;      ///< added to the variance; positive
  double momentum = 0.1;  ///< weight of the new value in the running statistics, 0 … 1
  bool affine = true;     ///< scales and shifts each channel by a learned weight and bias
  /// Keeps running statistics, which evaluation normalizes by; without them it uses the batch.
  bool track_running_stats = true;
};

/// What BatchNorm1d and BatchNorm2d have in common; see batch_norm in core/ops/normalization.hpp.
/// The constructors throw std::invalid_argument for options outside their ranges.
class BatchNorm : public Module {
 public:
  Parameter weight, bias;            ///< γ and β, at first 1 and 0; undefined unless affine
  Buffer running_mean, running_var;  ///< at first 0 and 1; undefined unless tracked
  Buffer num_batches_tracked;        ///< i64, the number of updates so far

  /// Whether training mode updates the running statistics; true at first, and independent of mode
  /// and freeze().
  void update_statistics(bool on) { updating_ = on; }

  Tensor forward(const Tensor& x) override;
  void members(Members& members) override;
  std::string description() const override;

 protected:
  BatchNorm(int dimensions, int64_t channels, const BatchNormOptions& options);

 private:
  int dimensions_;
  int64_t channels_;
  BatchNormOptions options_;
  bool updating_ = true;
};

/// Each feature of (N, C), or each channel of (N, C, L).
class BatchNorm1d : public Layer<BatchNorm1d, BatchNorm> {
 public:
  explicit BatchNorm1d(int64_t channels, const BatchNormOptions& options = {})
      : Layer(1, channels, options) {}
};

/// Each channel of images (N, C, H, W).
class BatchNorm2d : public Layer<BatchNorm2d, BatchNorm> {
 public:
  explicit BatchNorm2d(int64_t channels, const BatchNormOptions& options = {})
      : Layer(2, channels, options) {}
};

struct LayerNormOptions {
  double eps = 1e-5;   ///< added to the variance; positive
  bool affine = true;  ///< scales and shifts each element by a learned weight and bias
};

/// layer_norm over the last dimensions, whose extents are `normalized_shape`: `LayerNorm({64})`.
/// Throws std::invalid_argument for an empty shape or eps ≤ 0.
class LayerNorm : public Layer<LayerNorm> {
 public:
  Parameter weight, bias;  ///< of normalized_shape, at first 1 and 0; undefined unless affine

  explicit LayerNorm(const Shape& normalized_shape, const LayerNormOptions& options = {});

  Tensor forward(const Tensor& x) override;
  void members(Members& members) override;
  std::string description() const override;

 private:
  Shape normalized_shape_;
  LayerNormOptions options_;
};

/// Normalizations by name, for activations of the shape `features` without the batch: (F) or
/// (C, H, W).
const Registry<std::function<AnyModule(const Shape& features)>>& normalizations();

}  // namespace gradus::layers
