// number_fingerprints: elementary functions, sums, random numbers, linear algebra, statistics.
#include "apps/gradus/fingerprint/fingerprints.hpp"
#include "core/autograd.hpp"
#include "core/linalg/linalg.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/dropout.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/loss/information.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/statistics.hpp"
#include "data/transform/mixing.hpp"

namespace gradus::app {
namespace {

using TensorFunction = std::function<Tensor(const Tensor& x)>;

// A function with the interval of its sweep. Outside it there would be NaN, whose bits aren't
// promised.
struct Sweep {
  const char* name;
  TensorFunction function;
  double low, high;
};

const std::vector<Sweep>& sweeps() {
  static const std::vector<Sweep> table{
      {"exp", exp, -87, 88},
      {"log", log, 1e-40, 4},
      {"sqrt", sqrt, 1e-40, 1e4},
      {"rsqrt", rsqrt, 1e-6, 1e4},
      {"reciprocal", reciprocal, 0.1, 1e4},
      {"sin", sin, -50, 50},
      {"cos", cos, -50, 50},
      {"erf", erf, -5, 5},
      {"pow", [](const Tensor& x) { return pow(x, -0.75); }, 1e-3, 40},
      {"tanh", gradus::tanh, -10, 10},
      {"sigmoid", sigmoid, -90, 90},
      {"softplus", softplus, -90, 90},
      {"division", [](const Tensor& x) { return (x + 1.5) / (x * x + 0.5); }, -20, 20},
  };
  return table;
}

Tensor evenly_spaced(double low, double high, DType dtype) {
  constexpr int64_t points = 2000;
  std::vector<double> values;
  for (int64_t i = 0; i <= points; ++i)
    values.push_back(low + (high - low) * static_cast<double>(i) / static_cast<double>(points));
  return cast(Tensor::from(values, {points + 1}), dtype);
}

// The values of a function and its derivative.
void add_with_gradient(Digest& digest, const TensorFunction& function, Tensor x) {
  x.set_requires_grad();
  const Tensor y = function(x);
  y.backward(uniform_tensor(y.shape(), y.dtype(), 0.5, 1.5));
  digest.add(y).add(x.grad());
}

struct ReductionRow {
  const char* name;
  TensorFunction function;
};

const std::vector<ReductionRow>& reductions() {
  static const std::vector<ReductionRow> table{
      {"all", [](const Tensor& x) { return sum(x); }},
      {"rows", [](const Tensor& x) { return sum(x, {1}); }},
      {"columns", [](const Tensor& x) { return sum(x, {0}); }},
      {"mean", [](const Tensor& x) { return mean(x, {1}); }},
      {"var", [](const Tensor& x) { return var(x, {1}); }},
      {"logsumexp", [](const Tensor& x) { return logsumexp(x, {1}); }},
      {"norm", [](const Tensor& x) { return norm(x, 2, {1}); }},
      {"norm-3", [](const Tensor& x) { return norm(x, 3, {1}); }},
      {"softmax", [](const Tensor& x) { return softmax(x, 1); }},
      {"log-softmax", [](const Tensor& x) { return log_softmax(x, 1); }},
      {"cumsum", [](const Tensor& x) { return cumsum(x, 1); }},
      {"entropy", [](const Tensor& x) { return entropy(softmax(x, 1)); }},
      {"product-of-rows", [](const Tensor& x) { return matmul(x, x, {.b = true}); }},
  };
  return table;
}

void add_random(Fingerprints& to) {
  add_both(to, "random/uniform", [](Digest& digest, DType dtype) {
    Rng rng(1);
    digest.add(rand({1001}, rng, dtype));
  });
  add_both(to, "random/normal", [](Digest& digest, DType dtype) {
    Rng rng(2);
    digest.add(randn({1001}, rng, dtype)).add(rng.normal());
  });
  add_both(to, "random/dropout", [](Digest& digest, DType dtype) {
    Rng rng(3);
    digest.add(dropout(Tensor::ones({1001}, dtype), 0.3, rng));
  });
  to.push_back({"random/permutation", [](Digest& digest) {
                  Rng rng(4, 1);
                  for (const int64_t index : rng.permutation(100))
                    digest.add(static_cast<double>(index));
                }});
  to.push_back({"random/beta", [](Digest& digest) {
                  Rng rng = Rng(5).fork(2);
                  for (const double alpha : {0.1, 1.0, 5.0})
                    digest.add(data::draw_beta(alpha, rng));
                }});
}

void add_linear_algebra(Fingerprints& to) {
  to.push_back({"linalg/qr", [](Digest& digest) {
                  const linalg::Qr result = linalg::qr(uniform_tensor({9, 5}, DType::f64));
                  digest.add(result.q).add(result.r);
                }});
  to.push_back({"linalg/eigh", [](Digest& digest) {
                  const Tensor x = uniform_tensor({9, 7}, DType::f64);
                  const linalg::Eigh result = linalg::eigh(matmul(x, x, {.a = true}));
                  digest.add(result.values).add(result.vectors);
                }});
}

void add_statistics(Fingerprints& to) {
  to.push_back({"statistics/intervals", [](Digest& digest) {
                  const Interval wilson = wilson_interval(37, 41);
                  digest.add(wilson.low).add(wilson.high).add(student_t(3.5));
                  digest.add(mcnemar_p_value(9, 21));
                }});
  to.push_back({"statistics/bootstrap", [](Digest& digest) {
                  const auto first_third = [](std::span<const double> counts) {
                    double sum = 0;
                    for (std::size_t i = 0; i < counts.size() / 3; ++i) sum += counts[i];
                    return sum;
                  };
                  const Interval interval = bootstrap_interval(50, first_third, Rng(6), 100);
                  digest.add(interval.low).add(interval.high);
                }});
}

}  // namespace

Fingerprints number_fingerprints() {
  Fingerprints result;
  for (const Sweep& sweep : sweeps())
    add_both(result, fmt::format("function/{}", sweep.name), [&](Digest& digest, DType dtype) {
      add_with_gradient(digest, sweep.function, evenly_spaced(sweep.low, sweep.high, dtype));
    });
  // More than 1024 values, of which sums are made in parts.
  for (const ReductionRow& row : reductions())
    add_both(result, fmt::format("sum/{}", row.name), [&](Digest& digest, DType dtype) {
      add_with_gradient(digest, row.function, uniform_tensor({5, 2100}, dtype));
    });
  add_random(result);
  add_linear_algebra(result);
  add_statistics(result);
  return result;
}

}  // namespace gradus::app
