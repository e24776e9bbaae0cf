#include "layers/init.hpp"

#include <cmath>

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/reduce.hpp"
#include "layers/weighted.hpp"

namespace gradus::layers {
namespace init {
namespace {

// x[i] = value(i).
template <class Value>
void fill_by(Tensor& x, Value value) {
  dispatch_floating("init", x.dtype(), [&]<class T>(T) {
    T* data = x.mutable_data<T>();
    for (int64_t i = 0; i < x.numel(); ++i) data[i] = static_cast<T>(value(i));
  });
}

double he_deviation(const Tensor& weight, const HeOptions& options) {
  const Fans fan = fans(weight.shape());
  return gain(options.nonlinearity, options.negative_slope) /
         std::sqrt(static_cast<double>(options.mode == Fan::in ? fan.in : fan.out));
}

double xavier_deviation(const Tensor& weight, const XavierOptions& options) {
  const Fans fan = fans(weight.shape());
  return options.gain * std::sqrt(2.0 / static_cast<double>(fan.in + fan.out));
}

void uniform_of_deviation(Tensor& x, Rng& rng, double deviation) {
  const double bound = std::sqrt(3.0) * std::abs(deviation);
  uniform(x, rng, {.low = -bound, .high = bound});
}

// Gram and Schmidt, each row twice, which leaves it orthogonal to rounding (Giraud et al. 2005).
Tensor orthonormal_rows(int64_t rows, int64_t columns, Rng& rng) {
  Tensor q = randn({rows, columns}, rng, DType::f64);
  for (int64_t i = 0; i < rows; ++i) {
    Tensor row = q.alias({1, columns}, i * columns);
    const Tensor before = q.alias({i, columns});
    for (int pass = 0; pass < 2 && i > 0; ++pass)
      row.copy_from(row - matmul(matmul(row, before, {.b = true}), before));
    row.copy_from(row * rsqrt(sum(square(row))));
  }
  return q;
}

}  // namespace

Fans fans(const Shape& weight) {
  require(weight.rank() >= 2 && weight.numel() > 0, "init",
          "a weight is (out, in) or (out, in, kernel…), got {}", weight);
  const int64_t out = weight[0], in = weight[1];
  return {weight.numel() / out, weight.numel() / in};
}

double gain(std::string_view nonlinearity, double negative_slope) {
  static const Registry<double (*)(double)> table(
      "nonlinearity",
      {{"linear", "no function", [](double) { return 1.0; }},
       {"sigmoid", "PyTorch's gain for the logistic function", [](double) { return 1.0; }},
       {"logistic", "1 / the logistic function's slope at 0", [](double) { return 4.0; }},
       {"tanh", "the hyperbolic tangent", [](double) { return 5.0 / 3; }},
       {"relu", "max(x, 0)", [](double) { return std::sqrt(2.0); }},
       {"leaky-relu", "x, below 0 slope·x",
        [](double slope) { return std::sqrt(2 / (1 + slope * slope)); }},
       {"selu", "PyTorch's gain for selu", [](double) { return 0.75; }}});
  return table.find(nonlinearity)(negative_slope);
}

void constant(Tensor& x, double value) {
  const NoGrad no_grad;
  x.fill(value);
}

void normal(Tensor& x, Rng& rng, const NormalOptions& options) {
  require(options.std >= 0, "normal", "std is 0 or more, got {}", options.std);
  rng.fill_normal(x, options.mean, options.std);
}

void uniform(Tensor& x, Rng& rng, const UniformOptions& options) {
  require(options.low <= options.high, "uniform", "needs low ≤ high, got {} and {}", options.low,
          options.high);
  rng.fill_uniform(x, options.low, options.high);
}

void truncated_normal(Tensor& x, Rng& rng, const TruncatedNormalOptions& options) {
  const auto& [mean, std, low, high] = options;
  require(std > 0, "truncated_normal", "std is positive, got {}", std);
  require(low < high && std::isfinite(high - low), "truncated_normal",
          "needs finite low < high, got {} and {}", low, high);
  // Accepted in proportion to the density, relative to its largest value within the bounds (Robert
  // 1995): ends wherever the bounds lie.
  const double nearest = (std::clamp(mean, low, high) - mean) / std;
  fill_by(x, [&](int64_t) {
    for (;;) {
      const double value = low + (high - low) * rng.uniform();
      const double z = (value - mean) / std;
      if (rng.uniform() < std::exp((nearest * nearest - z * z) / 2)) return value;
    }
  });
}

void xavier_uniform(Tensor& weight, Rng& rng, const XavierOptions& options) {
  uniform_of_deviation(weight, rng, xavier_deviation(weight, options));
}

void xavier_normal(Tensor& weight, Rng& rng, const XavierOptions& options) {
  rng.fill_normal(weight, 0, xavier_deviation(weight, options));
}

void he_uniform(Tensor& weight, Rng& rng, const HeOptions& options) {
  uniform_of_deviation(weight, rng, he_deviation(weight, options));
}

void he_normal(Tensor& weight, Rng& rng, const HeOptions& options) {
  rng.fill_normal(weight, 0, he_deviation(weight, options));
}

void lecun_normal(Tensor& weight, Rng& rng) {
  he_normal(weight, rng, {.nonlinearity = "linear"});
}

void orthogonal(Tensor& weight, Rng& rng, const OrthogonalOptions& options) {
  const int64_t columns = fans(weight.shape()).in, rows = weight.numel() / columns;
  const NoGrad no_grad;
  const Tensor q = orthonormal_rows(std::min(rows, columns), std::max(rows, columns), rng);
  const double* values = q.data<double>();
  fill_by(weight, [&](int64_t i) {
    return options.gain * (rows <= columns ? values[i] : values[i % columns * rows + i / columns]);
  });
}

void sparse(Tensor& weight, Rng& rng, const SparseOptions& options) {
  require(weight.rank() == 2, "sparse", "needs a matrix, got {}", weight.shape());
  require(options.sparsity >= 0 && options.sparsity <= 1, "sparse", "sparsity is 0 to 1, got {}",
          options.sparsity);
  const int64_t rows = weight.size(0), columns = weight.size(1);
  const auto zeros = static_cast<int64_t>(std::ceil(options.sparsity * static_cast<double>(rows)));
  normal(weight, rng, {.std = options.std});
  dispatch_floating("sparse", weight.dtype(), [&]<class T>(T) {
    T* values = weight.mutable_data<T>();
    for (int64_t column = 0; column < columns; ++column) {
      const std::vector<int64_t> order = rng.permutation(rows);
      for (int64_t i = 0; i < zeros; ++i) values[order[i] * columns + column] = 0;
    }
  });
}

}  // namespace init

const Registry<Initializer>& initializers() {
  static const Registry<Initializer> table(
      "initializer",
      {{"he-normal", "normal, deviation √(2/fan_in), for ReLU (He et al. 2015)",
        [](Tensor& w, Rng& rng) { init::he_normal(w, rng); }},
       {"he-uniform", "uniform of the same deviation",
        [](Tensor& w, Rng& rng) { init::he_uniform(w, rng); }},
       {"xavier-normal", "normal, deviation √(2/(fan_in + fan_out)) (Glorot and Bengio 2010)",
        [](Tensor& w, Rng& rng) { init::xavier_normal(w, rng); }},
       {"xavier-uniform", "uniform of the same deviation",
        [](Tensor& w, Rng& rng) { init::xavier_uniform(w, rng); }},
       {"lecun-normal", "normal, deviation 1/√fan_in, for SELU (LeCun et al. 1998)",
        [](Tensor& w, Rng& rng) { init::lecun_normal(w, rng); }},
       {"orthogonal", "orthonormal rows or columns (Saxe et al. 2014)",
        [](Tensor& w, Rng& rng) { init::orthogonal(w, rng); }},
       {"normal", "normal, deviation 0.01 whatever the size",
        [](Tensor& w, Rng& rng) { init::normal(w, rng, {.std = 0.01}); }},
       {"truncated-normal", "the same, cut at two deviations",
        [](Tensor& w, Rng& rng) {
          init::truncated_normal(w, rng, {.std = 0.01, .low = -0.02, .high = 0.02});
        }},
       {"uniform", "uniform within ±0.05 whatever the size",
        [](Tensor& w, Rng& rng) { init::uniform(w, rng, {.low = -0.05, .high = 0.05}); }},
       {"constant", "every weight 0.01: all units of a layer stay equal",
        [](Tensor& w, Rng&) { init::constant(w, 0.01); }},
       {"zeros", "every weight 0: nothing reaches the first layers",
        [](Tensor& w, Rng&) { init::constant(w, 0); }}});
  return table;
}

void initialize(Module& module, const Initializer& initializer, Rng& rng) {
  const Members members(module);
  for (const auto& [path, below] : members.modules()) {
    auto* const layer = dynamic_cast<Weighted*>(below);
    if (!layer) continue;
    initializer(layer->weight, rng);
    if (layer->bias) init::constant(layer->bias, 0);
  }
}

}  // namespace gradus::layers
