// LayerNorm, RMSNorm, GroupNorm, LocalResponseNorm: normalization of activations.
#pragma once

#include "core/ops/norm/normalization.hpp"
#include "layers/norm/batch_norm.hpp"

namespace gradus::layers {

/// Options of LayerNorm.
struct LayerNormOptions {
  double eps = 1e-5;   ///< added to the variance; positive
  bool affine = true;  ///< scales and shifts each element by a learned weight and bias
  bool bias = true;    ///< false: affine, but without bias
};

/// Layer normalization, layer_norm(), over the last dimensions, whose extents are
/// `normalized_shape`: `LayerNorm({64})`. Throws std::invalid_argument for an empty shape or eps ≤
/// 0.
class LayerNorm : public Layer<LayerNorm> {
 public:
  Parameter weight;  ///< γ, with normalized_shape, initially 1; undefined unless affine
  Parameter bias;    ///< β, with normalized_shape, initially 0; undefined unless affine and bias

  /// `normalized_shape`: the extents of the last dimensions, over which the statistics are
  /// computed.
  explicit LayerNorm(const Shape& normalized_shape, const LayerNormOptions& options = {});

  Tensor forward(const Tensor& x) override;
  void members(Members& members) override;
  std::string description() const override;
  std::string equation() const override;

 private:
  Shape normalized_shape_;
  LayerNormOptions options_;
};

/// Options of RMSNorm.
struct RMSNormOptions {
  double eps = 1e-5;   ///< added to the mean square; positive
  bool affine = true;  ///< scales each element by a learned weight
};

/// Root-mean-square normalization, rms_norm(), over the last dimensions, whose extents are
/// `normalized_shape`: `RMSNorm({64})`. Throws std::invalid_argument for an empty shape or eps ≤ 0.
class RMSNorm : public Layer<RMSNorm> {
 public:
  Parameter weight;  ///< with normalized_shape, initially 1; undefined unless affine

  /// `normalized_shape`: the extents of the last dimensions, over which the mean square is
  /// computed.
  explicit RMSNorm(const Shape& normalized_shape, const RMSNormOptions& options = {});

  Tensor forward(const Tensor& x) override;
  void members(Members& members) override { members.parameter("weight", weight, Role::gain); }
  std::string description() const override;
  std::string equation() const override;

 private:
  Shape normalized_shape_;
  RMSNormOptions options_;
};

/// Options of GroupNorm.
struct GroupNormOptions {
  double eps = 1e-5;   ///< added to the variance; positive
  bool affine = true;  ///< scales and shifts each channel by a learned weight and bias
};

/// Group normalization, group_norm(), of (N, C, …): `GroupNorm(8, 32)` has 8 groups of 4 channels.
/// Throws std::invalid_argument unless `groups` is positive and divides `channels`, and for eps ≤
/// 0.
class GroupNorm : public Layer<GroupNorm> {
 public:
  Parameter weight;  ///< γ (channels), initially 1; undefined unless affine
  Parameter bias;    ///< β (channels), initially 0; undefined unless affine

  /// `channels`: the extent of dimension 1, which `groups` divides.
  GroupNorm(int64_t groups, int64_t channels, const GroupNormOptions& options = {});

  Tensor forward(const Tensor& x) override;
  void members(Members& members) override;
  std::string description() const override;
  std::string equation() const override;

 private:
  int64_t groups_, channels_;
  GroupNormOptions options_;
};

/// Local response normalization, local_response_norm(), of (N, C, …), without parameters.
class LocalResponseNorm : public Layer<LocalResponseNorm> {
 public:
  /// Throws std::invalid_argument for options outside their ranges.
  explicit LocalResponseNorm(const LocalResponseNormOptions& options = {});

  Tensor forward(const Tensor& x) override { return local_response_norm(x, options_); }
  std::string description() const override;
  std::string equation() const override;

 private:
  LocalResponseNormOptions options_;
};

}  // namespace gradus::layers
