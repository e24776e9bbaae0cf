// What every layer is: a value with named parameters and buffers.
#pragma once

#include <type_traits>

#include "core/autograd.hpp"
#include "core/random.hpp"
#include "layers/parameter.hpp"

namespace gradus {
struct PoolingOptions;
}

namespace gradus::layers {

class EvaluationScope;
class Members;
class Reparametrizable;
class SamplingScope;

/// Base of layers. A layer derives from Layer<Itself>, computes forward() and lists what it owns in
/// members(); everything else — names, copies, state, modes — follows from that. A module is a
/// value: its copy has parameters of its own.
class Module {
 public:
  virtual ~Module() = default;

  /// The result of the layer for `x`.
  virtual Tensor forward(const Tensor& x) = 0;
  /// forward(), watched by the CallObserver of this thread.
  Tensor operator()(const Tensor& x);
  /// What `next` makes of this layer's result, where one operation does both in fewer passes over
  /// memory and no CallObserver wants to see what lies between; else undefined.
  Tensor with_next(const Tensor& x, const Module& next);
  /// Names each parameter, buffer, generator and child, in PyTorch's names and order.
  virtual void members(Members&) {}
  /// A copy with parameters, buffers and generators of its own; Layer computes it.
  virtual std::unique_ptr<Module> clone() const = 0;
  /// As a user would write it, with the options in force: "Conv2d(1, 32, kernel=3)".
  virtual std::string description() const = 0;
  /// Of a normalization, of activations or of the layer's weight: its kind, axes and formula with
  /// the numbers in force, "BatchNorm2d: over (N, H, W) of each channel; y = …". Empty for other
  /// layers.
  virtual std::string equation() const { return ""; }
  /// What one call computes itself, without its children: multiply-adds of matrix products and
  /// convolutions counted as 2, everything else as 0.
  virtual int64_t flops(const Shape& /*input*/, const Shape& /*output*/) const { return 0; }

  // What other layers ask, and functions for whole modules.

  /// Itself, where it multiplies by weights that initializers may draw and normalizations compute;
  /// else null.
  virtual Reparametrizable* reparametrizable() { return nullptr; }
  /// Its windows, where it takes their maxima and a layer before it may do so instead; else null.
  virtual const PoolingOptions* max_pooling() const { return nullptr; }
  /// The number of channels (dimension 1), where evaluation is x·scale + shift with constants of
  /// each channel; else 0.
  virtual int64_t scaled_channels() const { return 0; }
  /// Takes what `next` does to scaled_channels() into its own weight and bias; whether it could.
  virtual bool fold_next(Module& /*next*/) { return false; }
  /// Its part of layers::fold(), after those of the modules below it.
  virtual void fold_own() {}

  /// Parameters with the path of each, "0.weight". The tensors are the module's own, not copies;
  /// those that are undefined (a bias left out) don't appear.
  NamedTensors named_parameters();
  /// Buffers with the path of each, "1.running_mean", likewise.
  NamedTensors named_buffers();
  /// Where the random generators of dropout layers stand; no part of the state dict, which is
  /// PyTorch's, but of what continues a run exactly.
  std::vector<std::pair<std::string, Rng*>> named_generators();
  /// What optimizers take: named_parameters().
  NamedTensors parameters() { return named_parameters(); }
  /// Parameters and buffers, in the order of PyTorch's state_dict.
  NamedTensors state_dict();
  /// Those of state_dict() that are for this: tensors(Role::weight) is what penalties go on.
  NamedTensors tensors(Role role);
  /// Copies the values in. Throws std::invalid_argument, and changes nothing, unless names, shapes
  /// and types are exactly the module's; the message lists everything that is missing, different
  /// or unexpected.
  void load_state_dict(const NamedTensors& state);
  /// The number of values in all parameters.
  int64_t parameter_count();

  /// Training mode (dropout drops, batch norm uses the batch) for this module and all below.
  void train(bool on = true);
  /// train(false).
  void evaluate() { train(false); }
  /// Whether the module is in training mode; true at first.
  bool is_training() const { return training_; }
  /// Evaluation mode, without recording, until the end of the scope.
  [[nodiscard]] EvaluationScope evaluation_scope();
  /// Stops (or resumes) the training of all parameters; modes stay as they are.
  void freeze(bool frozen = true);
  /// Converts parameters and buffers to f32 or f64. They are new tensors then: make an optimizer
  /// afterwards.
  void to(DType dtype);

 protected:
  Module() = default;
  /// For clone(); a copy has the same mode.
  Module(const Module&) = default;
  /// The same for assignment.
  Module& operator=(const Module&) = default;

 private:
  friend class EvaluationScope;
  friend class SamplingScope;

  /// with_next() of a layer that knows such an operation.
  virtual Tensor forward_with_next(const Tensor& /*x*/, const Module& /*next*/) { return {}; }

