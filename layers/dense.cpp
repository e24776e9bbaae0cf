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
  return multiply(x, linear);
}

std::string Dense::description() const {
  return described(
      fmt::format("Dense({}, {}{})", weight.size(1), weight.size(0), bias ? "" : ", bias=false"));
}

}  // namespace gradus::layers
