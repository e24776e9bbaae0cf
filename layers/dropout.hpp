// Dropout.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// In training, sets each element to 0 with probability `rate` and scales the others by
/// 1/(1 − rate); returns its input in evaluation (Srivastava et al. 2014). Draws from a generator
/// of its own, derived from `rng`, whose state named_generators() exposes. Throws
/// std::invalid_argument unless 0 ≤ rate < 1.
class Dropout : public Layer<Dropout> {
 public:
  Dropout(double rate, Rng& rng);

  Tensor forward(const Tensor& x) override;
  void members(Members& members) override { members.generator("rng", rng_); }
  std::string description() const override;

 private:
  double rate_;
  Rng rng_;
};

}  // namespace gradus::layers
