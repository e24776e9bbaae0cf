// What dense layers and convolutions have in common.
#pragma once

#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// A layer that multiplies by a weight and adds a bias: what initializers draw, and what
/// normalizations of weights go on.
class Weighted : public Module {
 public:
  Parameter weight;  ///< what is trained; the layer multiplies by it unless reparametrized
  Parameter bias;    ///< undefined where the layer goes without it

  /// Computes the weight from `weight` at every call from now on, with gradients through it:
  /// `layer.reparametrize(WeightStandardization())`; see layers/norm/weight_normalization.hpp.
  /// Throws std::invalid_argument where the layer has a reparametrization already.
  void reparametrize(AnyReparametrization reparametrization);
  /// What computes the weight; empty where the layer multiplies by its plain one.
  const AnyReparametrization& reparametrization() const { return reparametrization_; }
  /// Makes the weight that evaluation multiplies by the layer's plain one, with the same outputs; a
  /// layer without reparametrization stays. Throws std::invalid_argument where no weight can do it
  /// (cosine normalization). `weight` and `bias` are new tensors then: make an optimizer
  /// afterwards.
  void fold();
  /// Brings the iterates of its reparametrization to where they tend; layers::settle() does all.
  void settle();
  /// Multiplies each output by its element of `scale` and adds that of `shift`, both (out), by
  /// changing weight and bias. Throws std::invalid_argument for a reparametrized layer.
  void scale_outputs(const Tensor& scale, const Tensor& shift);
  /// A weight with the outputs in its first dimension, or, being its own inverse, back.
  virtual Tensor outputs_first(const Tensor& w) const { return w; }

  void members(Members& members) override;
  /// That of its reparametrization.
  std::string equation() const override;
  int64_t flops(const Shape& /*input*/, const Shape& output) const override {
    return 2 * output.numel() * (weight.numel() / weight.size(0));
  }

 protected:
  /// Draws PyTorch's default: weight, then bias, uniform within ±1/√fan_in.
  Weighted(const Shape& weight_shape, int64_t outputs, bool with_bias, Rng& rng);

  /// product(x, weight, bias), with the weight in force.
  Tensor multiply(const Tensor& x, const Product& product);
  /// A layer's description, with its reparametrization around it.
  std::string described(const std::string& layer) const;

 private:
  AnyReparametrization reparametrization_;
};

}  // namespace gradus::layers
