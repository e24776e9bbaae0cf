#include "core/ops/dropout.hpp"

#include "core/autograd.hpp"
#include "core/ops/detail/map.hpp"

namespace gradus {

// x·mask, with a mask that broadcasts to x. It is linear in x, so it is also its own gradient.
static Tensor drop(const char* operation, const Tensor& x, const Tensor& mask, double rate) {
  const double scale = 1 / (1 - rate);
  return record(operation, {x},
                detail::zip(operation, x, mask,
                            [scale](auto v, auto kept) {
                              using T = decltype(v);
                              return kept == 0 ? T{0} : v * static_cast<T>(scale);
                            }),
                [operation, mask = save(mask), rate](const Tensor& g) {
                  return drop(operation, g, mask, rate);
                });
}

// `draws` is the shape of the mask, with one draw for each of its elements.
static Tensor drop_at_random(const char* operation, const Tensor& x, const Shape& draws,
                             double rate, Rng& rng) {
  require(rate >= 0 && rate < 1, operation, "rate must be 0 or more and below 1, got {}", rate);
  if (rate == 0) return x;
  Tensor mask = Tensor::empty(draws, x.dtype());
  rng.fill_bernoulli(mask, 1 - rate);
  return drop(operation, x, mask, rate);
}

Tensor dropout(const Tensor& x, double rate, Rng& rng) {
  return drop_at_random("dropout", x, x.shape(), rate, rng);
}

Tensor dropout2d(const Tensor& x, double rate, Rng& rng) {
  require(x.rank() == 4, "dropout2d", "needs images (N, C, H, W), got {}", x.shape());
  return drop_at_random("dropout2d", x, {x.size(0), x.size(1), 1, 1}, rate, rng);
}

}  // namespace gradus
