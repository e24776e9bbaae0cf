#include "optim/early_stopping.hpp"

#include "core/autograd.hpp"
#include "core/text/option_table.hpp"

namespace gradus::optim {

EarlyStopping::EarlyStopping(const EarlyStoppingOptions& options)
    : options_(options),
      best_(options.maximize ? -std::numeric_limits<double>::infinity()
                             : std::numeric_limits<double>::infinity()) {
  range::count.check("early_stopping", "patience", options.patience);
  range::not_negative.check("early_stopping", "min_delta", options.min_delta);
}

bool EarlyStopping::report(double metric) {
  const bool improved =
      options_.maximize ? metric > best_ + options_.min_delta : metric < best_ - options_.min_delta;
  if (improved) best_ = metric;
  without_improvement_ = improved ? 0 : without_improvement_ + 1;
  return improved;
}

BestWeights::BestWeights(NamedTensors tensors) : tensors_(std::move(tensors)) {
  for (const auto& [name, tensor] : tensors_)
    best_.push_back(Tensor::empty(tensor.shape(), tensor.dtype()));
  keep();
}

void BestWeights::keep() {
  for (std::size_t i = 0; i < best_.size(); ++i) best_[i].copy_from(tensors_[i].second);
}

void BestWeights::restore() {
  const NoGrad no_grad;
  for (std::size_t i = 0; i < best_.size(); ++i) tensors_[i].second.copy_from(best_[i]);
}

}  // namespace gradus::optim
