#include "optim/averaging.hpp"

#include "core/kernels/updates.hpp"
#include "core/text/option_table.hpp"
#include "optim/parameters.hpp"

namespace gradus::optim {

WeightAverage::WeightAverage(const NamedTensors& tensors, const WeightAverageOptions& options,
                             const NamedTensors& iterates)
    : tensors_(tensors), options_(options) {
  if (options.decay) range::fraction.check("weight_average", "decay", *options.decay);
  require(options.decay || !options.warmup, "weight_average", "a warmup needs a decay");
  const std::map<std::string, Tensor> copied(iterates.begin(), iterates.end());
  for (const auto& [name, tensor] : tensors) {
    require(tensor.defined(), "weight_average", "tensor '{}' is undefined", name);
    averages_.emplace_back(name, Tensor::zeros(tensor.shape(), tensor.dtype()));
    is_averaged_.push_back(is_floating(tensor.dtype()) && !copied.contains(name));
  }
}

double WeightAverage::weight_of_update() const {
  const double n = static_cast<double>(updates_);
  if (n == 0) return 1;
  if (!options_.decay) return 1 / (n + 1);
  return options_.warmup ? std::max(1 - *options_.decay, 9 / (10 + n)) : 1 - *options_.decay;
}

void WeightAverage::update() {
  const double weight = weight_of_update();
  const bool is_first = updates_++ == 0;
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const Tensor& tensor = tensors_[i].second;
    Tensor& average = averages_[i].second;
    if (is_first || !is_averaged_[i])
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
  require(updates >= 0, "weight_average", "updates must be 0 or more, got {}", updates);
  updates_ = updates;
  for (auto& [name, average] : averages_) average.copy_from(given.at(name));
}

}  // namespace gradus::optim
