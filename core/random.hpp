// Rng: random numbers from an explicit seed, the same on every machine and for any number of
// threads.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// Philox 4×32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): encrypts a
/// counter with the seed. Element i of a tensor is drawn from counter + i, or, if it needs fewer
/// bits, from a part of counter + i/4, so tensors are filled in parallel. A copy continues with the
/// same numbers as the original.
class Rng {
 public:
  /// The state of a generator, to continue it later.
  struct State {
    uint64_t seed = 0;      ///< the key
    uint64_t stream = 0;    ///< the upper half of the counter
    uint64_t position = 0;  ///< the lower half: the position of the next number
    /// Whether generators in these states give the same numbers.
    bool operator==(const State&) const = default;
  };

  /// Generators with the same seed and different streams are independent.
  explicit Rng(uint64_t seed, uint64_t stream = 0) : state_{seed, stream, 0} {}
  /// Continues from `state`.
  explicit Rng(const State& state) : state_(state) {}

  /// The present state.
  const State& state() const { return state_; }
  /// A generator with the same seed and a stream derived from this one's stream and `index`; this
  /// generator doesn't change.
  Rng fork(uint64_t index) const;

  /// 64 random bits.
  uint64_t bits();
  /// Uniform in [0, 1), with 53 random bits.
  double uniform();
  /// Standard normal.
  double normal();
  /// Uniform in 0 … bound-1, without bias. Throws std::invalid_argument unless bound > 0.
  int64_t below(int64_t bound);
  /// 0 … n-1 in random order.
  std::vector<int64_t> permutation(int64_t n);

  /// Fills `x` (f32 or f64), in parallel, with independent uniform values in [low, high).
  void fill_uniform(Tensor& x, double low = 0, double high = 1);
  /// Fills `x` (f32 or f64), in parallel, with independent normal values.
  void fill_normal(Tensor& x, double mean = 0, double deviation = 1);
  /// Fills `x` (f32 or f64), in parallel: each element is 1 with the given probability (rounded up
  /// to a multiple of 2⁻³²), else 0. Four elements use one number of the counter. Throws
  /// std::invalid_argument unless 0 < probability ≤ 1.
  void fill_bernoulli(Tensor& x, double probability);

 private:
  State state_;
};

/// A new tensor, uniform in [0, 1).
Tensor rand(const Shape& shape, Rng& rng, DType dtype = DType::f32);
/// A new tensor, standard normal.
Tensor randn(const Shape& shape, Rng& rng, DType dtype = DType::f32);

}  // namespace gradus
