// Optimizer: the base of all optimizers, with named parameters, their state and step(); Group:
// options for some of the parameters.
#pragma once

#include "core/tensor.hpp"
#include "core/text/option_table.hpp"

namespace gradus::optim {

/// Options for the parameters whose names match a pattern; empty ones keep the optimizer's value.
struct Group {
  /// A pattern for names: * matches any characters and ? one character, as in "*.bias", "0.*".
  std::string pattern;
  /// Learning rate, which set_lr() doesn't change; 0 or more.
  std::optional<double> lr = {};
  /// Replaces the optimizer's weight_decay (or SGD's decoupled_weight_decay, if that is used); 0 or
  /// more.
  std::optional<double> weight_decay = {};
  /// Factor of the optimizer's rate; 0 or more. Cannot be combined with `lr` or `schedule`.
  std::optional<double> lr_factor = {};
  /// The learning rate at step 0, 1, …, such as a Schedule. Cannot be combined with `lr` or
  /// `lr_factor`.
  std::function<double(int64_t step)> schedule = {};
};

class Schedule;

/// Updates parameters θ with their gradients g. A derived class names its state and updates one
/// parameter; this class counts steps, checks, and handles groups, saving and loading.
///
/// Parameters that are frozen (don't require a gradient) at the construction are never trained.
/// Parameters frozen later keep their values and state until they are unfrozen.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer& operator=(Optimizer&&) = delete;

  /// Gives the parameters the values at which the next gradient is taken, as they are at the
  /// construction. Only optimizers that evaluate elsewhere (ScheduleFreeAdamW) do anything.
  virtual void train() {}
  /// Gives the parameters the values for evaluation, until train().
  virtual void eval() {}
  /// Whether the values for evaluation are others than those for the next gradient.
  virtual bool evaluates_elsewhere() const { return false; }

  /// Until the end of the scope, the parameters have their values for evaluation.
  class EvaluationScope {
   public:
    /// Calls eval(); the destructor calls train().
    explicit EvaluationScope(Optimizer& optimizer) : optimizer_(optimizer) { optimizer_.eval(); }
    ~EvaluationScope() { optimizer_.train(); }
    EvaluationScope& operator=(EvaluationScope&&) = delete;

   private:
    Optimizer& optimizer_;
  };

  /// Makes the gradient of every parameter undefined.
  void zero_grad();
  /// Counts a step and updates every parameter; it doesn't change gradients. If parameters have no
  /// gradient, it throws std::logic_error with their names and changes nothing, or, with the option
  /// allow_missing_gradient, skips them.
  void step();

  /// The learning rate.
  double lr() const { return lr_; }
  /// The learning rate of the last step for the parameter of that name; it may be its group's.
  /// Throws std::invalid_argument for a name that it doesn't train.
  double lr(std::string_view parameter) const;
  /// Sets the learning rate from the next step on; 0 or more and finite.
  void set_lr(double lr);
  /// Sets the momentum (β₁ of Adam and its variants) from the next step on, for schedules that
  /// change it; in [0, 1). Throws std::invalid_argument for an optimizer that has no momentum, was
  /// constructed without it, or (NAdam) changes it itself.
  virtual void set_momentum(double momentum);
  /// Sets rate and momentum (if the schedule has one) for the next step: call
  /// `optimizer.follow(schedule)` before each step(). The schedule begins after step number
  /// `start`. Throws like set_lr() and set_momentum().
  void follow(const Schedule& schedule, int64_t start = 0);
  /// The number of steps so far.
  int64_t steps() const { return steps_; }

  /// Sets a rate, schedule or decay for the parameters that match a pattern. If several groups
  /// match a parameter, later ones override earlier ones. Throws std::invalid_argument for a
  /// pattern that matches no parameter which is trained, with the nearest names, and for values out
  /// of range.
  void add_group(const Group& group);
  /// Whether any parameter has a weight decay above 0.
  bool has_weight_decay() const;
  /// Switches weight decay off for these parameters (by name), such as `model.tensors(Role::bias)`.
  /// Groups added later may set it again.
  void exempt_from_decay(const NamedTensors& parameters);

