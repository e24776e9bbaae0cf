// What every optimizer is: named parameters, their state, and a step.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/tensor.hpp"

namespace gradus::optim {

/// Changes parameters θ along their gradients g. A derived class names its state and updates one
/// parameter; counting, checking, saving and loading are here.
///
/// Parameters that are frozen (require no gradient) when the optimizer is made are left out for
/// good; those frozen later keep their values and state until they are thawed.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// Forgets the gradient of every parameter.
  void zero_grad();
  /// Counts a step and updates every parameter; gradients are read only. Throws std::logic_error
  /// naming the parameters that got no gradient (and changes nothing) unless the option
  /// allow_missing_gradient leaves those as they are.
  void step();

  double lr() const { return lr_; }
  /// The learning rate from the next step on: 0 or more and finite.
  void set_lr(double lr);
  /// Steps taken so far.
  int64_t steps() const { return steps_; }

  /// "step", "lr" and the state of each parameter by its name: "0.weight.exp_avg". Handles: they
  /// share the optimizer's values.
  NamedTensors state_dict() const;
  /// Copies the values in, so that training goes on bit by bit as if it had never stopped. Throws
  /// std::invalid_argument, and changes nothing, unless names, shapes and types are exactly the
  /// optimizer's: the message lists every missing, unexpected and misshapen tensor.
  void load_state_dict(const NamedTensors& state);

 protected:
  /// `name` stands in errors: "adam". `state` names the tensors that every parameter gets, zero at
  /// the start. Throws std::invalid_argument for an lr that isn't positive and finite, names that
  /// repeat, a tensor twice, results of operations, or nothing to train.
  Optimizer(std::string name, const NamedTensors& parameters, double lr,
            std::vector<std::string> state, bool allow_missing_gradient);

  const std::string& name() const { return name_; }

 private:
  struct Slot {
    std::string name;
    Tensor parameter;
    std::vector<Tensor> state;
  };

  /// Updates one parameter in place, by lr() and steps(), of which the first is 1.
  virtual void update(Tensor& parameter, const Tensor& gradient, std::span<Tensor> state) = 0;
  void check_gradients() const;

  std::string name_;
  double lr_;
  std::vector<std::string> state_names_;
  bool allow_missing_gradient_;
  int64_t steps_ = 0;
  std::vector<Slot> slots_;
};

namespace detail {
/// Throws std::invalid_argument "[name] option is …, got value" unless the option is in its range;
/// NaN never is.
void require_fraction(const std::string& name, const char* option, double value);  ///< [0, 1)
void require_positive(const std::string& name, const char* option, double value);
void require_not_negative(const std::string& name, const char* option, double value);
}  // namespace detail

}  // namespace gradus::optim
