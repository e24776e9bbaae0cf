// A recurrent network with batch normalization, which the library leaves to those who want to see
// what comes of it.
#pragma once

#include "core/ops/activation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "layers/dense.hpp"
#include "layers/norm/batch_norm.hpp"

namespace gradus::lab {

/// h' = tanh(BN(x·Wᵀ + h·Uᵀ)) over (N, steps, in), and of that the last h (N, units): an RNN with
/// batch in the place of layer normalization. BN has its own γ, β and running statistics at each of
/// `steps` steps (Cooijmans et al. 2017), or with steps = 1 the same at all.
class BatchNormRNN : public layers::Layer<BatchNormRNN> {
 public:
  BatchNormRNN(int64_t in, int64_t units, int64_t steps, Rng& rng)
      : norms_(steps, layers::BatchNorm1d(units)),
        input_(in, units, rng, {.bias = false}),
        state_(units, units, rng, {.bias = false}) {}

  Tensor forward(const Tensor& x) override {
    Tensor h = Tensor::zeros({x.size(0), state_.weight.size(0)}, x.dtype());
    for (int64_t step = 0; step < x.size(1); ++step) {
      const Tensor row = squeeze(slice(x, 1, step, step + 1), 1);
      h = tanh(norms_[norms_.size() == 1 ? 0 : step](input_(row) + state_(h)));
    }
    return h;
  }
  void members(layers::Members& members) override {
    members.child("input", input_);
    members.child("state", state_);
    for (std::size_t i = 0; i < norms_.size(); ++i) members.child(fmt::format("{}", i), norms_[i]);
  }
  std::string description() const override { return "BatchNormRNN()"; }

 private:
  std::vector<layers::BatchNorm1d> norms_;
  layers::Dense input_, state_;
};

}  // namespace gradus::lab
