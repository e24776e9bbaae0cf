#include "core/ops/dropout.hpp"

#include "core/autograd.hpp"
#include "core/kernels/elementwise.hpp"

namespace gradus {
namespace {

// The same linear function of x for the same uniform `chance`, hence its own gradient.
Tensor drop(const Tensor& x, const Tensor& chance, double rate) {
  return record("dropout", {x},
                kernels::zip("dropout", x, chance,
                             [rate](auto v, auto u) {
                               using T = decltype(v);
                               return u < static_cast<T>(rate) ? T{0}
                                                               : v * static_cast<T>(1 / (1 - rate));
                             }),
                [chance = save(chance), rate](const Tensor& g) { return drop(g, chance, rate); });
}

}  // namespace

Tensor dropout(const Tensor& x, double rate, Rng& rng) {
  require(rate >= 0 && rate < 1, "dropout", "needs 0 ≤ rate < 1, got {}", rate);
  return rate == 0 ? x : drop(x, rand(x.shape(), rng, x.dtype()), rate);
}

}  // namespace gradus
