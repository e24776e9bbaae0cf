#include "data/sample_normalization.hpp"

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"

namespace gradus::data {

// x (rows, n) → to (rows, n)
template <class T>
static void scale_rows(const T* x, T* to, int64_t rows, int64_t n,
                       const Normalization& normalization) {
  const bool one = normalization.mean.size() == 1;
  parallel_for(rows, std::max<int64_t>(1, (1 << 14) / n), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin * n; i < end * n; ++i) {
      const auto value = static_cast<std::size_t>(one ? 0 : i % n);
      to[i] = static_cast<T>((x[i] - normalization.mean[value]) / normalization.deviation[value]);
    }
  });
}

Tensor Normalization::operator()(const Tensor& x) const {
  const int64_t rows = x.rank() > 0 ? x.size(0) : 0;
  require(rows > 0, "normalization", "samples must be (N, …) with N ≥ 1, got {}", x.shape());
  const Shape sample = x.shape().without(0);
  check(sample);
  Tensor scaled = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating("normalization", x.dtype(), [&]<class T>(T) {
    scale_rows(x.data<T>(), scaled.mutable_data<T>(), rows, sample.numel(), *this);
  });
  const Tensor result =
      record("normalization", {x}, std::move(scaled), [deviations = deviation](const Tensor& g) {
        if (deviations.size() == 1) return g / deviations[0];
        const Tensor divisors = Tensor::from(deviations, g.shape().without(0));
        return g / cast(divisors, g.dtype());
      });
  return matrix.defined() ? product(result) : result;
}

Tensor Normalization::product(const Tensor& x) const {
  const int64_t rows = x.size(0);
  const Tensor flat = reshape(matrix, {matrix.size(0), -1});
  const Tensor result = matmul(reshape(x, {rows, -1}), cast(flat, x.dtype()));
  return reshape(result, matrix.shape().without(0).inserted(0, rows));
}

void Normalization::check(const Shape& sample) const {
  const auto values = static_cast<std::size_t>(sample.numel());
  require(mean.size() == deviation.size() && (mean.size() == 1 || mean.size() == values),
          "normalized", "samples of shape {} need 1 or {} means and deviations, got {} and {}",
          sample, values, mean.size(), deviation.size());
  for (double value : deviation)
    require(value > 0, "normalized", "deviations must be positive, got {}", value);
  require(!matrix.defined() || (matrix.rank() >= 2 && matrix.size(0) == sample.numel()),
          "normalized", "samples of shape {} need a matrix with {} rows, got {}", sample, values,
          matrix.defined() ? matrix.shape() : Shape());
}

Shape Normalization::result_shape(const Shape& sample) const {
  return matrix.defined() ? matrix.shape().without(0) : sample;
}

bool Normalization::operator==(const Normalization& other) const {
  const auto values = [](const Tensor& x) {
    return x.defined() ? cast(x, DType::f64).to_vector<double>() : std::vector<double>{};
  };
  return mean == other.mean && deviation == other.deviation &&
         result_shape({}) == other.result_shape({}) && values(matrix) == values(other.matrix);
}

}  // namespace gradus::data
