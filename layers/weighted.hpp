// Weighted: the base of dense layers and convolutions.
#pragma once

#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// A layer that multiplies by a weight and adds a bias.
class Weighted : public Reparametrizable {
 public:
  Parameter weight;  ///< the trained weight; the layer multiplies by it unless it is reparametrized
  Parameter bias;    ///< undefined if the layer has no bias

  void reparametrize(AnyReparametrization reparametrization) override;
  const AnyReparametrization& reparametrization() const override { return reparametrization_; }
  void fold() override;
  void settle() override;
  /// Dense if the weight is a matrix.
  WeightKind weight_kind() const override {
    return weight.rank() == 2 ? WeightKind::dense : WeightKind::convolution;
  }
  void change_weights(const std::function<Tensor(const Tensor& weight)>& change,
                      bool frozen_too) override;
  bool fold_next(Module& next) override;
  /// Changes weight and bias so that each output is multiplied by its element of `scale` and
  /// increased by that of `shift`, both (out). Throws std::invalid_argument for a reparametrized
  /// layer.
  void scale_outputs(const Tensor& scale, const Tensor& shift);
  /// Moves the outputs to the first dimension of a weight; applied twice, it restores the weight.
  virtual Tensor outputs_first(const Tensor& w) const { return w; }

  void members(Members& members) override;
  /// The equation of its reparametrization.
  std::string equation() const override;
  int64_t flops(const Shape& /*input*/, const Shape& output) const override {
    return 2 * output.numel() * (weight.numel() / weight.size(0));
  }

 protected:
  /// Draws PyTorch's default: weight, then bias, uniform within ±1/√fan_in.
  Weighted(const Shape& weight_shape, int64_t outputs, bool with_bias, Rng& rng);
  /// Has this weight, and this bias, which may be undefined.
  Weighted(const Tensor& first_weight, const Tensor& first_bias)
      : weight(first_weight), bias(first_bias) {}

  /// product(x, weight, bias) with the present weight.
  Tensor multiply(const Tensor& x, const Product& product);
  /// A layer's description, followed by that of its reparametrization.
  std::string described(const std::string& layer) const;

 private:
  AnyReparametrization reparametrization_;
};

}  // namespace gradus::layers
