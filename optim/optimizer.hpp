// Optimizer: named parameters, their state, and a step; Group: parameters with a rate or a decay
// of their own.
#pragma once

#include "core/tensor.hpp"
#include "core/text/option_table.hpp"

namespace gradus::optim {

/// What differs for the parameters whose names match a pattern; what isn't given stays.
struct Group {
  /// A name in which * stands for any characters and ? for one: "*.bias", "0.*".
  std::string pattern;
  /// A rate of their own, which set_lr() leaves alone; 0 or more.
  std::optional<double> lr = {};
  /// In place of the optimizer's weight_decay (of SGD's decoupled_weight_decay, where that is
  /// used); 0 or more.
  std::optional<double> weight_decay = {};
  /// Times the optimizer's rate; 0 or more. Goes with neither `lr` nor `schedule`.
  std::optional<double> lr_factor = {};
  /// The rate at step 0, 1, …, a Schedule. Goes with neither `lr` nor `lr_factor`.
  std::function<double(int64_t step)> schedule = {};
};

class Schedule;

/// Changes parameters θ along their gradients g. A derived class names its state and updates one
/// parameter; counting, checking, groups, saving and loading are here.
///
/// Parameters that are frozen (require no gradient) when the optimizer is made are left out for
/// good; those frozen later keep their values and state until they are thawed.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer& operator=(Optimizer&&) = delete;

  /// Forgets the gradient of every parameter.
  void zero_grad();
  /// Counts a step and updates every parameter; gradients are read only. Throws std::logic_error
  /// naming the parameters that got no gradient (and changes nothing) unless the option
  /// allow_missing_gradient leaves those as they are.
  void step();

  /// The learning rate.
  double lr() const { return lr_; }
  /// The rate of the last step for the parameter of that name, which may be its group's. Throws
  /// std::invalid_argument for a name that isn't among those it trains.
  double lr(std::string_view parameter) const;
  /// The learning rate from the next step on: 0 or more and finite.
  void set_lr(double lr);
  /// The momentum from the next step on (β₁ of Adam and its kin), for schedules that change it too:
  /// in [0, 1). Throws std::invalid_argument for an optimizer that has none, was made without, or
  /// (NAdam) changes it itself.
  virtual void set_momentum(double momentum);
  /// Takes rate and momentum of the next step from `schedule`, which may leave momentum alone:
  /// `optimizer.follow(schedule)` before each step(). Throws like set_lr() and set_momentum().
  void follow(const Schedule& schedule);
  /// Steps taken so far.
  int64_t steps() const { return steps_; }

  /// Trains the parameters that match a pattern by a rate, schedule or decay of their own; of
  /// several groups with the same parameter the later ones win. Throws std::invalid_argument for a
  /// pattern that matches no parameter, and for values out of range.
  void add_group(const Group& group);
  /// Whether any parameter has a weight decay above 0.
  bool has_weight_decay() const;
  /// No weight decay for these, found by their names: `model.tensors(Role::bias)`. Groups that are
  /// added afterwards may give them one again.
  void exempt_from_decay(const NamedTensors& parameters);

  /// "step", "lr" and the state of each parameter by its name: "0.weight.exp_avg". Handles: they
  /// share the optimizer's values. Groups are options, and no part of it.
  NamedTensors state_dict() const;
  /// Copies the values in, so that training goes on bit by bit as if it had never stopped. Throws
  /// std::invalid_argument, and changes nothing, unless names, shapes and types are exactly the
  /// optimizer's: the message lists every missing, unexpected and misshapen tensor.
  void load_state_dict(const NamedTensors& state);

 protected:
  /// What a derived class tells about itself.
  struct Defaults {
    double lr;                ///< learning rate
    double weight_decay = 0;  ///< λ, for parameters without a group that says another
    /// Tensors that every parameter gets, zero at the start: {"exp_avg"}.
    std::vector<std::string> state = {};
    /// Whether step() passes over parameters without a gradient instead of throwing.
    bool allow_missing_gradient = false;
  };

  /// `name` stands in errors: "adam". Throws std::invalid_argument for an lr that isn't positive
  /// and finite, names that repeat, a tensor twice, results of operations, or nothing to train.
  Optimizer(std::string name, const NamedTensors& parameters, Defaults defaults);

  /// The name that stands in errors.
  const std::string& name() const { return name_; }
  /// Whether parameters have a state of that name.
  bool has_state(const std::string& state) const;
  /// Gives the state of that index another value at the start.
  void fill_state(std::size_t index, double value);

  /// A parameter at a step.
  struct Target {
    Tensor& parameter;        ///< changed by update()
    const Tensor& gradient;   ///< read only
    std::span<Tensor> state;  ///< in the order of Defaults::state
    double lr;                ///< the rate of its group
    double weight_decay;      ///< λ of its group
  };

 private:
  struct Slot {
    std::string name;
    Tensor parameter;
    double weight_decay;
    std::vector<Tensor> state = {};
    Group group = {};  ///< of which the rate is used
  };

  /// Updates one parameter in place; of steps() the first is 1.
  virtual void update(const Target& target) = 0;
  double rate(const Slot& slot) const;

  std::string name_;
  double lr_;
  std::vector<std::string> state_names_;
  bool allow_missing_gradient_;
  int64_t steps_ = 0;
  std::vector<Slot> slots_;
};

/// Base of optimizers with the struct `Options`, which has lr, weight_decay and
/// allow_missing_gradient, and a table().
template <class Options>
class OptimizerWith : public Optimizer {
 public:
  /// Sets β₁ or the momentum of the options. Throws std::invalid_argument for an optimizer that has
  /// neither or was made without, and outside [0, 1).
  void set_momentum(double momentum) override {
    if constexpr (requires { options_.beta1; }) {
      range::fraction.check(name(), "beta1", momentum);
      options_.beta1 = momentum;
    } else if constexpr (requires { options_.momentum; }) {
      require(has_state("momentum_buffer"), name(),
              "was made without momentum: there is none to set");
      range::fraction.check(name(), "momentum", momentum);
      options_.momentum = momentum;
    } else {
      Optimizer::set_momentum(momentum);
    }
  }

 protected:
  /// Every parameter gets a tensor of each name in `state`, zero at the start. `weight_decay` is
  /// that of the options unless told. Throws like Optimizer's, and for an option out of its range.
  OptimizerWith(std::string name, const NamedTensors& parameters, const Options& options,
                std::vector<std::string> state, std::optional<double> weight_decay = {})
      : Optimizer(std::move(name), parameters,
                  {.lr = options.lr,
                   .weight_decay = weight_decay.value_or(options.weight_decay),
                   .state = std::move(state),
                   .allow_missing_gradient = options.allow_missing_gradient}),
        options_(options) {
    check_options(this->name(), options);
  }

  Options options_;  ///< what the constructor got; set_momentum() changes it
};

}  // namespace gradus::optim
