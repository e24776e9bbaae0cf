#include "layers/dropout.hpp"

#include "core/ops/dropout.hpp"

namespace gradus::layers {

Dropout::Dropout(double rate, Rng& rng) : rate_(rate), rng_(rng.fork(rng.bits())) {
  require(rate >= 0 && rate < 1, "dropout", "rate is at least 0 and below 1, got {}", rate);
}

Tensor Dropout::forward(const Tensor& x) {
  return is_training() ? dropout(x, rate_, rng_) : x;
}

std::string Dropout::description() const {
  return fmt::format("Dropout({})", rate_);
}

}  // namespace gradus::layers
