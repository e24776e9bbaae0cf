#include "optim/optimizer.hpp"

#include "core/autograd.hpp"
#include "core/text/glob.hpp"
#include "optim/parameters.hpp"
#include "optim/schedule.hpp"

namespace gradus::optim {

Optimizer::Optimizer(std::string name, const NamedTensors& parameters, Defaults defaults)
    : name_(std::move(name)),
      lr_(defaults.lr),
      allow_missing_gradient_(defaults.allow_missing_gradient) {
  range::positive.check(name_, "lr", lr_);
  for (const auto& [key, tensor] : trainable(name_, parameters))
    slots_.push_back({key, tensor, defaults.weight_decay});
  set_state([&](const std::string&, const Tensor& parameter) {
    NamedTensors state;
    for (const std::string& key : defaults.state)
      state.emplace_back(key, Tensor::zeros(parameter.shape(), parameter.dtype()));
    return state;
  });
}

void Optimizer::zero_grad() {
  for (Slot& slot : slots_) slot.parameter.zero_grad();
}

void Optimizer::set_lr(double lr) {
  range::not_negative.check(name_, "lr", lr);
  lr_ = lr;
}

void Optimizer::set_momentum(double) {
  fail(name_, "has no momentum, so it can't be set");
}

void Optimizer::follow(const Schedule& schedule, int64_t start) {
  set_lr(schedule(steps_ - start));
  if (const auto momentum = schedule.momentum(steps_ - start)) set_momentum(*momentum);
}

bool Optimizer::has_state(const std::string& state) const {
  return std::ranges::any_of(slots_, [&](const Slot& slot) {
    return std::ranges::find(slot.state_names, state) != slot.state_names.end();
  });
}

void Optimizer::fill_state(std::size_t index, double value) {
  for (Slot& slot : slots_) slot.state[index].fill(value);
}

void Optimizer::set_state(
    const std::function<NamedTensors(const std::string& name, const Tensor& parameter)>& state) {
  for (Slot& slot : slots_) {
    slot.state_names.clear();
    slot.state.clear();
    for (const auto& [key, tensor] : state(slot.name, slot.parameter)) {
      slot.state_names.push_back(key);
      slot.state.push_back(tensor);
    }
  }
}

void Optimizer::set_lr_factor(const std::string& parameter, double factor) {
  for (Slot& slot : slots_)
    if (slot.name == parameter) slot.lr_factor = factor;
}

void Optimizer::for_each_parameter(
    const std::function<void(Tensor& parameter, std::span<Tensor> state)>& visit) {
  for (Slot& slot : slots_) visit(slot.parameter, slot.state);
}

static void check_group(const std::string& name, const Group& group) {
  for (const auto& [option, value] : {std::pair("lr", group.lr),
                                      {"lr_factor", group.lr_factor},
                                      {"weight_decay", group.weight_decay}})
    if (value)
      range::not_negative.check(name, fmt::format("{} of group '{}'", option, group.pattern),
                                *value);
  const int rates =
      group.lr.has_value() + group.lr_factor.has_value() + (group.schedule != nullptr);
  require(rates <= 1, name, "group '{}' must have at most one of lr, lr_factor and schedule",
          group.pattern);
}

void Optimizer::add_group(const Group& group) {
  check_group(name_, group);
  bool found = false;
  for (Slot& slot : slots_) {
    if (!matches(group.pattern, slot.name)) continue;
    found = true;
    if (group.lr || group.lr_factor || group.schedule) slot.group = group;
    slot.weight_decay = group.weight_decay.value_or(slot.weight_decay);
  }
  if (found) return;
  std::vector<std::string> names;
  for (const Slot& slot : slots_) names.push_back(slot.name);
  fail_unmatched(name_, "trained parameter", group.pattern, std::move(names));
}

bool Optimizer::has_weight_decay() const {
  return std::ranges::any_of(slots_, [](const Slot& slot) { return slot.weight_decay > 0; });
}

void Optimizer::exempt_from_decay(const NamedTensors& parameters) {
  const std::map<std::string, Tensor> exempt(parameters.begin(), parameters.end());
  for (Slot& slot : slots_)
    if (exempt.contains(slot.name)) slot.weight_decay = 0;
}

double Optimizer::lr(std::string_view parameter) const {
  for (const Slot& slot : slots_)
    if (slot.name == parameter) return rate(slot);
  fail(name_, "doesn't train a parameter '{}'", parameter);
}

double Optimizer::rate(const Slot& slot) const {
  const Group& group = slot.group;
  if (!group.schedule) return group.lr.value_or(lr_ * slot.lr_factor * group.lr_factor.value_or(1));
  const double lr = group.schedule(std::max<int64_t>(steps_ - 1, 0));
  range::not_negative.check(name_, fmt::format("the rate of group '{}'", group.pattern), lr);
  return lr;
}

void Optimizer::step() {
  check_step();
  std::vector<std::string_view> missing;
  for (const Slot& slot : slots_)
    if (slot.parameter.requires_grad() && !slot.parameter.grad().defined())
      missing.push_back(slot.name);
  if (!allow_missing_gradient_)
    check_gradients(name_, missing, "call backward() before step(), or set allow_missing_gradient");
  ++steps_;
  const NoGrad no_grad;
  for (Slot& slot : slots_)
    if (slot.parameter.requires_grad() && slot.parameter.grad().defined())
      update({slot.parameter, slot.parameter.grad(), slot.state, rate(slot), slot.weight_decay});
}

NamedTensors Optimizer::state_dict() const {
  NamedTensors state{{"step", Tensor::from({steps_}).alias({})},
                     {"lr", Tensor::scalar(lr_, DType::f64)}};
  for (const Slot& slot : slots_)
    for (std::size_t i = 0; i < slot.state.size(); ++i)
      state.emplace_back(slot.name + "." + slot.state_names[i], slot.state[i]);
  return state;
}

void Optimizer::load_state_dict(const NamedTensors& state) {
  const NamedTensors own = state_dict();
  check_state(name_, own, state);
  std::map<std::string, Tensor> given(state.begin(), state.end());
  const int64_t steps = *given["step"].data<int64_t>();
  require(steps >= 0, name_, "step must be 0 or more, got {}", steps);
  set_lr(given["lr"].item());
  steps_ = steps;
  for (auto [key, tensor] : own) tensor.copy_from(given[key]);
}

}  // namespace gradus::optim
