#include "layers/weighted.hpp"

#include <cmath>

#include "layers/init.hpp"

namespace gradus::layers {

Weighted::Weighted(const Shape& weight_shape, int64_t outputs, bool with_bias, Rng& rng)
    : weight(Tensor::empty(weight_shape)), bias(with_bias ? Tensor::empty({outputs}) : Tensor()) {
  const double bound = 1 / std::sqrt(static_cast<double>(init::fans(weight_shape).in));
  init::uniform(weight, rng, {.low = -bound, .high = bound});
  if (bias) init::uniform(bias, rng, {.low = -bound, .high = bound});
}

}  // namespace gradus::layers
