// Module: the base of all layers, a value with named parameters and buffers.
#pragma once

#include <type_traits>

#include "core/autograd.hpp"
#include "core/random.hpp"
#include "layers/parameter.hpp"

namespace gradus {
struct PoolingOptions;
class StepMemory;
}  // namespace gradus

namespace gradus::layers {

class EvaluationScope;
class Members;
class Reparametrizable;
class SamplingScope;

/// Base of layers. A layer derives from Layer<Itself>, computes forward() and lists what it owns in
/// members(); everything else (names, copies, state, modes) follows from that. A module is a value:
/// a copy has its own parameters.
class Module {
 public:
  virtual ~Module() = default;

  /// The result of the layer for `x`.
  virtual Tensor forward(const Tensor& x) = 0;
  /// Calls forward() and then the CallObserver of this thread, if there is one.
  Tensor operator()(const Tensor& x);
  /// The result for the steps x (N, L, …) of a sequence that follow those in `memory`, in
  /// evaluation mode and without gradients: what forward() returns for them if x has all steps.
  /// Throws std::invalid_argument if the memory has no room, and std::logic_error for a layer whose
  /// steps depend on later ones.
  Tensor next_steps(const Tensor& x, StepMemory& memory);
  /// next_steps() of one layer. A layer whose result for a step depends on earlier ones, or that
  /// contains such layers, keeps in the memory what it needs of them; for others it is forward(x).
  virtual Tensor forward_next(const Tensor& x, StepMemory& /*memory*/) { return forward(x); }
  /// next(forward(x)), if one operation computes both in fewer passes over memory and no
  /// CallObserver needs the intermediate result; otherwise undefined.
  Tensor with_next(const Tensor& x, const Module& next);
  /// Lists each parameter, buffer, generator and child, with PyTorch's names and in PyTorch's
  /// order.
  virtual void members(Members&) {}
  /// A copy with its own parameters, buffers and generators; Layer implements it.
  virtual std::unique_ptr<Module> clone() const = 0;
  /// The layer as a user would write it, with its options: "Conv2d(1, 32, kernel=3)".
  virtual std::string description() const = 0;
  /// For a normalization (of activations or of the layer's weight): its kind, axes and formula with
  /// the present numbers, "BatchNorm2d: over (N, H, W) of each channel; y = …". Empty for other
  /// layers.
  virtual std::string equation() const { return ""; }
  /// The operations of one call, without children: a multiply-add of a matrix product or
  /// convolution counts as 2, everything else as 0.
  virtual int64_t flops(const Shape& /*input*/, const Shape& /*output*/) const { return 0; }

  // For other layers, and for functions of whole modules.

  /// This layer, if it multiplies by weights that initializers may draw and normalizations compute;
  /// otherwise null.
  virtual Reparametrizable* reparametrizable() { return nullptr; }
  /// Its windows, if it is max pooling that the layer before it may do instead; otherwise null.
  virtual const PoolingOptions* max_pooling() const { return nullptr; }
  /// The number of channels (dimension 1), if evaluation is x·scale + shift with constants per
  /// channel; otherwise 0.
  virtual int64_t scaled_channels() const { return 0; }
  /// Merges the scale and shift of `next` (see scaled_channels()) into its own weight and bias.
  /// Returns whether it could.
  virtual bool fold_next(Module& /*next*/) { return false; }
  /// Its part of layers::fold(), called after those of its children.
  virtual void fold_own() {}

  /// Parameters with their paths, such as "0.weight". The tensors are the module's own, not copies;
  /// undefined ones (an omitted bias) are left out.
  NamedTensors named_parameters();
  /// Buffers with their paths, such as "1.running_mean"; otherwise the same.
  NamedTensors named_buffers();
  /// The random generators of dropout layers. They aren't part of the state dict, which is
  /// PyTorch's, but are needed to continue a run exactly.
  std::vector<std::pair<std::string, Rng*>> named_generators();
  /// named_parameters(), for optimizers.
  NamedTensors parameters() { return named_parameters(); }
  /// Parameters and buffers, in the order of PyTorch's state_dict.
  NamedTensors state_dict();
  /// The tensors of state_dict() with this role; penalties apply to tensors(Role::weight).
  NamedTensors tensors(Role role);
  /// Copies the values of `state` to the module. Throws std::invalid_argument, and changes nothing,
  /// unless names, shapes and types are exactly the module's; the message lists everything that is
  /// missing, different or unexpected.
  void load_state_dict(const NamedTensors& state);
  /// Writes state_dict() to a safetensors file, which PyTorch reads too. Throws like
  /// write_safetensors().
  void save(const std::string& path);
  /// load_state_dict() of a file. Throws std::runtime_error "path: …", and changes nothing, for a
  /// file that read_safetensors() refuses, and unless names, shapes and types are exactly the
  /// module's. load_pretrained() loads a part.
  void load(const std::string& path);
  /// The number of values in all parameters.
  int64_t parameter_count();

