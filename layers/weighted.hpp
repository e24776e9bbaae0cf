// What dense layers and convolutions have in common.
#pragma once

#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// A layer that multiplies by a weight and adds a bias.
class Weighted : public Reparametrizable {
 public:
  Parameter weight;  ///< what is trained; the layer multiplies by it unless reparametrized
  Parameter bias;    ///< undefined where the layer goes without it

  void reparametrize(AnyReparametrization reparametrization) override;
  const AnyReparametrization& reparametrization() const override { return reparametrization_; }
  void fold() override;
  void settle() override;
  /// Dense where the weight is a matrix.
  WeightKind weight_kind() const override {
    return weight.rank() == 2 ? WeightKind::dense : WeightKind::convolution;
  }
  void change_weights(const std::function<Tensor(const Tensor& weight)>& change,
                      bool frozen_too) override;
  bool fold_next(Module& next) override;
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
