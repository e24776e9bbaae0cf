#include "layers/dense.hpp"

#include "core/ops/linear.hpp"
#include "layers/shown.hpp"

namespace gradus::layers {

static Shape weight_shape(int64_t in, int64_t out) {
  require_positive("dense", "in", in);
  require_positive("dense", "out", out);
  return {out, in};
}

Dense::Dense(int64_t in, int64_t out, Rng& rng, const DenseOptions& options)
    : Layer(weight_shape(in, out), out, options.bias, rng) {}

Tensor Dense::forward(const Tensor& x) {
  require(!folded_ || x.rank() == 2, "dense",
          "a normalization of (N, C) was folded into it, so inputs must be (N, in), got {}",
          x.shape());
  return multiply(x, linear);
}

bool Dense::fold_next(Module& next) {
  return folded_ |= Weighted::fold_next(next);
}

std::string Dense::description() const {
  return described(fmt::format("Dense({}, {}{})", weight.size(1), weight.size(0),
                               bias.defined() ? "" : ", bias=false"));
}

}  // namespace gradus::layers
