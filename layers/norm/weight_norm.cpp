#include "layers/norm/weight_norm.hpp"

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/text/range.hpp"
#include "layers/shown.hpp"
#include "layers/weight_rows.hpp"

namespace gradus::layers {

Tensor GainedRows::apply(const Tensor& weight, bool /*training*/) {
  const Tensor rows = normalized(weight);
  return gain.defined() ? rows * gain : rows;
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

std::string GainedRows::gain_shown() const {
  return shown("gain", with_gain_, true);
}

WeightNorm::WeightNorm(const WeightNormOptions& options) : Reparametrized(true) {
  if (options.data_dependent) initialized = Buffer(Tensor::zeros({}, DType::i64));
}

Tensor WeightNorm::normalized(const Tensor& weight) const {
  return weight_norm(weight, Tensor::ones({weight.size(0)}, weight.dtype()));
}

Tensor WeightNorm::forward(const Tensor& x, const Tensor& weight, const Tensor& bias,
                           const Product& product, bool training) {
  if (training && initialized.defined() && initialized.item() == 0)
    initialize(x, weight, bias, product);
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
          "outputs must vary over the first batch: input {}, weight {}", x.shape(), weight.shape());
  gain.copy_from(reshape(reciprocal(deviation), gain.shape()));
  if (bias.defined()) bias.copy_from(-mean(y, others) / deviation);
  initialized.fill(1);
}

void WeightNorm::members(Members& members) {
  GainedRows::members(members);
  members.buffer("weight_initialized", initialized, Role::iterate);
}

std::string WeightNorm::description() const {
  return called("WeightNorm", {shown("data_dependent", initialized.defined(), false)});
}

std::string WeightNorm::equation(const Shape& weight) const {
  return fmt::format("WeightNorm: over each output's {} weights; w ← {}v/‖v‖{}", row_length(weight),
                     gain_factor(), gain_note());
}

WeightStandardization::WeightStandardization(const WeightStandardizationOptions& options)
    : Reparametrized(options.gain), eps_(options.eps) {
  range::positive.check("weight_standardization", "eps", eps_);
}

Tensor WeightStandardization::normalized(const Tensor& weight) const {
  return weight_standardization(weight, Tensor(), eps_);
}

std::string WeightStandardization::description() const {
  return called("WeightStandardization", {shown("eps", eps_, 1e-5), gain_shown()});
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
  return called("CenteredWeightNorm", {gain_shown()});
}

WeightWhitening::WeightWhitening(const WeightWhiteningOptions& options)
    : Reparametrized(options.gain), eps_(options.eps), group_(options.group) {
  range::positive.check("weight_whitening", "eps", eps_);
  require(group_ >= 0, "weight_whitening", "group must be 0 or more, got {}", group_);
}

Tensor WeightWhitening::normalized(const Tensor& weight) const {
  return weight_whitening(weight, eps_, group_);
}

std::string WeightWhitening::description() const {
  return called("WeightWhitening",
                {shown("eps", eps_, 1e-5), shown("group", group_, int64_t{0}), gain_shown()});
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

}  // namespace gradus::layers
