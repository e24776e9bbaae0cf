// Weight normalization: rows of norm 1 with a gain each.
#pragma once

#include "layers/norm/gained_rows.hpp"

namespace gradus::layers {

/// Options of WeightNorm.
struct WeightNormOptions {
  /// At the first call in training mode, sets weight_g and bias so that each output has mean 0 and
  /// deviation 1 over that batch (section 3 of the paper). A buffer, weight_initialized, tells that
  /// it has happened. The call throws where an output doesn't vary.
  bool data_dependent = false;
};
/// Weight normalization, weight_norm() (Salimans and Kingma 2016): PyTorch's weight_v and weight_g.
class WeightNorm : public Reparametrized<WeightNorm, GainedRows> {
 public:
  Buffer initialized;  ///< i64, 0 or 1; undefined unless data-dependent

  /// `options`: whether the first batch sets gain and bias.
  explicit WeightNorm(const WeightNormOptions& options = {});
  Tensor forward(const Tensor& x, const Tensor& weight, const Tensor& bias, const Product& product,
                 bool training) override;
  const char* weight_name() const override { return "weight_v"; }
  void members(Members& members) override;
  std::string description() const override;
  std::string equation(const Shape& weight) const override;

 private:
  Tensor normalized(const Tensor& weight) const override;
  void initialize(const Tensor& x, const Tensor& weight, Tensor bias, const Product& product);
};

}  // namespace gradus::layers