  /// "step", "lr" and the state of each parameter by name: "0.weight.exp_avg". The tensors are
  /// handles to the optimizer's values. Groups are options and not included.
  NamedTensors state_dict() const;
  /// Copies the values of `state` to the optimizer, so that training continues with the same bits
  /// as without a stop. Throws std::invalid_argument, and changes nothing, unless names, shapes and
  /// types are exactly the optimizer's: the message lists every missing, unexpected and different
  /// tensor.
  void load_state_dict(const NamedTensors& state);

 protected:
  /// The properties of a derived class.
  struct Defaults {
    double lr;                ///< learning rate
    double weight_decay = 0;  ///< λ, for parameters whose groups don't set it
    /// The names of each parameter's state tensors, initially zero: {"exp_avg"}.
    std::vector<std::string> state = {};
    /// Whether step() skips parameters without a gradient instead of throwing.
    bool allow_missing_gradient = false;
  };

  /// `name` is for errors: "adam". Throws std::invalid_argument for an lr that isn't positive and
  /// finite, duplicate names or tensors, results of operations, or nothing to train.
  Optimizer(std::string name, const NamedTensors& parameters, Defaults defaults);

  /// The name in errors.
  const std::string& name() const { return name_; }
  /// Whether parameters have a state with that name.
  bool has_state(const std::string& state) const;
  /// Sets the initial value of the state with that index.
  void fill_state(std::size_t index, double value);
  /// Replaces the state of all parameters, for constructors: state(name, parameter) are the initial
  /// tensors of one.
  void set_state(
      const std::function<NamedTensors(const std::string& name, const Tensor& parameter)>& state);
  /// Multiplies the optimizer's rate by `factor` for that parameter; a group's lr or schedule isn't
  /// multiplied.
  void set_lr_factor(const std::string& parameter, double factor);
  /// Calls visit(parameter, state) for every parameter.
  void for_each_parameter(
      const std::function<void(Tensor& parameter, std::span<Tensor> state)>& visit);

  /// The data for the update of one parameter.
  struct Target {
    Tensor& parameter;        ///< changed by update()
    const Tensor& gradient;   ///< read only
    std::span<Tensor> state;  ///< in the order of Defaults::state
    double lr;                ///< its learning rate
    double weight_decay;      ///< its λ
  };

 private:
  struct Slot {
    std::string name;
    Tensor parameter;
    double weight_decay;
    std::vector<std::string> state_names = {};
    std::vector<Tensor> state = {};
    Group group = {};  ///< the group whose rate is used
    double lr_factor = 1;
  };

  /// Throws std::logic_error if a step is impossible now.
  virtual void check_step() const {}
  /// Updates one parameter in place; steps() is 1 at the first step. Nothing is recorded.
  virtual void update(const Target& target) = 0;
  double rate(const Slot& slot) const;

  std::string name_;
  double lr_;
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
  /// neither or was constructed without momentum, and for values outside [0, 1).
  void set_momentum(double momentum) override {
    if constexpr (requires { options_.beta1; }) {
      range::fraction.check(name(), "beta1", momentum);
      options_.beta1 = momentum;
    } else if constexpr (requires { options_.momentum; }) {
      require(has_state("momentum_buffer"), name(),
              "was constructed without momentum: it can't be set");
      range::fraction.check(name(), "momentum", momentum);
      options_.momentum = momentum;
    } else {
      Optimizer::set_momentum(momentum);
    }
  }

 protected:
  /// Every parameter gets a tensor for each name in `state`, initially zero. `weight_decay` is by
  /// default that of the options. Throws like Optimizer's constructor, and for an option out of its
  /// range.
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

  Options options_;  ///< the options passed to the constructor; set_momentum() changes them
};

}  // namespace gradus::optim
