// What the table of operations is made of: rows, whose inputs come small, in f64, for derivatives,
// or large, in f32, so that threads divide the work.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/gradcheck.hpp"
#include "core/random.hpp"

namespace gradus::testing {

class Sampler {
 public:
  Sampler(uint64_t seed, bool large) : rng_(seed), large_(large) {}

  /// An extent: `small`, or enough of it for several threads.
  int64_t n(int64_t small) const { return large_ ? small * 8000 : small; }
  /// Values on both sides of 0, where many functions have a kink, but not near it.
  Tensor real(const Shape& shape) {
    return leaf(shape, [this] {
      const double v = 4 * rng_.uniform() - 2;
      return v + (v < 0 ? -0.1 : 0.1);
    });
  }
  Tensor positive(const Shape& shape) {
    return leaf(shape, [this] { return 0.2 + 2 * rng_.uniform(); });
  }
  Tensor probability(const Shape& shape) {
    return leaf(shape, [this] { return 0.1 + 0.8 * rng_.uniform(); });
  }
  Tensor index(const Shape& shape, int64_t count) {
    Tensor x = Tensor::empty(shape, DType::i64);
    int64_t* values = x.mutable_data<int64_t>();
    for (int64_t i = 0; i < x.numel(); ++i) values[i] = rng_.below(count);
    return x;
  }

 private:
  template <class Value>
  Tensor leaf(const Shape& shape, Value value) {
    Tensor x = Tensor::empty(shape, large_ ? DType::f32 : DType::f64);
    dispatch(x.dtype(), [&]<class T>(T) {
      T* values = x.mutable_data<T>();
      for (int64_t i = 0; i < x.numel(); ++i) values[i] = static_cast<T>(value());
    });
    return x.set_requires_grad();
  }

  Rng rng_;
  bool large_;
};

struct Row {
  std::string name;
  std::function<Tensors(Sampler&)> inputs;
  Function function;
};

using Unary = Tensor (*)(const Tensor&);
using Binary = Tensor (*)(const Tensor&, const Tensor&);

inline Tensors one_real(Sampler& s) {
  return {s.real({s.n(3), 4})};
}
inline Tensors one_positive(Sampler& s) {
  return {s.positive({s.n(3), 4})};
}
inline Tensors broadcast_pair(Sampler& s) {
  return {s.real({s.n(3), 1, 4}), s.real({2, 1})};
}
inline Tensors equal_pair(Sampler& s) {
  return {s.real({s.n(3), 4}), s.real({s.n(3), 4})};
}
inline Tensors rows_and_labels(Sampler& s) {
  return {s.real({s.n(3), 4}), s.index({s.n(3)}, 4)};
}
inline Tensors rows_labels_weight(Sampler& s) {
  Tensors inputs{s.real({s.n(3), 4}), s.index({s.n(3)}, 4), s.positive({4})};
  inputs[2].set_requires_grad(false);
  return inputs;
}
/// Images of four channels, and a weight and bias for each.
inline Tensors four_channels(Sampler& s) {
  return {s.real({s.n(2) / 8 + 2, 4, 3, 2}), s.real({4}), s.real({4})};
}
inline Tensors image(Sampler& s) {
  return {s.real({s.n(4) / 4, 2, 5, 4})};
}

inline Row unary(std::string name, Unary f) {
  return {std::move(name), one_real, [=](const Tensors& t) { return f(t[0]); }};
}
inline Row of_positive(std::string name, Unary f) {
  return {std::move(name), one_positive, [=](const Tensors& t) { return f(t[0]); }};
}
inline Row binary(std::string name, Binary f) {
  return {std::move(name), broadcast_pair, [=](const Tensors& t) { return f(t[0], t[1]); }};
}
inline Row of_real(std::string name, Function f) {
  return {std::move(name), one_real, std::move(f)};
}

}  // namespace gradus::testing
