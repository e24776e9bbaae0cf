#include "layers/dropout.hpp"

#include "core/ops/dropout.hpp"

namespace gradus::layers {
namespace {

double checked(const char* layer, double rate) {
  require(rate >= 0 && rate < 1, layer, "rate is at least 0 and below 1, got {}", rate);
  return rate;
}

}  // namespace

Dropout::Dropout(double rate, Rng& rng)
    : rate_(checked("dropout", rate)), rng_(rng.fork(rng.bits())) {}

Tensor Dropout::forward(const Tensor& x) {
  return is_training() ? dropout(x, rate_, rng_) : x;
}

Dropout2d::Dropout2d(double rate, Rng& rng)
    : rate_(checked("dropout2d", rate)), rng_(rng.fork(rng.bits())) {}

Tensor Dropout2d::forward(const Tensor& x) {
  return is_training() ? dropout2d(x, rate_, rng_) : x;
}

DropConnect::DropConnect(double rate, Rng& rng)
    : rate_(checked("drop_connect", rate)), rng_(rng.fork(rng.bits())) {}

Tensor DropConnect::apply(const Tensor& weight, bool training) {
  return training ? dropout(weight, rate_, rng_) : weight;
}

}  // namespace gradus::layers
