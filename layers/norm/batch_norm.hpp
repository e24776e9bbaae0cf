// BatchNorm, BatchRenorm, InstanceNorm: normalization of each channel over the batch (or, in
// InstanceNorm, over each sample), with running statistics for evaluation.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// The meaning of `momentum`.
enum class MomentumOf {
  batch,    ///< running ← (1 − momentum)·running + momentum·batch (PyTorch; usually 0.1)
  running,  ///< running ← momentum·running + (1 − momentum)·batch (Keras; usually 0.99)
};

/// Options of BatchNorm1d and BatchNorm2d.
struct BatchNormLayerOptions {
  double eps = 1e-5;  ///< added to the variance; positive
  /// Momentum of the running statistics, 0 … 1; empty: the mean of all batches so far.
  std::optional<double> momentum = 0.1;
  bool affine = true;  ///< scales and shifts each channel by a learned weight and bias
  /// Keep running statistics for evaluation; without them evaluation uses the input's statistics.
  bool track_running_stats = true;
  MomentumOf momentum_of = MomentumOf::batch;  ///< the meaning of `momentum`
};

/// The base of the normalizations of channels. Three things are independent: train() and evaluate()
/// choose between the input's and the running statistics; update_statistics() sets whether training
/// updates the running statistics; freeze() stops only the training of weight and bias. The
/// constructors throw std::invalid_argument for options outside their ranges.
class ChannelNorm : public Module {
 public:
  Parameter weight;            ///< γ (channels), initially 1; undefined unless affine
  Parameter bias;              ///< β (channels), initially 0; undefined unless affine
  Buffer running_mean;         ///< (channels), initially 0; undefined unless tracked
  Buffer running_var;          ///< (channels), initially 1; undefined unless tracked
  Buffer num_batches_tracked;  ///< i64, the number of updates so far; undefined unless tracked

  /// Sets whether training mode updates the running statistics (initially true), independently of
  /// mode and freeze().
  void update_statistics(bool on) { updating_ = on; }

  Tensor forward(const Tensor& x) override {
    return with_statistics(x,
                           [&](const Statistics& statistics) { return normalize(x, statistics); });
  }
  void members(Members& members) override;
  std::string description() const override;

 protected:
  /// `operation` is for errors, `name` and `dimensions` (1 or 2) are for descriptions, which omit
  /// options with their `default_options` values.
  ChannelNorm(const char* operation, const char* name, int dimensions, int64_t channels,
              const BatchNormLayerOptions& options, const BatchNormLayerOptions& default_options);

  /// The statistics to normalize by, and the update of the running ones.
  struct Statistics {
    bool by_input;    ///< normalize by the input's statistics, otherwise by the running ones
    bool update;      ///< whether the input updates the running ones
    double momentum;  ///< weight of the input in the update

    /// One of the running statistics; undefined if they are not used.
    Tensor used(const Tensor& running) const { return !by_input || update ? running : Tensor(); }
  };

  /// The result of `normalize` for the present statistics.
  Tensor with_statistics(const Tensor& x,
                         const std::function<Tensor(const Statistics&)>& normalize);

  /// The options passed to the constructor.
  const BatchNormLayerOptions& options() const { return options_; }
  /// "BatchNorm2d".
  std::string kind() const { return fmt::format("{}{}d", name_, dimensions_); }
  /// "(H, W)" or "(L)", after `before`: "(N, H, W)".
  std::string axes(const char* before) const;
  /// "y = (x − μ)/√(σ² + 1e-05)·γ + β; running ← 0.9·running + 0.1·batch".
  std::string formula(const char* normalized) const;

 private:
  /// The normalized x, by the operation of the derived class.
  virtual Tensor normalize(const Tensor& x, const Statistics& statistics) = 0;
  double weight_of_batch() const;

  const char* operation_;
  const char* name_;
  int dimensions_;
  int64_t channels_;
  BatchNormLayerOptions options_, default_options_;
  bool updating_ = true;
};

/// A normalization of channels as a layer, for inputs with so many dimensions after the channels.
template <class Norm, class Options, int dimensions>
class ChannelNormLayer : public Layer<ChannelNormLayer<Norm, Options, dimensions>, Norm> {
 public:
  /// `channels`: the extent of dimension 1.
  explicit ChannelNormLayer(int64_t channels, const Options& options = {})
      : Layer<ChannelNormLayer, Norm>(dimensions, channels, options) {}
};

