#include "core/random.hpp"

#include <cmath>
#include <cstring>
#include <numbers>
#include <numeric>

#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/logarithm.hpp"
#include "core/kernels/simd/trigonometric.hpp"
#include "core/parallel.hpp"

namespace gradus {
namespace {

struct PhiloxBlock {
  uint64_t first, second;
};

// One block of Philox 4×32-10 with the key `seed` and the counter (position, stream).
PhiloxBlock philox(const Rng::State& state, uint64_t position) {
  uint32_t c0 = static_cast<uint32_t>(position), c1 = static_cast<uint32_t>(position >> 32);
  uint32_t c2 = static_cast<uint32_t>(state.stream), c3 = static_cast<uint32_t>(state.stream >> 32);
  uint32_t k0 = static_cast<uint32_t>(state.seed), k1 = static_cast<uint32_t>(state.seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = uint64_t{0xD2511F53} * c0, p1 = uint64_t{0xCD9E8D57} * c2;
    c0 = static_cast<uint32_t>(p1 >> 32) ^ c1 ^ k0;
    c1 = static_cast<uint32_t>(p1);
    c2 = static_cast<uint32_t>(p0 >> 32) ^ c3 ^ k1;
    c3 = static_cast<uint32_t>(p0);
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return {uint64_t{c1} << 32 | c0, uint64_t{c3} << 32 | c2};
}

double unit(uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

// The first coordinate of the Box–Muller transform; 1 - u keeps the logarithm finite.
double gaussian(PhiloxBlock block) {
  const kernels::Angle angle = kernels::small_angle(2 * std::numbers::pi * unit(block.second));
  return std::sqrt(-2 * kernels::log(1 - unit(block.first))) * kernels::sin_of(angle, 1);
}

// x[i] = value(block at counter position + i). With one block per element, values don't depend on
// the division of the work.
template <class Value>
void fill(std::string_view operation, Tensor& x, Rng::State& state, Value value) {
  dispatch_floating(operation, x.dtype(), [&]<class T>(T) {
    T* data = x.mutable_data<T>();
    parallel_for(x.numel(), 1 << 14, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        data[i] = static_cast<T>(value(philox(state, state.position + static_cast<uint64_t>(i))));
    });
  });
  state.position += static_cast<uint64_t>(x.numel());
}

}  // namespace

Rng Rng::fork(uint64_t index) const {
  // The new stream is an encrypted number, so that forks of forks don't collide.
  const Rng::State key{state_.seed ^ 0x5851F42D4C957F2D, state_.stream, 0};
  return Rng(state_.seed, philox(key, index).first);
}

uint64_t Rng::bits() {
  return philox(state_, state_.position++).first;
}

double Rng::uniform() {
  return unit(bits());
}

double Rng::normal() {
  return gaussian(philox(state_, state_.position++));
}

int64_t Rng::below(int64_t bound) {
  require(bound > 0, "below", "the bound must be positive, got {}", bound);
  const uint64_t range = static_cast<uint64_t>(bound);
  const uint64_t rejected_below = -range % range;
  uint64_t draw = bits();
  while (draw < rejected_below) draw = bits();
  return static_cast<int64_t>(draw % range);
}

std::vector<int64_t> Rng::permutation(int64_t n) {
  constexpr int64_t most = int64_t{1} << 40;  // more than any memory holds
  require(n >= 0 && n <= most, "permutation", "n must be 0 to 2^40, got {}", n);
  std::vector<int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  for (int64_t i = n - 1; i > 0; --i) std::swap(order[i], order[below(i + 1)]);
  return order;
}

void Rng::fill_uniform(Tensor& x, double low, double high) {
  // Rounding could give `high`, which is excluded.
  const bool f32 = x.dtype() == DType::f32;
  const double below = f32 ? std::nextafter(static_cast<float>(high), static_cast<float>(low))
                           : std::nextafter(high, low);
  fill("fill_uniform", x, state_, [=](PhiloxBlock block) {
    const double u = f32 ? static_cast<double>(block.first >> 40) * 0x1p-24 : unit(block.first);
    return std::min(low + (high - low) * u, below);
  });
}

void Rng::fill_normal(Tensor& x, double mean, double deviation) {
  fill("fill_normal", x, state_,
       [=](PhiloxBlock block) { return mean + deviation * gaussian(block); });
}

void Rng::fill_bernoulli(Tensor& x, double probability) {
  require(probability > 0 && probability <= 1, "fill_bernoulli",
          "probability must be above 0 and at most 1, got {}", probability);
  // Four draws at a time without branches: the processor couldn't predict random ones.
  const uint32_t largest = static_cast<uint32_t>(std::ceil(probability * 0x1p32) - 1);
  const int64_t n = x.numel(), blocks = chunk_count(n, 4);
  dispatch_floating("fill_bernoulli", x.dtype(), [&]<class T>(T) {
    using Values = kernels::LaneGroup<T, 4>;
    T* data = x.mutable_data<T>();
    parallel_for(blocks, 1 << 13, [&, state = state_](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const PhiloxBlock block = philox(state, state.position + static_cast<uint64_t>(i));
        kernels::LaneGroup<uint32_t, 4> words;
        std::memcpy(&words, &block, sizeof words);
        const Values values = -__builtin_convertvector(words <= largest, Values);
        if (4 * i + 4 <= n)
          std::memcpy(data + 4 * i, &values, sizeof values);
        else
          for (int64_t j = 4 * i; j < n; ++j) data[j] = values[j % 4];
      }
    });
  });
  state_.position += static_cast<uint64_t>(blocks);
}

Tensor rand(const Shape& shape, Rng& rng, DType dtype) {
  Tensor result = Tensor::empty(shape, dtype);
  rng.fill_uniform(result);
  return result;
}

Tensor randn(const Shape& shape, Rng& rng, DType dtype) {
  Tensor result = Tensor::empty(shape, dtype);
  rng.fill_normal(result);
  return result;
}

}  // namespace gradus
