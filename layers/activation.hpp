// Activation functions as layers; the formulas stand in core/ops/activation.hpp.
#pragma once

#include <algorithm>
#include <functional>

#include "core/ops/activation.hpp"
#include "core/registry.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

/// A text as a template argument.
template <std::size_t size>
struct FixedString {
  consteval FixedString(const char (&literal)[size]) { std::copy_n(literal, size, text); }
  char text[size];
};

/// A function of the input alone as a layer.
template <FixedString name, Tensor (*function)(const Tensor&)>
class FunctionLayer : public Layer<FunctionLayer<name, function>> {
 public:
  Tensor forward(const Tensor& x) override { return function(x); }
  std::string description() const override { return fmt::format("{}()", name.text); }
};

using ReLU = FunctionLayer<"ReLU", relu>;
using ReLU6 = FunctionLayer<"ReLU6", relu6>;
using SELU = FunctionLayer<"SELU", selu>;
using GELU = FunctionLayer<"GELU", gelu>;
using SiLU = FunctionLayer<"SiLU", silu>;
using Mish = FunctionLayer<"Mish", mish>;
using Hardswish = FunctionLayer<"Hardswish", hardswish>;
using Softplus = FunctionLayer<"Softplus", softplus>;
using Sigmoid = FunctionLayer<"Sigmoid", sigmoid>;
using Tanh = FunctionLayer<"Tanh", tanh>;

/// leaky_relu.
class LeakyReLU : public Layer<LeakyReLU> {
 public:
  explicit LeakyReLU(double negative_slope = 0.01) : negative_slope_(negative_slope) {}
  Tensor forward(const Tensor& x) override { return leaky_relu(x, negative_slope_); }
  std::string description() const override;

 private:
  double negative_slope_;
};

/// prelu; its `weight` starts at 0.25 and has one element, or one a channel.
class PReLU : public Layer<PReLU> {
 public:
  Parameter weight;

  /// Throws std::invalid_argument unless channels is positive.
  explicit PReLU(int64_t channels = 1);
  Tensor forward(const Tensor& x) override { return prelu(x, weight); }
  void members(Members& members) override { members.parameter("weight", weight); }
  std::string description() const override;
};

/// elu.
class ELU : public Layer<ELU> {
 public:
  explicit ELU(double alpha = 1) : alpha_(alpha) {}
  Tensor forward(const Tensor& x) override { return elu(x, alpha_); }
  std::string description() const override;

 private:
  double alpha_;
};

/// hardtanh. Throws std::invalid_argument unless low < high.
class Hardtanh : public Layer<Hardtanh> {
 public:
  explicit Hardtanh(double low = -1, double high = 1);
  Tensor forward(const Tensor& x) override { return hardtanh(x, low_, high_); }
  std::string description() const override;

 private:
  double low_, high_;
};

/// softmax over dimension `dim`.
class Softmax : public Layer<Softmax> {
 public:
  explicit Softmax(int dim = -1) : dim_(dim) {}
  Tensor forward(const Tensor& x) override;
  std::string description() const override;

 private:
  int dim_;
};

/// log_softmax over dimension `dim`.
class LogSoftmax : public Layer<LogSoftmax> {
 public:
  explicit LogSoftmax(int dim = -1) : dim_(dim) {}
  Tensor forward(const Tensor& x) override;
  std::string description() const override;

 private:
  int dim_;
};

/// The activations of hidden layers, by name.
const Registry<std::function<AnyModule()>>& activations();

}  // namespace gradus::layers