/// Batch normalization in one or two dimensions; the formula is at gradus::batch_norm().
class BatchNorm : public ChannelNorm {
 public:
  std::string equation() const override;
  /// All channels, if there are running statistics.
  int64_t scaled_channels() const override {
    return running_mean.defined() ? running_mean.numel() : 0;
  }

 protected:
  /// For inputs with `dimensions` dimensions after the channels.
  BatchNorm(int dimensions, int64_t channels, const BatchNormLayerOptions& options)
      : ChannelNorm("batch_norm", "BatchNorm", dimensions, channels, options, {}) {}

 private:
  Tensor normalize(const Tensor& x, const Statistics& statistics) override;
  /// Fuses max pooling with the normalization.
  Tensor forward_with_next(const Tensor& x, const Module& next) override;
};

/// Batch normalization of each feature of (N, C), or each channel of (N, C, L).
using BatchNorm1d = ChannelNormLayer<BatchNorm, BatchNormLayerOptions, 1>;

/// Batch normalization of each channel of images (N, C, H, W).
using BatchNorm2d = ChannelNormLayer<BatchNorm, BatchNormLayerOptions, 2>;

/// Options of InstanceNorm1d and InstanceNorm2d.
struct InstanceNormLayerOptions {
  double eps = 1e-5;                     ///< added to the variance; positive
  std::optional<double> momentum = 0.1;  ///< as in BatchNormLayerOptions
  bool affine = false;  ///< scales and shifts each channel by a learned weight and bias
  bool track_running_stats = false;  ///< keep running statistics for evaluation
};

/// Instance normalization in one or two dimensions; the formula is at gradus::instance_norm().
class InstanceNorm : public ChannelNorm {
 public:
  std::string equation() const override;

 protected:
  /// For inputs with `dimensions` dimensions after the channels.
  InstanceNorm(int dimensions, int64_t channels, const InstanceNormLayerOptions& options);

 private:
  Tensor normalize(const Tensor& x, const Statistics& statistics) override;
};

/// Instance normalization of each channel of each sequence of (N, C, L).
using InstanceNorm1d = ChannelNormLayer<InstanceNorm, InstanceNormLayerOptions, 1>;

/// Instance normalization of each channel of each image of (N, C, H, W).
using InstanceNorm2d = ChannelNormLayer<InstanceNorm, InstanceNormLayerOptions, 2>;

/// Options of BatchRenorm1d and BatchRenorm2d. r_max and d_max limit the corrections. For the first
/// `plain_steps` updates the limits are 1 and 0 (plain batch norm); then they rise linearly to the
/// values here, which they reach at `r_steps` and `d_steps`. The defaults are the paper's, for long
/// training.
struct BatchRenormLayerOptions {
  double eps = 1e-5;                      ///< added to the variance; positive
  std::optional<double> momentum = 0.01;  ///< as in BatchNormLayerOptions
  bool affine = true;          ///< scales and shifts each channel by a learned weight and bias
  double r_max = 3;            ///< final limit of the deviation's correction, 1 or more
  double d_max = 5;            ///< final limit of the mean's correction, 0 or more
  int64_t plain_steps = 5000;  ///< 0 or more
  int64_t r_steps = 40000;     ///< plain_steps or more
  int64_t d_steps = 25000;     ///< plain_steps or more
};

/// Batch renormalization in one or two dimensions; the formula is at gradus::batch_renorm().
class BatchRenorm : public ChannelNorm {
 public:
  /// The limit r_max for the next batch.
  double r_max() const;
  /// The limit d_max for the next batch.
  double d_max() const;

  std::string description() const override;
  std::string equation() const override;

 protected:
  /// For inputs with `dimensions` dimensions after the channels.
  BatchRenorm(int dimensions, int64_t channels, const BatchRenormLayerOptions& options);

 private:
  Tensor normalize(const Tensor& x, const Statistics& statistics) override;

  BatchRenormLayerOptions limits_;
};

/// Batch renormalization of each feature of (N, C), or each channel of (N, C, L).
using BatchRenorm1d = ChannelNormLayer<BatchRenorm, BatchRenormLayerOptions, 1>;

/// Batch renormalization of each channel of images (N, C, H, W).
using BatchRenorm2d = ChannelNormLayer<BatchRenorm, BatchRenormLayerOptions, 2>;

}  // namespace gradus::layers
