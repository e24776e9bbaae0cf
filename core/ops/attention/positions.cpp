#include "core/ops/attention/positions.hpp"

#include <cmath>

#include "core/autograd.hpp"
#include "core/kernels/simd/logarithm.hpp"
#include "core/kernels/simd/trigonometric.hpp"
#include "core/kernels/simd/vectorized.hpp"
#include "core/parallel.hpp"

namespace gradus {
namespace {

// base^(−2i/width) for the pair i.
double frequency(double base, int64_t i, int64_t width) {
  return kernels::pow(base, -static_cast<double>(2 * i) / static_cast<double>(width));
}

// Of the angle by which a pair is turned.
template <class T>
struct Turn {
  T sin, cos;
};

// (length, width/2); `direction` is 1, or −1 to turn back.
template <class T>
std::vector<Turn<T>> turns(int64_t length, int64_t width, const RotaryOptions& options,
                           double direction) {
  const int64_t pairs = width / 2;
  std::vector<Turn<T>> result(static_cast<std::size_t>(length * pairs));
  for (int64_t i = 0; i < pairs; ++i) {
    const double step = frequency(options.base, i, width);
    for (int64_t p = 0; p < length; ++p) {
      const double angle = static_cast<double>(p + options.offset) * step;
      result[static_cast<std::size_t>(p * pairs + i)] = {
          static_cast<T>(direction * kernels::sin(angle)), static_cast<T>(kernels::cos(angle))};
    }
  }
  return result;
}

// The pairs of one head: the first of each is at i·step, its partner `partner` behind it.
template <class T>
void turn_row(int64_t pairs, int64_t step, int64_t partner, const Turn<T>* turn, const T* from,
              T* to) {
  for (int64_t i = 0; i < pairs; ++i) {
    const int64_t at = i * step;
    const T u = from[at], v = from[at + partner];
    to[at] = kernels::fma(u, turn[i].cos, -v * turn[i].sin);
    to[at + partner] = kernels::fma(v, turn[i].cos, u * turn[i].sin);
  }
}

Tensor rotated(const Tensor& x, const RotaryOptions& options, double direction) {
  const int64_t length = x.size(-2), heads = options.heads, width = x.size(-1) / heads;
  const int64_t pairs = width / 2, rows = x.numel() / std::max<int64_t>(1, width);
  const int64_t step = options.interleaved ? 2 : 1, partner = options.interleaved ? 1 : pairs;
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating("rotary_embedding", x.dtype(), [&]<class T>(T) {
    const std::vector<Turn<T>> turn = turns<T>(length, width, options, direction);
    const T* const from = x.data<T>();
    T* const to = y.mutable_data<T>();
    parallel_for(rows, std::max<int64_t>(1, (1 << 15) / std::max<int64_t>(1, width)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t row = begin; row < end; ++row)
                     kernels::vectorized<turn_row<T>>(pairs, step, partner,
                                                      turn.data() + row / heads % length * pairs,
                                                      from + row * width, to + row * width);
                 });
  });
  return record("rotary_embedding", {x}, y,
                [options, direction](const Tensor& g) { return rotated(g, options, -direction); });
}

}  // namespace

Tensor sinusoidal_positions(int64_t length, int64_t width, DType dtype) {
  require(length >= 0 && width >= 0, "sinusoidal_positions",
          "length and width must be 0 or more, got {} and {}", length, width);
  Tensor y = Tensor::empty({length, width}, dtype);
  dispatch_floating("sinusoidal_positions", dtype, [&]<class T>(T) {
    T* const to = y.mutable_data<T>();
    for (int64_t i = 0; i < width; ++i) {
      const double step = frequency(10000, i / 2, width);
      for (int64_t p = 0; p < length; ++p) {
        const double angle = static_cast<double>(p) * step;
        to[p * width + i] = static_cast<T>(i % 2 == 0 ? kernels::sin(angle) : kernels::cos(angle));
      }
    }
  });
  return y;
}

Tensor rotary_embedding(const Tensor& x, const RotaryOptions& options) {
  require(options.heads > 0, "rotary_embedding", "heads must be positive, got {}", options.heads);
  require(x.rank() >= 2 && x.size(-1) % (2 * options.heads) == 0, "rotary_embedding",
          "needs x (…, L, heads·d) with an even d, got {} and {} heads", x.shape(), options.heads);
  require(options.base > 0 && std::isfinite(options.base), "rotary_embedding",
          "base must be positive and finite, got {}", options.base);
  require(options.offset >= 0, "rotary_embedding", "offset must be 0 or more, got {}",
          options.offset);
  return rotated(x, options, 1);
}

}  // namespace gradus