  bool training_ = true;
};

/// A text as a template argument.
template <std::size_t size>
struct FixedString {
  /// Takes the text of a literal.
  consteval FixedString(const char (&literal)[size]) { std::copy_n(literal, size, text); }
  char text[size];  ///< ends in a zero
};

/// Gives Derived its clone(): `class ReLU : public Layer<ReLU>`. Base is Module, or a class
/// between.
template <class Derived, class Base = Module>
class Layer : public Base {
 public:
  using Base::Base;
  /// A copy of the derived class.
  std::unique_ptr<Module> clone() const override {
    // make_unique would be one more template to compile for each of them.
    return std::unique_ptr<Module>(new Derived(static_cast<const Derived&>(*this)));
  }
};

/// Everything a module owns, with paths, in the order of the calls; see Module::members.
class Members {
 public:
  /// Members of one kind with their paths. The pointers are valid as long as the module isn't
  /// moved.
  template <class Member>
  using Named = std::vector<std::pair<std::string, Member*>>;

  /// Collects `root` and all below it.
  explicit Members(Module& root);

  /// Lists a parameter, which may be undefined.
  void parameter(const std::string& name, Parameter& parameter, Role role = Role::weight);
  /// Lists a buffer, which may be undefined.
  void buffer(const std::string& name, Buffer& buffer, Role role = Role::statistic);
  /// Lists a generator of random numbers.
  void generator(const std::string& name, Rng& generator);
  /// Lists a module and, with `name.` before their names, all that it owns.
  void child(const std::string& name, Module& module);
  /// Calls `list`; in the names that it gives, `to` stands for a leading `from`.
  void renamed(const std::string& from, const std::string& to, const std::function<void()>& list);

  /// The root, whose path is empty, and all modules below it.
  const Named<Module>& modules() const { return modules_; }
  /// Parameters, the undefined among them.
  const Named<Parameter>& parameters() const { return parameters_; }
  /// Buffers, the undefined among them.
  const Named<Buffer>& buffers() const { return buffers_; }
  /// Generators of random numbers.
  const Named<Rng>& generators() const { return generators_; }
  /// Parameters and buffers as they come.
  const Named<Owned>& state() const { return state_; }
  /// What each of state() is for.
  const std::vector<Role>& roles() const { return roles_; }

 private:
  std::string path(const std::string& name) const;

  std::string prefix_;
  std::pair<std::string, std::string> renamed_;
  Named<Module> modules_;
  Named<Parameter> parameters_;
  Named<Buffer> buffers_;
  Named<Rng> generators_;
  Named<Owned> state_;
  std::vector<Role> roles_;
};

/// A module of any type, held by value: a copy is a deep copy.
class AnyModule {
 public:
  /// Takes any layer, by copy or by move.
  template <class M>
  requires std::derived_from<std::remove_cvref_t<M>, Module> AnyModule(M&& module)
      : module_(new std::remove_cvref_t<M>(std::forward<M>(module))) {}
  /// A deep copy.
  AnyModule(const AnyModule& other) : module_(other.module_->clone()) {}
  /// Leaves `other` without a module: it can only be assigned to or destroyed.
  AnyModule(AnyModule&&) = default;
  /// A deep copy.
  AnyModule& operator=(const AnyModule& other) { return *this = AnyModule(other); }
  /// Leaves `other` without a module, like the move constructor.
  AnyModule& operator=(AnyModule&&) = default;

  /// The module.
  Module& operator*() { return *module_; }
  /// The module.
  const Module& operator*() const { return *module_; }
  /// Its members: `model->train()`.
  Module* operator->() { return module_.get(); }
  /// The same of a constant.
  const Module* operator->() const { return module_.get(); }
  /// Calls the module (Module::operator()).
  Tensor operator()(const Tensor& x) { return (*module_)(x); }

 private:
  std::unique_ptr<Module> module_;
};

/// Evaluation mode and no recording; at the end each module has the mode again that it had.
class EvaluationScope {
 public:
  /// Begins the scope for `module` and all below it.
  explicit EvaluationScope(Module& module);
  ~EvaluationScope();
  EvaluationScope& operator=(EvaluationScope&&) = delete;

 private:
  std::vector<std::pair<Module*, bool>> modes_;
  NoGrad no_grad_;
};

/// While it lives, `observe(module, input, output)` is called after each module that this thread
/// calls, children before their parents; LayerScope::path() is the module's path then. The
/// innermost observer is the one in force.
class CallObserver {
 public:
  /// What is called after each module.
  using Observe = std::function<void(Module& module, const Tensor& input, const Tensor& output)>;

  /// Watches this thread until the end of the scope.
  explicit CallObserver(Observe observe);
  ~CallObserver();
  CallObserver& operator=(CallObserver&&) = delete;

 private:
  friend class Module;

  Observe observe_;
  CallObserver* outer_;
};

}  // namespace gradus::layers
