#include "optim/averaging.hpp"

#include <algorithm>
#include <map>

#include "core/kernels/optimizer.hpp"
#include "optim/options.hpp"
#include "optim/parameters.hpp"

namespace gradus::optim {

WeightAverage::WeightAverage(const NamedTensors& tensors, const WeightAverageOptions& options)
    : tensors_(tensors), options_(options) {
  if (options.decay) range::fraction.check("weight_average", "decay", *options.decay);
  for (const auto& [name, tensor] : tensors) {
    require(tensor.defined(), "weight_average", "tensor '{}' is undefined", name);
    averages_.emplace_back(name, Tensor::zeros(tensor.shape(), tensor.dtype()));
  }
}

void WeightAverage::update() {
  const double n = static_cast<double>(updates_++);
  const double weight = n == 0 ? 1 : options_.decay ? 1 - *options_.decay : 1 / (n + 1);
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const Tensor& tensor = tensors_[i].second;
    Tensor& average = averages_[i].second;
    if (n == 0 || !is_floating(tensor.dtype()))
      average.copy_from(tensor.detach());
    else
      dispatch_floating("weight_average", tensor.dtype(), [&]<class T>(T) {
        kernels::average(tensor.numel(), weight, tensor.data<T>(), average.mutable_data<T>());
      });
  }
}

void WeightAverage::swap() {
  if (updates_ == 0) misuse("weight_average", "there is no average before the first update()");
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    Tensor& tensor = tensors_[i].second;
    dispatch(tensor.dtype(), [&]<class T>(T) {
      T* const values = tensor.mutable_data<T>();
      std::swap_ranges(values, values + tensor.numel(), averages_[i].second.mutable_data<T>());
    });
  }
}

NamedTensors WeightAverage::state_dict() const {
  NamedTensors state{{"updates", Tensor::from({updates_}).alias({})}};
  state.insert(state.end(), averages_.begin(), averages_.end());
  return state;
}

void WeightAverage::load_state_dict(const NamedTensors& state) {
  const NamedTensors own = state_dict();
  check_state("weight_average", own, state);
  const std::map<std::string, Tensor> given(state.begin(), state.end());
  const int64_t updates = *given.at("updates").data<int64_t>();
  require(updates >= 0, "weight_average", "updates is 0 or more, got {}", updates);
  updates_ = updates;
  for (auto& [name, average] : averages_) average.copy_from(given.at(name));
}

}  // namespace gradus::optim
