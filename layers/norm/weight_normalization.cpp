#include "layers/norm/weight_normalization.hpp"

#include <cmath>
#include <limits>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/recurrent.hpp"
#include "layers/residual.hpp"

namespace gradus::layers {
namespace {

void check_eps(const char* operation, double eps) {
  require(eps > 0 && std::isfinite(eps), operation, "eps is positive, got {}", eps);
}

// One value a row, (out) → (out, 1, …), against the weight.
Tensor against(const Tensor& values, const Tensor& weight) {
  Shape shape{values.numel()};
  while (shape.rank() < weight.rank()) shape = shape.inserted(shape.rank(), 1);
  return reshape(values, shape);
}

// "Name(option, option)".
std::string call(const char* name, std::initializer_list<std::string> options) {
  std::string list;
  for (const std::string& option : options)
    if (!option.empty()) list += (list.empty() ? "" : ", ") + option;
  return fmt::format("{}({})", name, list);
}

std::string unless(double value, double standard, const char* name) {
  return value == standard ? "" : fmt::format("{}={}", name, value);
}

std::string gain_shown(bool gain) {
  return gain ? "" : "gain=false";
}

int64_t row_length(const Shape& weight) {
  return weight.numel() / weight[0];
}

// The number of the dimension that counts the outputs.
int outputs_dim(const Tensor& y, const Tensor& weight) {
  return weight.rank() == 2 ? y.rank() - 1 : 1;
}

}  // namespace

Tensor GainedRows::apply(const Tensor& weight, bool /*training*/) {
  const Tensor rows = normalized(weight);
  return gain ? rows * gain : rows;
}

void GainedRows::attach(const Tensor& weight) {
  const Tensor after = row_norms(normalized(weight));
  if (!with_gain_) return;
  Tensor first = row_norms(weight) / clamp(after, 1e-30, std::numeric_limits<double>::infinity());
  dispatch_floating("gain", weight.dtype(), [&]<class T>(T) {
    for (int64_t row = 0; row < after.numel(); ++row)
      if (after.data<T>()[row] == 0) first.mutable_data<T>()[row] = 1;
  });
  gain = Parameter(against(first, weight).clone());
}

WeightStandardization::WeightStandardization(const WeightStandardizationOptions& options)
    : Reparametrized(options.gain), eps_(options.eps) {
  check_eps("weight_standardization", eps_);
}

Tensor WeightStandardization::normalized(const Tensor& weight) const {
  return weight_standardization(weight, Tensor(), eps_);
}

std::string WeightStandardization::description() const {
  return call("WeightStandardization", {unless(eps_, 1e-5, "eps"), gain_shown(with_gain())});
}

std::string WeightStandardization::equation(const Shape& weight) const {
  return fmt::format(
      "WeightStandardization: over each output's {} weights; w ← {}(w − μ)/√(σ² + {}){}",
      row_length(weight), gain_factor(), eps_, gain_note());
}

std::string CenteredWeightNorm::equation(const Shape& weight) const {
  return fmt::format("CenteredWeightNorm: over each output's {} weights; w ← {}(w − μ)/‖w − μ‖{}",
                     row_length(weight), gain_factor(), gain_note());
}

std::string CenteredWeightNorm::description() const {
  return call("CenteredWeightNorm", {gain_shown(with_gain())});
}

WeightWhitening::WeightWhitening(const WeightWhiteningOptions& options)
    : Reparametrized(options.gain), eps_(options.eps), group_(options.group) {
  check_eps("weight_whitening", eps_);
  require(group_ >= 0, "weight_whitening", "group is 0 or more, got {}", group_);
}

Tensor WeightWhitening::normalized(const Tensor& weight) const {
  return weight_whitening(weight, eps_, group_);
}

std::string WeightWhitening::description() const {
  return call("WeightWhitening",
              {unless(eps_, 1e-5, "eps"), unless(static_cast<double>(group_), 0, "group"),
               gain_shown(with_gain())});
}

std::string WeightWhitening::equation(const Shape& weight) const {
  const int64_t outputs = weight[0];
  const bool grouped = group_ > 0 && group_ < outputs;
  return fmt::format(
      "WeightWhitening: over {} {} outputs with {} weights each; W ← {}(F Fᵀ + {}·I)^(−1/2)·F, F "
      "the rows of W minus their means{}",
      grouped ? fmt::format("groups of {} of the", group_) : "all", outputs, row_length(weight),
      gain_factor(), eps_, gain_note());
}

WeightNorm::WeightNorm(const WeightNormOptions& options) : Reparametrized(true) {
  if (options.data_dependent) initialized = Buffer(Tensor::zeros({}, DType::i64));
}

Tensor WeightNorm::normalized(const Tensor& weight) const {
  return weight_norm(weight, Tensor::ones({weight.size(0)}, weight.dtype()));
}

Tensor WeightNorm::forward(const Tensor& x, const Tensor& weight, const Tensor& bias,
                           const Product& product, bool training) {
  if (training && initialized && initialized.item() == 0) initialize(x, weight, bias, product);
  return Reparametrization::forward(x, weight, bias, product, training);
}

void WeightNorm::initialize(const Tensor& x, const Tensor& weight, Tensor bias,
                            const Product& product) {
  const NoGrad no_grad;
  const Tensor y = product(x, normalized(weight), Tensor());
  const int outputs = outputs_dim(y, weight);
  Dims others;
  for (int dim = 0; dim < y.rank(); ++dim)
    if (dim != outputs) others.push_back(dim);
  const Tensor deviation = sqrt(var(y, others, false, false));
  require(amin(deviation).item() > 0, "weight_norm",
          "an output doesn't vary over the first batch: input {}, weight {}", x.shape(),
          weight.shape());
  gain.copy_from(reshape(reciprocal(deviation), gain.shape()));
  if (bias) bias.copy_from(-mean(y, others) / deviation);
  initialized.fill(1);
}

void WeightNorm::members(Members& members) {
  GainedRows::members(members);
  members.buffer("weight_initialized", initialized, Role::iterate);
}

std::string WeightNorm::description() const {
  return call("WeightNorm", {initialized ? "data_dependent=true" : ""});
}

std::string WeightNorm::equation(const Shape& weight) const {
  return fmt::format("WeightNorm: over each output's {} weights; w ← {}v/‖v‖{}", row_length(weight),
                     gain_factor(), gain_note());
}

SpectralNorm::SpectralNorm(const SpectralNormOptions& options) : options_(options) {
  check_eps("spectral_norm", options.eps);
  require(options.n_power_iterations >= 1, "spectral_norm",
          "n_power_iterations is 1 or more, got {}", options.n_power_iterations);
}

Tensor SpectralNorm::apply(const Tensor& weight, bool training) {
  // The graph keeps copies, because the next call in training mode changes the buffers.
  if (!training) return spectral_norm(weight, u.clone(), v.clone());
  const SpectralNormResult result = spectral_norm(weight, u, options_);
  u.copy_from(result.u);
  v.copy_from(result.v);
  return result.weight;
}

void SpectralNorm::attach(const Tensor& weight) {
  Rng rng(0);
  const SpectralNormResult result =
      spectral_norm(weight, randn({weight.size(0)}, rng, weight.dtype()),
                    {.n_power_iterations = 15, .eps = options_.eps});
  u = Buffer(result.u);
  v = Buffer(result.v);
}

void SpectralNorm::settle(const Tensor& weight) {
  const NoGrad no_grad;
  const SpectralNormResult result =
      spectral_norm(weight, u, {.n_power_iterations = 50, .eps = options_.eps});
  u.copy_from(result.u);
  v.copy_from(result.v);
}

void SpectralNorm::members(Members& members) {
  members.buffer("weight_u", u, Role::iterate);
  members.buffer("weight_v", v, Role::iterate);
}

std::string SpectralNorm::description() const {
  const auto iterations = static_cast<double>(options_.n_power_iterations);
  return call("SpectralNorm",
              {unless(iterations, 1, "n_power_iterations"), unless(options_.eps, 1e-12, "eps")});
}

std::string SpectralNorm::equation(const Shape& weight) const {
  return fmt::format(
      "SpectralNorm: over the whole weight of {}×{}; W ← W/σ₁, σ₁ = uᵀWv, u and v after {} more "
      "iteration{} of the power method at each step",
      weight[0], row_length(weight), options_.n_power_iterations,
      options_.n_power_iterations == 1 ? "" : "s");
}

CosineNorm::CosineNorm(const CosineNormOptions& options) : options_(options) {
  require(options.eps >= 1e-12 && std::isfinite(options.eps), "cosine_norm",
          "eps is 1e-12 or more, got {}", options.eps);
  require(std::isfinite(options.scale), "cosine_norm", "scale is finite, got {}", options.scale);
}

Tensor CosineNorm::forward(const Tensor& x, const Tensor& weight, const Tensor& bias,
                           const Product& product, bool /*training*/) {
  const CosineOptions options{options_.centered, options_.eps};
  const auto plain = [&](const Tensor& input, const Tensor& rows) {
    return product(input, rows, Tensor());
  };
  const Tensor cosine = weight.rank() == 2 ? cosine_linear(x, weight, options)
                                           : cosine_product(x, weight, plain, options);
  const Tensor y = cosine * scale;
  if (!bias) return y;
  Shape shape{bias.numel()};
  for (int dim = outputs_dim(y, weight) + 1; dim < y.rank(); ++dim)
    shape = shape.inserted(shape.rank(), 1);
  return y + reshape(bias, shape);
}

void CosineNorm::attach(const Tensor& weight) {
  scale = Parameter(Tensor::scalar(options_.scale, weight.dtype()));
}

std::string CosineNorm::description() const {
  return call("CosineNorm",
              {options_.centered ? "centered=true" : "", unless(options_.eps, 1e-8, "eps"),
               unless(options_.scale, 10, "scale")});
}

std::string CosineNorm::equation(const Shape& weight) const {
  return fmt::format(
      "CosineNorm: over each output's {} weights and what they multiply; x·w ← "
      "{:.4g}·x·w/(max(‖x‖, "
      "{})·max(‖w‖, {})){}",
      row_length(weight), scale.item(), options_.eps, options_.eps,
      options_.centered ? ", x and w minus their means" : "");
}

Constraint unit_norm() {
  return [](const Tensor& weight) {
    return weight_norm(weight, Tensor::ones({weight.size(0)}, weight.dtype()));
  };
}

Constraint max_norm(double limit) {
  require(limit > 0 && std::isfinite(limit), "max_norm", "limit is positive, got {}", limit);
  return [limit](const Tensor& weight) {
    const Tensor norms = clamp(row_norms(weight), limit, std::numeric_limits<double>::infinity());
    return weight * against(limit / norms, weight);
  };
}

void constrain(Module& module, const Constraint& constraint) {
  const NoGrad no_grad;
  for (const auto& [path, layer] : reparametrizable_layers(module))
    layer->change_weights(constraint, false);
}

}  // namespace gradus::layers
