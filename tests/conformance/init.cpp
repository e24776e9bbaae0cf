// Initializers: the cases contain the required properties of drawn values.
#include "layers/init_functions.hpp"

#include <cmath>

#include "conformance/runner.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/shape.hpp"

namespace gradus::conformance {
namespace {

using namespace layers;

template <class... Args>
void expect(bool holds, fmt::format_string<Args...> message, Args&&... args) {
  if (!holds) throw std::runtime_error(fmt::format(message, std::forward<Args>(args)...));
}

void expect_moments(const std::vector<float>& values, const nlohmann::json& wanted) {
  const double n = static_cast<double>(values.size());
  double mean = 0, variance = 0;
  for (const double v : values) mean += v / n;
  for (const double v : values) variance += (v - mean) * (v - mean) / n;
  const double std = std::sqrt(variance), mean_wanted = wanted.at("mean"),
               std_wanted = wanted.at("std");
  const double allowed = 5 * std_wanted / std::sqrt(n) + 1e-6;
  expect(std::abs(mean - mean_wanted) <= allowed, "the mean is {:.6g}, wanted {:.6g}", mean,
         mean_wanted);
  expect(std::abs(std - std_wanted) <= std::max(0.03 * std_wanted, 1e-6),
         "the standard deviation is {:.6g}, wanted {:.6g}", std, std_wanted);
}

void expect_bound(const std::vector<float>& values, double bound) {
  for (const double v : values)
    expect(std::abs(v) <= bound * (1 + 1e-6), "{:.6g} is beyond the bound {:.6g}", v, bound);
}

void expect_orthogonal(const Tensor& w, double gain) {
  const int64_t rows = w.size(0), columns = w.numel() / rows, n = std::min(rows, columns);
  const Tensor flat = reshape(w, {rows, columns});
  const Tensor product = matmul(flat, flat, {.a = rows > columns, .b = rows <= columns});
  for (int64_t i = 0; i < n * n; ++i) {
    const double got = product.data<float>()[i], want = i % (n + 1) == 0 ? gain * gain : 0;
    expect(std::abs(got - want) <= 1e-5,
           "element {} of the rows' products is {:.6g}, wanted {:.6g}", i, got, want);
  }
}

void expect_zeros(const Tensor& w, double fraction) {
  const int64_t rows = w.size(0), columns = w.size(1);
  for (int64_t column = 0; column < columns; ++column) {
    int64_t zeros = 0;
    for (int64_t row = 0; row < rows; ++row) zeros += w.data<float>()[row * columns + column] == 0;
    expect(zeros == std::llround(fraction * static_cast<double>(rows)),
           "column {} has {} zeros in {} rows, wanted {:.6g} of them", column, zeros, rows,
           fraction);
  }
}

void check(const Case& c, const Tensor& w) {
  const nlohmann::json& wanted = c.attrs.at("expect");
  const std::vector<float> values = w.to_vector<float>();
  if (wanted.contains("mean")) expect_moments(values, wanted);
  if (wanted.contains("bound")) expect_bound(values, wanted.at("bound"));
  if (wanted.value("orthogonal", false)) expect_orthogonal(w, c.attr("gain", 1.0));
  if (wanted.contains("zero_fraction_per_column"))
    expect_zeros(w, wanted.at("zero_fraction_per_column"));
}

Operation row(const char* name, std::function<void(const Case&, Tensor&, Rng&)> draw) {
  return {name, [draw = std::move(draw)](const Case& c) {
            Tensor w = Tensor::empty(Shape(c.attr<std::vector<int64_t>>("shape")));
            Rng rng(0);
            draw(c, w, rng);
            check(c, w);
            return Tensors{};
          }};
}

init::HeOptions he_options(const Case& c) {
  std::string nonlinearity = c.attr<std::string>("nonlinearity", "leaky_relu");
  std::replace(nonlinearity.begin(), nonlinearity.end(), '_', '-');
  return {.fan = c.attr<std::string>("mode", "fan_in") == "fan_in" ? init::Fan::in : init::Fan::out,
          .gain = {nonlinearity, c.attr("negative_slope", 0.0)}};
}

}  // namespace

Family initialization() {
  return {
      "init",
      {row("constant",
           [](const Case& c, Tensor& w, Rng&) { init::constant(w, c.attr<double>("value")); }),
       row("normal",
           [](const Case& c, Tensor& w, Rng& rng) {
             init::normal(w, rng, {.mean = c.attr("mean", 0.0), .std = c.attr("std", 1.0)});
           }),
       row("uniform",
           [](const Case& c, Tensor& w, Rng& rng) {
             init::uniform(w, rng, {.low = c.attr("low", 0.0), .high = c.attr("high", 1.0)});
           }),
       row("truncated_normal",
           [](const Case& c, Tensor& w, Rng& rng) {
             init::truncated_normal(w, rng,
                                    {.mean = c.attr("mean", 0.0),
                                     .std = c.attr("std", 1.0),
                                     .low = c.attr("low", -2.0),
                                     .high = c.attr("high", 2.0)});
           }),
       row("xavier_uniform",
           [](const Case& c, Tensor& w, Rng& rng) {
             init::xavier_uniform(w, rng, {.gain = c.attr("gain", 1.0)});
           }),
       row("xavier_normal",
           [](const Case& c, Tensor& w, Rng& rng) {
             init::xavier_normal(w, rng, {.gain = c.attr("gain", 1.0)});
           }),
       row("he_uniform",
           [](const Case& c, Tensor& w, Rng& rng) { init::he_uniform(w, rng, he_options(c)); }),
       row("he_normal",
           [](const Case& c, Tensor& w, Rng& rng) { init::he_normal(w, rng, he_options(c)); }),
       row("lecun_normal", [](const Case&, Tensor& w, Rng& rng) { init::lecun_normal(w, rng); }),
       row("orthogonal", [](const Case& c, Tensor& w,
                            Rng& rng) { init::orthogonal(w, rng, {.gain = c.attr("gain", 1.0)}); }),
       row("sparse", [](const Case& c, Tensor& w, Rng& rng) {
         init::sparse(w, rng, {.sparsity = c.attr<double>("sparsity"), .std = c.attr("std", 0.01)});
       })}};
}

}  // namespace gradus::conformance
