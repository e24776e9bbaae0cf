// Dropout, Dropout2d, DropConnect: dropout of elements, of channels and of weights.
#pragma once

#include "core/ops/dropout.hpp"
#include "layers/reparametrization.hpp"

namespace gradus::layers {

namespace detail {

/// `rate`. Throws std::invalid_argument unless 0 ≤ rate < 1.
double checked_rate(const char* operation, double rate);

}  // namespace detail

/// Applies dropout in training and returns its input in evaluation. It has its own generator,
/// derived from `rng`; named_generators() gives access to its state. Throws std::invalid_argument
/// unless 0 ≤ rate < 1. `name` is for description(), `operation` for errors.
template <FixedString name, FixedString operation,
          Tensor (*function)(const Tensor&, double rate, Rng& rng)>
class DropoutLayer : public Layer<DropoutLayer<name, operation, function>> {
 public:
  /// `rate`: the probability of a 0. Takes one draw from `rng`.
  DropoutLayer(double rate, Rng& rng)
      : rate_(detail::checked_rate(operation.text, rate)), rng_(rng.fork(rng.bits())) {}

  Tensor forward(const Tensor& x) override {
    return this->is_training() ? function(x, rate_, rng_) : x;
  }
  void members(Members& members) override { members.generator("rng", rng_); }
  std::string description() const override { return fmt::format("{}({})", name.text, rate_); }

 private:
  double rate_;
  Rng rng_;
};

/// Dropout of elements, dropout(): in training, sets each element to 0 with probability `rate` and
/// scales the others by 1/(1 − rate) (Srivastava et al. 2014).
using Dropout = DropoutLayer<"Dropout", "dropout", dropout>;

/// Dropout of whole channels, dropout2d(), independently for each example: (N, C, H, W) → the same
/// shape (Tompson et al. 2015). Neighbouring pixels are similar, so dropping single pixels removes
/// little information. The factor of a channel is 0 or 1/(1 − rate), which commutes with pooling
/// and ReLU: the layer may be before or after them.
using Dropout2d = DropoutLayer<"Dropout2d", "dropout2d", dropout2d>;

/// Dropout of weights (Wan et al. 2013): `layer.reparametrize(DropConnect(0.5, rng))`. In training
/// each weight (not the bias) is 0 with probability `rate` and else divided by 1 − rate; evaluation
/// uses the plain weight. One mask is used for a batch, and in a recurrent layer for all steps of a
/// call (Merity et al. 2018). The paper draws a mask for each example, also drops biases, doesn't
/// divide, and evaluates by a normal approximation of the sums. The weight keeps its name.
class DropConnect : public Reparametrized<DropConnect> {
 public:
  /// `rate`: the probability of a 0. Takes one draw from `rng`.
  DropConnect(double rate, Rng& rng);

  Tensor apply(const Tensor& weight, bool training) override;
  void fork(uint64_t index) override { rng_ = rng_.fork(index); }
  void members(Members& members) override { members.generator("weight_rng", rng_); }
  std::string description() const override { return fmt::format("DropConnect({})", rate_); }

 private:
  double rate_;
  Rng rng_;
};

}  // namespace gradus::layers
