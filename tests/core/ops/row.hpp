// What the table of operations is made of: rows, whose inputs come small, in f64, for derivatives,
// or in f32 and so large that threads divide the work.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/gradcheck.hpp"
#include "core/random.hpp"

namespace gradus::testing {

class Sampler {
 public:
  explicit Sampler(uint64_t seed, DType dtype = DType::f64, int64_t scale = 1)
      : rng_(seed), dtype_(dtype), scale_(scale) {}

  /// An extent that may be large.
  int64_t n(int64_t small) const { return small * scale_; }
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
    Tensor x = Tensor::empty(shape, dtype_);
    dispatch(x.dtype(), [&]<class T>(T) {
      T* values = x.mutable_data<T>();
      for (int64_t i = 0; i < x.numel(); ++i) values[i] = static_cast<T>(value());
    });
    return x.set_requires_grad();
  }

  Rng rng_;
  DType dtype_;
  int64_t scale_;
};

using Real = long double;
using Reals = std::vector<Real>;

struct Row {
  std::string name;
  std::function<Tensors(Sampler&)> inputs;
  Function function;
  /// Of an operation on each element: its value and its derivative by each input with one, exact;
  /// the limits at ±∞, and NaN where there is none.
  std::function<Reals(const Reals&)> exact = {};
  /// Where its formula changes.
  std::vector<double> kinks = {};
  /// Infinities of a differentiable input at which the results and derivatives are the limits; at
  /// the others they may be NaN, as ∞ − ∞ and 0·∞ are.
  std::vector<double> limits = {-INFINITY, INFINITY};
  /// Whether NaN reaches more results than those that depend on it: it multiplies by zeros of its
  /// own, such as padding, and 0·NaN is NaN; or it gives up at once.
  bool pads = false;
  /// The largest size of inputs that accuracy is measured with.
  double reach = 16;
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

using RealFunction = Real (*)(Real);

// Whether the error begins with "[operation]", which the row's name begins with, too.
inline bool is_named(const Row& row, const std::exception& error) {
  const std::string_view message = error.what();
  return message.starts_with('[') && row.name.starts_with(message.substr(1, message.find(']') - 1));
}

inline Row of_real(std::string name, Function f) {
  return {std::move(name), one_real, std::move(f)};
}
/// An operation on each element, with its value, its derivative and its kinks.
inline Row elementwise(std::string name, Function f, RealFunction value, RealFunction slope,
                       std::vector<double> kinks = {}) {
  const auto exact = [=](const Reals& x) { return Reals{value(x[0]), slope(x[0])}; };
  return {std::move(name), one_real, std::move(f), exact, std::move(kinks)};
}
inline Row elementwise(std::string name, Unary f, RealFunction value, RealFunction slope,
                       std::vector<double> kinks = {}) {
  return elementwise(
      std::move(name), [=](const Tensors& t) { return f(t[0]); }, value, slope, std::move(kinks));
}
inline Row of_positive(Row row) {
  row.inputs = one_positive;
  return row;
}
inline Row binary(std::string name, Binary f, std::function<Reals(const Reals&)> exact) {
  return {std::move(name), broadcast_pair, [=](const Tensors& t) { return f(t[0], t[1]); },
          std::move(exact)};
}

/// An operation that is NaN at +∞, where it is ∞ − ∞.
inline Row limit_below(Row row) {
  row.limits = {-INFINITY};
  return row;
}
inline Row without_limits(Row row) {
  row.limits = {};
  return row;
}
inline Row padding(Row row) {
  row.pads = true;
  return without_limits(std::move(row));
}

}  // namespace gradus::testing
