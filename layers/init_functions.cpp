#include "layers/init_functions.hpp"

#include <cmath>

#include "core/linalg/linalg.hpp"
#include "core/math.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "layers/activation.hpp"

namespace gradus::layers::init {
namespace {

// x[i] = value(i).
template <class Value>
void fill_by(Tensor& x, Value value) {
  dispatch_floating("init", x.dtype(), [&]<class T>(T) {
    T* data = x.mutable_data<T>();
    for (int64_t i = 0; i < x.numel(); ++i) data[i] = static_cast<T>(value(i));
  });
}

double deviation_of(const Tensor& weight, Fan fan, double gain) {
  const auto [in, out] = fans(weight.shape());
  const double chosen = fan == Fan::in    ? static_cast<double>(in)
                        : fan == Fan::out ? static_cast<double>(out)
                                          : static_cast<double>(in + out) / 2;
  return gain / std::sqrt(chosen);
}

void uniform_of_deviation(Tensor& x, Rng& rng, double deviation) {
  const double bound = std::sqrt(3.0) * std::abs(deviation);
  uniform(x, rng, {.low = -bound, .high = bound});
}

// 1/√E[f(z)²] by Simpson's rule. The kinks of piecewise functions are at integers, which are nodes.
double computed_gain(AnyModule activation) {
  constexpr int64_t per_unit = 128, bound = 12, count = 2 * bound * per_unit + 1;
  const NoGrad no_grad;
  activation->to(DType::f64);
  const Tensor z =
      affine(Tensor::arange(count, DType::f64), 1.0 / per_unit, -static_cast<double>(bound));
  const Tensor density = exp(square(z) * -0.5);
  const Tensor heights = square(activation->forward(z)) * density;
  double squares = 0, total = 0;
  for (int64_t i = 0; i < count; ++i) {
    const double node = i % 2 ? 4 : 2;  // the integrand is 0 (up to rounding) at both ends
    squares += node * heights.data<double>()[i];
    total += node * density.data<double>()[i];
  }
  return std::sqrt(total / squares);
}

using Gains = Registry<std::function<double(double)>>;

const Gains& gains() {
  static const Gains table = [] {
    std::vector<Gains::Entry> entries{
        {"linear", "no function", [](double) { return 1.0; }},
        {"identity", "no function", [](double) { return 1.0; }},
        {"sigmoid", "PyTorch's gain for the logistic function", [](double) { return 1.0; }},
        {"logistic", "1 / the logistic function's slope at 0", [](double) { return 4.0; }},
        {"tanh", "PyTorch's gain for tanh", [](double) { return 5.0 / 3; }},
        {"relu", "1/√E[f(z)²]", [](double) { return std::sqrt(2.0); }},
        {"leaky-relu", "1/√E[f(z)²]",
         [](double slope) { return std::sqrt(2 / (1 + slope * slope)); }},
        {"selu", "PyTorch's gain for selu", [](double) { return 0.75; }}};
    for (const auto& activation : activations().entries())
      if (std::ranges::find(entries, activation.name, &Gains::Entry::name) == entries.end())
        entries.push_back({activation.name, "1/√E[f(z)²]",
                           [gain = computed_gain(activation.make())](double) { return gain; }});
    return Gains("activation", std::move(entries));
  }();
  return table;
}

// The numbers of rows (outputs) and columns of a weight as a matrix.
struct RowsAndColumns {
  int64_t rows, columns;
};
RowsAndColumns matrix_of(const Tensor& weight) {
  const int64_t columns = fans(weight.shape()).in;
  return {weight.numel() / columns, columns};
}

}  // namespace

Fans fans(const Shape& weight) {
  require(weight.rank() >= 2 && weight.numel() > 0, "init",
          "a weight must be (out, in) or (out, in, kernel…), got {}", weight);
  const int64_t out = weight[0], in = weight[1];
  return {weight.numel() / out, weight.numel() / in};
}

double gain(std::string_view activation, double negative_slope) {
  return gains().find(activation)(negative_slope);
}

void constant(Tensor& x, double value) {
  const NoGrad no_grad;
  x.fill(value);
}

void normal(Tensor& x, Rng& rng, const NormalOptions& options) {
  require(options.std >= 0, "normal", "std must be 0 or more, got {}", options.std);
  rng.fill_normal(x, options.mean, options.std);
}

void uniform(Tensor& x, Rng& rng, const UniformOptions& options) {
  require(options.low <= options.high, "uniform", "low must not be above high, got {} and {}",
          options.low, options.high);
  rng.fill_uniform(x, options.low, options.high);
}

void truncated_normal(Tensor& x, Rng& rng, const TruncatedNormalOptions& options) {
  const double mean = options.mean, std = options.std, low = options.low, high = options.high;
  require(std > 0, "truncated_normal", "std must be positive, got {}", std);
  require(low < high && std::isfinite(high - low), "truncated_normal",
          "low and high must be finite, and low below high, got {} and {}", low, high);
  // Rejection sampling (Robert 1995, "Simulation of truncated normal variables"), fast for all
  // bounds. Proposals are uniform; if nearly all of these would be rejected, they are normal, or
  // exponential in a tail at the distance `nearest` from the mean. The probability of acceptance is
  // the density, relative to its largest value within the bounds.
  const double nearest = (std::clamp(mean, low, high) - mean) / std, tail = std::abs(nearest);
  const double rate = (tail + std::sqrt(tail * tail + 4)) / 2;
  const bool narrow = high - low <= 100 * std;
  fill_by(x, [&](int64_t) {
    for (;;) {
      double value = 0, log_acceptance = 0;
      if (narrow) {
        value = low + (high - low) * rng.uniform();
        const double z = (value - mean) / std;
        log_acceptance = (nearest * nearest - z * z) / 2;
      } else if (tail == 0) {
        value = mean + rng.normal() * std;
      } else {
        const double z = tail - math::log1p(-rng.uniform()) / rate;
        value = mean + std::copysign(z, nearest) * std;
        log_acceptance = -(z - rate) * (z - rate) / 2;
      }
      const bool accepted = rng.uniform() < math::exp(log_acceptance);
      if (accepted && low <= value && value <= high) return value;
    }
  });
}

void xavier_uniform(Tensor& weight, Rng& rng, const XavierOptions& options) {
  uniform_of_deviation(weight, rng, deviation_of(weight, Fan::average, options.gain));
}

void xavier_normal(Tensor& weight, Rng& rng, const XavierOptions& options) {
  rng.fill_normal(weight, 0, deviation_of(weight, Fan::average, options.gain));
}

void he_uniform(Tensor& weight, Rng& rng, const HeOptions& options) {
  uniform_of_deviation(weight, rng, deviation_of(weight, options.fan, options.gain));
}

void he_normal(Tensor& weight, Rng& rng, const HeOptions& options) {
  rng.fill_normal(weight, 0, deviation_of(weight, options.fan, options.gain));
}

void lecun_uniform(Tensor& weight, Rng& rng, const LeCunOptions& options) {
  he_uniform(weight, rng, {.fan = options.fan, .gain = options.gain});
}

void lecun_normal(Tensor& weight, Rng& rng, const LeCunOptions& options) {
  he_normal(weight, rng, {.fan = options.fan, .gain = options.gain});
}

void orthogonal(Tensor& weight, Rng& rng, const OrthogonalOptions& options) {
  const auto [rows, columns] = matrix_of(weight);
  const NoGrad no_grad;
  const int64_t shorter = std::min(rows, columns), longer = std::max(rows, columns);
  const Tensor normal = randn({shorter, longer}, rng, DType::f64);
  const Tensor q = linalg::qr(transpose(normal, 0, 1)).q;
  const double* values = q.data<double>();
  const bool wide = rows <= columns;
  fill_by(weight, [&, width = columns](int64_t i) {
    return options.gain * values[wide ? i % width * shorter + i / width : i];
  });
}

void sparse(Tensor& weight, Rng& rng, const SparseOptions& options) {
  require(options.sparsity >= 0 && options.sparsity <= 1, "sparse",
          "sparsity must be 0 to 1, got {}", options.sparsity);
  const RowsAndColumns matrix = matrix_of(weight);
  const auto zeros =
      static_cast<int64_t>(std::ceil(options.sparsity * static_cast<double>(matrix.rows)));
  normal(weight, rng, {.std = options.std});
  dispatch_floating("sparse", weight.dtype(), [&]<class T>(T) {
    T* values = weight.mutable_data<T>();
    for (int64_t column = 0; column < matrix.columns; ++column) {
      const std::vector<int64_t> order = rng.permutation(matrix.rows);
      for (int64_t i = 0; i < zeros; ++i) values[order[i] * matrix.columns + column] = 0;
    }
  });
}

void identity(Tensor& weight, const IdentityOptions& options) {
  require(weight.rank() == 2, "identity", "the weight must be a matrix, got {}", weight.shape());
  const int64_t columns = weight.size(1);
  fill_by(weight, [&](int64_t i) { return i / columns == i % columns ? options.gain : 0; });
}

void dirac(Tensor& weight, const DiracOptions& options) {
  require(weight.rank() >= 3 && weight.numel() > 0, "dirac",
          "the weight must be (out, in, kernel…), got {}", weight.shape());
  const auto [groups, gain] = options;
  require(groups >= 1 && weight.size(0) % groups == 0, "dirac",
          "groups must divide the outputs: {} groups, {} outputs", groups, weight.size(0));
  int64_t middle = 0, area = 1;
  for (int dim = 2; dim < weight.rank(); ++dim) {
    middle = middle * weight.size(dim) + weight.size(dim) / 2;
    area *= weight.size(dim);
  }
  const int64_t in = weight.size(1), out = weight.size(0) / groups;
  fill_by(weight, [&, peak = gain](int64_t i) {
    return i % area == middle && i / area / in % out == i / area % in ? peak : 0;
  });
}

void lstm_forget_bias(Tensor& bias, double value) {
  require(bias.rank() == 1 && bias.numel() > 0 && bias.numel() % 4 == 0, "lstm_forget_bias",
          "the bias must be (4·hidden), got {}", bias.shape());
  const int64_t hidden = bias.numel() / 4;
  dispatch_floating("lstm_forget_bias", bias.dtype(), [&]<class T>(T) {
    std::fill_n(bias.mutable_data<T>() + hidden, hidden, static_cast<T>(value));
  });
}

}  // namespace gradus::layers::init
