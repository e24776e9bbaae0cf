#include "layers/norm/weight_norm.hpp"

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/ops/weight_normalization.hpp"
#include "layers/shown.hpp"
#include "layers/weight_rows.hpp"

namespace gradus::layers {

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
  return called("WeightNorm", {shown("data_dependent", initialized.defined(), false)});
}

std::string WeightNorm::equation(const Shape& weight) const {
  return fmt::format("WeightNorm: over each output's {} weights; w ← {}v/‖v‖{}", row_length(weight),
                     gain_factor(), gain_note());
}

}  // namespace gradus::layers
