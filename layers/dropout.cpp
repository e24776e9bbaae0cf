#include "layers/dropout.hpp"

namespace gradus::layers {

double detail::checked_rate(const char* operation, double rate) {
  require(rate >= 0 && rate < 1, operation, "rate must be 0 or more and below 1, got {}", rate);
  return rate;
}

DropConnect::DropConnect(double rate, Rng& rng)
    : rate_(detail::checked_rate("drop_connect", rate)), rng_(rng.fork(rng.bits())) {}

Tensor DropConnect::apply(const Tensor& weight, bool training) {
  return training ? dropout(weight, rate_, rng_) : weight;
}

}  // namespace gradus::layers
