// GainedRows: a reparametrization whose normalized rows have a gain each.
#pragma once

#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// What reparametrizations with a gain for each row have in common: normalized(weight)·weight_g.
class GainedRows : public Reparametrization {
 public:
  /// (out, 1, …), PyTorch's shape. At first the norm of each row over that of its normalized row
  /// (1 where that is 0): rows keep their norms. Undefined where the gain is left out.
  Parameter gain;

  Tensor apply(const Tensor& weight, bool training) override;
  void attach(const Tensor& weight) override;
  void members(Members& members) override { members.parameter("weight_g", gain, Role::gain); }

 protected:
  /// `with_gain`: whether the gain is learned; without it, apply() is normalized() alone.
  explicit GainedRows(bool with_gain) : with_gain_(with_gain) {}
  /// The weight with normalized rows, to which the gain is applied.
  virtual Tensor normalized(const Tensor& weight) const = 0;
  /// Whether the gain is learned.
  bool with_gain() const { return with_gain_; }
  /// For descriptions: the option that leaves the gain out.
  std::string gain_shown() const;
  /// For equations: "g·", or nothing without the gain.
  const char* gain_factor() const { return with_gain_ ? "g·" : ""; }
  /// For equations: ", g of each output", or nothing without the gain.
  const char* gain_note() const { return with_gain_ ? ", g of each output" : ""; }

 private:
  bool with_gain_;
};

}  // namespace gradus::layers
