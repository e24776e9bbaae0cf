#include "optim/optimizer.hpp"

#include <fmt/ranges.h>

#include <cmath>
#include <map>
#include <set>

namespace gradus::optim {

void detail::require_fraction(const std::string& name, const char* option, double value) {
  require(value >= 0 && value < 1, name, "{} is in [0, 1), got {}", option, value);
}

void detail::require_positive(const std::string& name, const char* option, double value) {
  require(value > 0 && std::isfinite(value), name, "{} is positive and finite, got {}", option,
          value);
}

void detail::require_not_negative(const std::string& name, const char* option, double value) {
  require(value >= 0 && std::isfinite(value), name, "{} is 0 or more and finite, got {}", option,
          value);
}

Optimizer::Optimizer(std::string name, const NamedTensors& parameters, double lr,
                     std::vector<std::string> state, bool allow_missing_gradient)
    : name_(std::move(name)),
      lr_(lr),
      state_names_(std::move(state)),
      allow_missing_gradient_(allow_missing_gradient) {
  detail::require_positive(name_, "lr", lr);
  std::set<std::string> names;
  for (const auto& [key, tensor] : parameters) {
    require(names.insert(key).second, name_, "two parameters are named '{}'", key);
    require(tensor.defined(), name_, "parameter '{}' is undefined", key);
    require(tensor.is_leaf(), name_, "parameter '{}' is the result of an operation", key);
    for (const Slot& slot : slots_)
      require(!slot.parameter.is_same(tensor), name_, "parameters '{}' and '{}' are one tensor",
              slot.name, key);
    if (!tensor.requires_grad()) continue;
    Slot& slot = slots_.emplace_back(Slot{key, tensor, {}});
    for (std::size_t i = 0; i < state_names_.size(); ++i)
      slot.state.push_back(Tensor::zeros(tensor.shape(), tensor.dtype()));
  }
  require(!slots_.empty(), name_, "none of {} parameters requires a gradient", parameters.size());
}

void Optimizer::zero_grad() {
  for (Slot& slot : slots_) slot.parameter.zero_grad();
}

void Optimizer::set_lr(double lr) {
  detail::require_not_negative(name_, "lr", lr);
  lr_ = lr;
}

void Optimizer::check_gradients() const {
  std::vector<std::string_view> missing;
  for (const Slot& slot : slots_)
    if (slot.parameter.requires_grad() && !slot.parameter.grad().defined())
      missing.push_back(slot.name);
  if (!missing.empty())
    misuse(name_,
           "no gradient for {}: call backward() before step(), or set allow_missing_gradient",
           fmt::join(missing, ", "));
}

void Optimizer::step() {
  if (!allow_missing_gradient_) check_gradients();
  ++steps_;
  for (Slot& slot : slots_)
    if (slot.parameter.requires_grad() && slot.parameter.grad().defined())
      update(slot.parameter, slot.parameter.grad(), slot.state);
}

NamedTensors Optimizer::state_dict() const {
  NamedTensors state{{"step", Tensor::from({steps_}).alias({})},
                     {"lr", Tensor::scalar(lr_, DType::f64)}};
  for (const Slot& slot : slots_)
    for (std::size_t i = 0; i < state_names_.size(); ++i)
      state.emplace_back(slot.name + "." + state_names_[i], slot.state[i]);
  return state;
}

void Optimizer::load_state_dict(const NamedTensors& state) {
  const NamedTensors own = state_dict();
  std::map<std::string, Tensor> given(state.begin(), state.end());
  require(given.size() == state.size(), name_, "the state has a name twice");
  std::vector<std::string> problems;
  for (const auto& [key, tensor] : own) {
    const auto found = given.find(key);
    if (found == given.end())
      problems.push_back("missing " + key);
    else if (const Tensor& other = found->second;
             other.shape() != tensor.shape() || other.dtype() != tensor.dtype())
      problems.push_back(fmt::format("{} is {} of {} instead of {} of {}", key, other.shape(),
                                     to_string(other.dtype()), tensor.shape(),
                                     to_string(tensor.dtype())));
  }
  const std::map<std::string, Tensor> known(own.begin(), own.end());
  for (const auto& [key, tensor] : state)
    if (!known.contains(key)) problems.push_back("unexpected " + key);
  require(problems.empty(), name_, "the state doesn't fit: {}", fmt::join(problems, "; "));

  const int64_t steps = *given["step"].data<int64_t>();
  require(steps >= 0, name_, "step is 0 or more, got {}", steps);
  set_lr(given["lr"].item());
  steps_ = steps;
  for (auto [key, tensor] : own) tensor.copy_from(given[key]);
}

}  // namespace gradus::optim
