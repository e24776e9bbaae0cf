// ReLU, GELU, PReLU …: activation functions as layers; the formulas are in core/ops/activation.hpp.
#pragma once

#include "core/ops/activation.hpp"
#include "core/ops/reduce.hpp"
#include "core/text/registry.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

/// An elementwise function as a layer without parameters; `name` is for description().
template <FixedString name, Tensor (*function)(const Tensor&)>
class FunctionLayer : public Layer<FunctionLayer<name, function>> {
 public:
  Tensor forward(const Tensor& x) override { return function(x); }
  std::string description() const override { return fmt::format("{}()", name.text); }
};

/// relu() as a layer.
using ReLU = FunctionLayer<"ReLU", relu>;
/// relu6() as a layer.
using ReLU6 = FunctionLayer<"ReLU6", relu6>;
/// selu() as a layer.
using SELU = FunctionLayer<"SELU", selu>;
/// gelu() as a layer.
using GELU = FunctionLayer<"GELU", gelu>;
/// gelu_tanh() as a layer.
using GELUTanh = FunctionLayer<"GELUTanh", gelu_tanh>;
/// silu() as a layer.
using SiLU = FunctionLayer<"SiLU", silu>;
/// mish() as a layer.
using Mish = FunctionLayer<"Mish", mish>;
/// hardswish() as a layer.
using Hardswish = FunctionLayer<"Hardswish", hardswish>;
/// softplus() as a layer.
using Softplus = FunctionLayer<"Softplus", softplus>;
/// sigmoid() as a layer.
using Sigmoid = FunctionLayer<"Sigmoid", sigmoid>;
/// tanh() as a layer.
using Tanh = FunctionLayer<"Tanh", tanh>;

/// Applies leaky_relu().
class LeakyReLU : public Layer<LeakyReLU> {
 public:
  /// `negative_slope`: the slope for x < 0.
  explicit LeakyReLU(double negative_slope = 0.01) : negative_slope_(negative_slope) {}
  Tensor forward(const Tensor& x) override { return leaky_relu(x, negative_slope_); }
  std::string description() const override { return fmt::format("LeakyReLU({})", negative_slope_); }

 private:
  double negative_slope_;
};

/// Applies prelu() with learned slopes.
class PReLU : public Layer<PReLU> {
 public:
  Parameter weight;  ///< the slopes: one, or one for each channel; initially 0.25

  /// Throws std::invalid_argument unless channels is positive.
  explicit PReLU(int64_t channels = 1);
  Tensor forward(const Tensor& x) override { return prelu(x, weight); }
  void members(Members& members) override { members.parameter("weight", weight, Role::gain); }
  std::string description() const override { return fmt::format("PReLU({})", weight.numel()); }
};

/// Applies elu().
class ELU : public Layer<ELU> {
 public:
  /// `alpha`: the limit for x → −∞ is −alpha.
  explicit ELU(double alpha = 1) : alpha_(alpha) {}
  Tensor forward(const Tensor& x) override { return elu(x, alpha_); }
  std::string description() const override { return fmt::format("ELU({})", alpha_); }

 private:
  double alpha_;
};

/// Applies hardtanh().
class Hardtanh : public Layer<Hardtanh> {
 public:
  /// Throws std::invalid_argument unless low < high.
  explicit Hardtanh(double low = -1, double high = 1);
  Tensor forward(const Tensor& x) override { return hardtanh(x, low_, high_); }
  std::string description() const override { return fmt::format("Hardtanh({}, {})", low_, high_); }

 private:
  double low_, high_;
};

/// A function over one dimension as a layer; `name` is for description().
template <FixedString name, Tensor (*function)(const Tensor&, int dim)>
class DimensionLayer : public Layer<DimensionLayer<name, function>> {
 public:
  /// A negative `dim` counts from the end.
  explicit DimensionLayer(int dim = -1) : dim_(dim) {}
  Tensor forward(const Tensor& x) override { return function(x, dim_); }
  std::string description() const override { return fmt::format("{}({})", name.text, dim_); }

 private:
  int dim_;
};

/// Applies softmax() over a dimension.
using Softmax = DimensionLayer<"Softmax", softmax>;
/// Applies log_softmax() over a dimension.
using LogSoftmax = DimensionLayer<"LogSoftmax", log_softmax>;

/// Activation functions for hidden layers, by name.
const Registry<std::function<AnyModule()>>& activations();

}  // namespace gradus::layers
