// Whether a function is convex, measured along chords.
#pragma once

#include <cmath>
#include <functional>

#include "core/ops/elementwise.hpp"
#include "core/random.hpp"

namespace gradus::lab {

/// The part in percent of 1000 random chords, of lengths over two orders of magnitude, above whose
/// middle `f`, a function of vectors of that size in double precision, lies: 0 where it is convex.
inline double chords_below(const std::function<double(const Tensor&)>& f, int64_t size, Rng rng) {
  int below = 0;
  for (int i = 0; i < 1000; ++i) {
    const Tensor a = randn({size}, rng, DType::f64);
    const Tensor b = a + randn({size}, rng, DType::f64) * std::pow(10, -2 * rng.uniform());
    below += f((a + b) / 2) > (f(a) + f(b)) / 2 + 1e-12;
  }
  return below / 10.0;
}

}  // namespace gradus::lab
