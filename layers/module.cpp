#include "layers/module.hpp"

#include <map>

#include "core/io/safetensors.hpp"
#include "core/ops/elementwise.hpp"
#include "core/state_dict.hpp"
#include "core/step_memory.hpp"
#include "core/text/glob.hpp"

namespace gradus::layers {

static thread_local CallObserver* observer = nullptr;

template <class Member>
static NamedTensors defined_tensors(const Members::Named<Member>& members) {
  NamedTensors tensors;
  for (const auto& [name, member] : members)
    if (member->defined()) tensors.emplace_back(name, *member);
  return tensors;
}

Tensor Module::next_steps(const Tensor& x, StepMemory& memory) {
  require(x.rank() >= 2, "next_steps", "x must be (N, L, …), got {}", x.shape());
  require(memory.length() + x.size(1) <= memory.capacity(), "next_steps",
          "the memory has room for {} steps, got {} after {}", memory.capacity(), x.size(1),
          memory.length());
  const auto scope = evaluation_scope();
  const Tensor y = forward_next(x, memory);
  memory.advance(x.size(1));
  return y;
}

Tensor Module::operator()(const Tensor& x) {
  Tensor y = forward(x);
  if (observer) observer->observe_(*this, x, y);
  return y;
}

Tensor call_child(std::string_view name, Module& module, const Tensor& x) {
  const LayerScope scope(name);
  return module(x);
}

Tensor Module::with_next(const Tensor& x, const Module& next) {
  return observer ? Tensor() : forward_with_next(x, next);
}

NamedTensors Module::named_parameters() {
  return defined_tensors(Members(*this).parameters());
}

NamedTensors Module::named_buffers() {
  return defined_tensors(Members(*this).buffers());
}

std::vector<std::pair<std::string, Rng*>> Module::named_generators() {
  return Members(*this).generators();
}

NamedTensors Module::state_dict() {
  return defined_tensors(Members(*this).state());
}

NamedTensors Module::tensors(Role role) {
  const Members members(*this);
  NamedTensors result;
  for (std::size_t i = 0; i < members.roles().size(); ++i) {
    const auto& [name, owned] = members.state()[i];
    if (members.roles()[i] == role && owned->defined()) result.emplace_back(name, *owned);
  }
  return result;
}

void Module::load_state_dict(const NamedTensors& state) {
  NamedTensors own = state_dict();
  const std::string wrong = differences(own, state);
  require(wrong.empty(), "load_state_dict", "{}", wrong);
  const std::map<std::string, Tensor> given(state.begin(), state.end());
  const NoGrad no_grad;
  for (auto& [name, tensor] : own) tensor.copy_from(given.at(name));
}

void Module::save(const std::string& path) {
  write_safetensors(path, state_dict(), {{"format", "pt"}});
}

void Module::load(const std::string& path) {
  const NamedTensors state = read_safetensors(path).tensors;
  of_file(path, [&] { load_state_dict(state); });
}

int64_t Module::parameter_count() {
  int64_t count = 0;
  for (const auto& [name, tensor] : named_parameters()) count += tensor.numel();
  return count;
}

void Module::train(bool on) {
  const Members members(*this);
  for (const auto& [path, module] : members.modules()) module->training_ = on;
}

EvaluationScope Module::evaluation_scope() {
  return EvaluationScope(*this);
}

// A gradient that a frozen parameter kept would still count in the norm that clipping limits.
static void set_trained(Tensor& parameter, bool on) {
  parameter.set_requires_grad(on);
  if (!on) parameter.zero_grad();
}

static void set_trained(const char* operation, const NamedTensors& parameters,
                        std::string_view pattern, bool on) {
  std::vector<std::string> others;
  for (auto [name, parameter] : parameters) {
    if (matches(pattern, name))
      set_trained(parameter, on);
    else
      others.push_back(name);
  }
  if (others.size() == parameters.size())
    fail_unmatched(operation, "parameter", pattern, std::move(others));
}

void Module::freeze() {
  for (auto& [name, parameter] : named_parameters()) set_trained(parameter, false);
}

void Module::freeze(std::string_view pattern) {
  set_trained("freeze", named_parameters(), pattern, false);
}

void Module::unfreeze() {
  for (auto& [name, parameter] : named_parameters()) set_trained(parameter, true);
}

void Module::unfreeze(std::string_view pattern) {
  set_trained("unfreeze", named_parameters(), pattern, true);
}

void Module::to(DType dtype) {
  require(is_floating(dtype), "to", "the type must be f32 or f64, got {}", to_string(dtype));
  const Members members(*this);
  for (const auto& [name, parameter] : members.parameters()) {
    if (!parameter->defined()) continue;
    const bool trained = parameter->requires_grad();
    *parameter = Parameter(cast(parameter->detach(), dtype));
    parameter->set_requires_grad(trained);
  }
  for (const auto& [name, buffer] : members.buffers())
    if (buffer->defined() && is_floating(buffer->dtype())) *buffer = Buffer(cast(*buffer, dtype));
}

Members::Members(Module& root) {
  modules_.emplace_back("", &root);
  root.members(*this);
}

void Members::parameter(const std::string& name, Parameter& parameter, Role role) {
  roles_.push_back(role);
  parameters_.emplace_back(path(name), &parameter);
  state_.emplace_back(path(name), &parameter);
}

void Members::buffer(const std::string& name, Buffer& buffer, Role role) {
  roles_.push_back(role);
  buffers_.emplace_back(path(name), &buffer);
  state_.emplace_back(path(name), &buffer);
}

void Members::generator(const std::string& name, Rng& generator) {
  generators_.emplace_back(path(name), &generator);
}

void Members::child(const std::string& name, Module& module, const char* separator) {
  modules_.emplace_back(path(name), &module);
  const std::string outer = std::exchange(prefix_, path(name) + separator);
  module.members(*this);
  prefix_ = outer;
}

void Members::renamed(const std::string& from, const std::string& to,
                      const std::function<void()>& list) {
  const auto outer = std::exchange(renamed_, {from, to});
  list();
  renamed_ = outer;
}

std::string Members::path(const std::string& name) const {
  const auto& [from, to] = renamed_;
  return prefix_ + (name.starts_with(from) ? to + name.substr(from.size()) : name);
}

EvaluationScope::EvaluationScope(Module& module) {
  const Members members(module);
  for (const auto& [path, below] : members.modules()) {
    modes_.emplace_back(below, below->training_);
    below->training_ = false;
  }
}

EvaluationScope::~EvaluationScope() {
  for (const auto& [module, training] : modes_) module->training_ = training;
}

CallObserver::CallObserver(Observe observe)
    : observe_(std::move(observe)), outer_(std::exchange(observer, this)) {}

CallObserver::~CallObserver() {
  observer = outer_;
}

}  // namespace gradus::layers
