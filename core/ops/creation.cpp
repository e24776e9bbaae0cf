#include "core/ops/creation.hpp"

#include <algorithm>
#include <cmath>

#include "core/kernels/simd/logarithm.hpp"

namespace gradus {

Tensor eye(int64_t n, int64_t m, DType dtype) {
  require(n >= 0 && m >= 0, "eye", "extents must be 0 or more, got {} and {}", n, m);
  Tensor y = Tensor::zeros({n, m}, dtype);
  dispatch(dtype, [&]<class T>(T) {
    T* to = y.mutable_data<T>();
    for (int64_t i = 0; i < std::min(n, m); ++i) to[i * m + i] = 1;
  });
  return y;
}

Tensor linspace(double first, double last, int64_t n, DType dtype) {
  require(n >= 0, "linspace", "the number of elements must be 0 or more, got {}", n);
  require(std::isfinite(first) && std::isfinite(last) && std::isfinite(last - first), "linspace",
          "both ends and their distance must be finite, got {} and {}", first, last);
  const double step = n > 1 ? (last - first) / static_cast<double>(n - 1) : 0;
  Tensor y = Tensor::empty({n}, dtype);
  dispatch_floating("linspace", dtype, [&]<class T>(T) {
    T* to = y.mutable_data<T>();
    for (int64_t i = 0; i < n; ++i)
      to[i] = static_cast<T>(i <= (n - 1) / 2 ? first + static_cast<double>(i) * step
                                              : last - static_cast<double>(n - 1 - i) * step);
  });
  return y;
}

Tensor arange(double start, double stop, double step, DType dtype) {
  const double steps = (stop - start) / step;
  constexpr double most = 0x1p53;  // whole numbers beyond it aren't exact
  require(step != 0 && steps >= 0 && steps <= most, "arange",
          "step must lead from start to stop in 2^53 steps or fewer: start {}, stop {}, step {}",
          start, stop, step);
  require(
      is_floating(dtype) || (std::trunc(start) == start && std::trunc(step) == step &&
                             std::abs(start) <= most && std::abs(stop) <= most),
      "arange",
      "i64 needs a start and a step that are whole numbers, of at most 2^53: start {}, stop {}, "
      "step {}",
      start, stop, step);
  Tensor y = Tensor::empty({static_cast<int64_t>(std::ceil(steps))}, dtype);
  dispatch(dtype, [&]<class T>(T) {
    T* to = y.mutable_data<T>();
    for (int64_t i = 0; i < y.numel(); ++i)
      to[i] = static_cast<T>(start + static_cast<double>(i) * step);
  });
  return y;
}

Tensor randint(int64_t low, int64_t high, const Shape& shape, Rng& rng) {
  int64_t range = 0;
  require(low < high && !__builtin_sub_overflow(high, low, &range), "randint",
          "low must be below high, by less than 2^63, got {} and {}", low, high);
  Tensor y = Tensor::empty(shape, DType::i64);
  int64_t* to = y.mutable_data<int64_t>();
  for (int64_t i = 0; i < y.numel(); ++i) to[i] = low + rng.below(range);
  return y;
}

namespace {

template <class T>
std::vector<double> checked_weights(const T* weights, int64_t classes, int64_t row, int64_t n,
                                    bool replacement) {
  std::vector<double> result(weights, weights + classes);
  for (const double weight : result)
    require(weight >= 0 && std::isfinite(weight), "multinomial",
            "weights must be finite and 0 or more: row {} has {}", row, weight);
  const int64_t positive = classes - std::count(result.begin(), result.end(), 0.0);
  require(positive > 0, "multinomial", "a weight above 0 is needed: row {} has none", row);
  require(replacement || positive >= n, "multinomial",
          "{} draws without replacement need as many weights above 0: row {} has {}", n, row,
          positive);
  return result;
}

void draw_with_replacement(const std::vector<double>& weights, int64_t n, Rng& rng, int64_t* y) {
  // Divided by the largest weight, the sum can't overflow, nor its products with a draw vanish.
  const double largest = *std::ranges::max_element(weights);
  std::vector<double> sums;
  double total = 0;
  for (const double weight : weights) sums.push_back(total += weight / largest);
  // The first sum above a number below the total: never that of a weight of 0.
  for (int64_t i = 0; i < n; ++i)
    y[i] = std::ranges::upper_bound(sums, rng.uniform() * total) - sums.begin();
}

// Each class waits for an exponential time with its weight as rate: the order of the first n is
// that of draws without replacement (Efraimidis and Spirakis 2006). Logarithms of the times neither
// overflow nor vanish.
void draw_without_replacement(const std::vector<double>& weights, int64_t n, Rng& rng, int64_t* y) {
  std::vector<std::pair<double, int64_t>> times;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double time = -kernels::log(1 - rng.uniform());
    if (weights[i] > 0)
      times.emplace_back(kernels::log(time) - kernels::log(weights[i]), static_cast<int64_t>(i));
  }
  std::partial_sort(times.begin(), times.begin() + n, times.end());
  for (int64_t i = 0; i < n; ++i) y[i] = times[static_cast<std::size_t>(i)].second;
}

}  // namespace

Tensor multinomial(const Tensor& weights, int64_t n, Rng& rng, bool replacement) {
  require(weights.rank() == 1 || weights.rank() == 2, "multinomial",
          "weights must be (C) or (R, C), got {}", weights.shape());
  require(n >= 1, "multinomial", "the number of draws must be 1 or more, got {}", n);
  Tensor y = Tensor::empty(weights.shape().with(-1, n), DType::i64);
  const int64_t rows = y.numel() / n, classes = weights.size(-1);
  dispatch_floating("multinomial", weights.dtype(), [&]<class T>(T) {
    for (int64_t row = 0; row < rows; ++row) {
      const std::vector<double> checked =
          checked_weights(weights.data<T>() + row * classes, classes, row, n, replacement);
      int64_t* to = y.mutable_data<int64_t>() + row * n;
      if (replacement)
        draw_with_replacement(checked, n, rng, to);
      else
        draw_without_replacement(checked, n, rng, to);
    }
  });
  return y;
}

}  // namespace gradus