  /// Sets training mode (dropout is active, batch norm uses the batch) for this module and all
  /// below it.
  void train(bool on = true);
  /// train(false).
  void evaluate() { train(false); }
  /// Whether the module is in training mode; initially true.
  bool is_training() const { return training_; }
  /// Evaluation mode without recording, until the end of the scope.
  [[nodiscard]] EvaluationScope evaluation_scope();
  /// Stops the training of all parameters: they get no gradient, and lose the one they have; an
  /// optimizer changes neither them nor their state. Modes don't change.
  void freeze();
  /// The same for the parameters whose names match `pattern` (* any characters, ? one character),
  /// as in "0.*", "*.bias". Throws std::invalid_argument, with the nearest names, if none does.
  void freeze(std::string_view pattern);
  /// Trains all parameters again. An optimizer that was constructed while they were frozen doesn't
  /// know them: construct it before they are frozen, or anew.
  void unfreeze();
  /// The same for the parameters that match a pattern; throws like freeze().
  void unfreeze(std::string_view pattern);
  /// Converts parameters and buffers to f32 or f64. They become new tensors: create the optimizer
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

  /// The implementation of with_next(), for layers with such an operation.
  virtual Tensor forward_with_next(const Tensor& /*x*/, const Module& /*next*/) { return {}; }

  bool training_ = true;
};

/// module(x) as the child `name` of the layer that calls it: errors, observers and anomaly mode
/// name its path (LayerScope).
Tensor call_child(std::string_view name, Module& module, const Tensor& x);

/// A text as a template argument.
template <std::size_t size>
struct FixedString {
  /// From a string literal.
  consteval FixedString(const char (&literal)[size]) { std::copy_n(literal, size, text); }
  char text[size];  ///< ends in a zero
};

/// Implements clone() for Derived: `class ReLU : public Layer<ReLU>`. Base is Module or an
/// intermediate class.
template <class Derived, class Base = Module>
class Layer : public Base {
 public:
  using Base::Base;
  /// A copy of the derived class.
  std::unique_ptr<Module> clone() const override {
    // make_unique would be one more template to compile for each layer.
    return std::unique_ptr<Module>(new Derived(static_cast<const Derived&>(*this)));
  }
};

/// Everything that a module owns, with paths, in the order of the calls; see Module::members.
class Members {
 public:
  /// Members of one kind with their paths. The pointers are valid until the module is moved.
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
  /// Lists a child module and everything that it owns, with its name and `separator` before their
  /// names: "." gives "out_proj.weight", "_" "in_proj_weight".
  void child(const std::string& name, Module& module, const char* separator = ".");
  /// Calls `list`; in the names that it lists, a leading `from` is replaced by `to`.
  void renamed(const std::string& from, const std::string& to, const std::function<void()>& list);

  /// The root, whose path is empty, and all modules below it.
  const Named<Module>& modules() const { return modules_; }
  /// Parameters, including undefined ones.
  const Named<Parameter>& parameters() const { return parameters_; }
  /// Buffers, including undefined ones.
  const Named<Buffer>& buffers() const { return buffers_; }
  /// Generators of random numbers.
  const Named<Rng>& generators() const { return generators_; }
  /// Parameters and buffers in the order of the calls.
  const Named<Owned>& state() const { return state_; }
  /// The role of each tensor of state().
  const std::vector<Role>& roles() const { return roles_; }

 private:
  std::string path(const std::string& name) const;

  std::string prefix_;  // with the separator
  std::pair<std::string, std::string> renamed_;
  Named<Module> modules_;
  Named<Parameter> parameters_;
  Named<Buffer> buffers_;
  Named<Rng> generators_;
  Named<Owned> state_;
  std::vector<Role> roles_;
};

/// A module of any type, stored by value: a copy is a deep copy.
class AnyModule {
 public:
  /// Takes any layer, by copy or by move.
  template <class M>
  requires std::derived_from<std::remove_cvref_t<M>, Module> AnyModule(M&& module)
      : module_(new std::remove_cvref_t<M>(std::forward<M>(module))) {}
  /// A deep copy.
  AnyModule(const AnyModule& other) : module_(other.module_->clone()) {}
  /// Moves the module; `other` may then only be assigned to or destroyed.
  AnyModule(AnyModule&&) = default;
  /// A deep copy.
  AnyModule& operator=(const AnyModule& other) { return *this = AnyModule(other); }
  /// Moves the module, like the move constructor.
  AnyModule& operator=(AnyModule&&) = default;

  /// The module.
  Module& operator*() { return *module_; }
  /// The module.
  const Module& operator*() const { return *module_; }
  /// Its members: `model->train()`.
  Module* operator->() { return module_.get(); }
  /// The same for a const module.
  const Module* operator->() const { return module_.get(); }
  /// Calls the module (Module::operator()).
  Tensor operator()(const Tensor& x) { return (*module_)(x); }

 private:
  std::unique_ptr<Module> module_;
};

/// Evaluation mode without recording; at the end each module gets its previous mode back.
class EvaluationScope {
 public:
  /// Starts the scope for `module` and all below it.
  explicit EvaluationScope(Module& module);
  ~EvaluationScope();
  EvaluationScope& operator=(EvaluationScope&&) = delete;

 private:
  std::vector<std::pair<Module*, bool>> modes_;
  NoGrad no_grad_;
};

/// Until the end of the scope, calls `observe(module, input, output)` after each module that this
/// thread calls, children before their parents; LayerScope::path() is then the module's path. Only
/// the innermost observer is called.
class CallObserver {
 public:
  /// The function to call after each module.
  using Observe = std::function<void(Module& module, const Tensor& input, const Tensor& output)>;

  /// Starts observing this thread.
  explicit CallObserver(Observe observe);
  ~CallObserver();
  CallObserver& operator=(CallObserver&&) = delete;

 private:
  friend class Module;

  Observe observe_;
  CallObserver* outer_;
};

}  // namespace gradus::layers
