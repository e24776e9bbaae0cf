#include "layers/weighted.hpp"

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "layers/init_functions.hpp"
#include "layers/weight_rows.hpp"

namespace gradus::layers {

Weighted::Weighted(const Shape& weight_shape, int64_t outputs, bool with_bias, Rng& rng)
    : weight(Tensor::empty(weight_shape)), bias(with_bias ? Tensor::empty({outputs}) : Tensor()) {
  const double bound = 1 / std::sqrt(static_cast<double>(init::fans(weight_shape).in));
  init::uniform(weight, rng, {.low = -bound, .high = bound});
  if (bias.defined()) init::uniform(bias, rng, {.low = -bound, .high = bound});
}

void Weighted::reparametrize(AnyReparametrization reparametrization) {
  require(!reparametrization_, "reparametrize", "{} already has a reparametrization",
          description());
  if (reparametrization) {
    const NoGrad no_grad;
    reparametrization->attach(outputs_first(weight));
  }
  reparametrization_ = std::move(reparametrization);
}

void Weighted::fold() {
  if (!reparametrization_) return;
  require(reparametrization_->folds(), "fold", "no plain weight is equivalent to {}",
          description());
  const NoGrad no_grad;
  const bool trained = weight.requires_grad();
  weight =
      Parameter(outputs_first(reparametrization_->apply(outputs_first(weight), false)).clone());
  weight.set_requires_grad(trained);
  reparametrization_ = {};
}

void Weighted::settle() {
  if (reparametrization_) reparametrization_->settle(outputs_first(weight));
}

void Weighted::change_weights(const std::function<Tensor(const Tensor& weight)>& change,
                              bool frozen_too) {
  if (frozen_too || weight.requires_grad())
    weight.copy_from(outputs_first(change(outputs_first(weight))));
}

bool Weighted::fold_next(Module& next) {
  const int64_t channels = next.scaled_channels();
  if (reparametrization_ || channels == 0) return false;
  Shape shape{1, channels};
  while (shape.rank() < weight.rank()) shape = shape.inserted(shape.rank(), 1);
  next.evaluate();
  const GradMode recording(true);
  // For x·scale + shift, shift is the value at 0 and scale the derivative.
  const Tensor zero = Tensor::zeros(shape, weight.dtype()).set_requires_grad();
  const Tensor shift = next.forward(zero);
  const Tensor scale = grad({sum(shift)}, {zero})[0];
  scale_outputs(flatten(scale), flatten(shift.detach()));
  return true;
}

void Weighted::scale_outputs(const Tensor& scale, const Tensor& shift) {
  require(!reparametrization_, "scale_outputs", "{} has no plain weight", description());
  const NoGrad no_grad;
  const bool trained = weight.requires_grad();
  const Tensor rows = outputs_first(weight);
  weight = Parameter(outputs_first(rows * against(scale, rows)));
  bias = Parameter(bias.defined() ? bias * scale + shift : shift.clone());
  weight.set_requires_grad(trained);
  bias.set_requires_grad(trained);
}

void Weighted::members(Members& members) {
  members.parameter(reparametrization_ ? reparametrization_->weight_name() : "weight", weight);
  if (reparametrization_) reparametrization_->members(members);
  members.parameter("bias", bias, Role::bias);
}

std::string Weighted::equation() const {
  if (!reparametrization_) return "";
  const NoGrad no_grad;
  return reparametrization_->equation(outputs_first(weight).shape());
}

Tensor Weighted::multiply(const Tensor& x, const Product& product) {
  if (!reparametrization_) return product(x, weight, bias);
  return reparametrization_->forward(
      x, outputs_first(weight), bias,
      [&](const Tensor& input, const Tensor& rows, const Tensor& added) {
        return product(input, outputs_first(rows), added);
      },
      is_training());
}

std::string Weighted::described(const std::string& layer) const {
  return reparametrization_ ? fmt::format("{} with {}", layer, reparametrization_->description())
                            : layer;
}

}  // namespace gradus::layers
