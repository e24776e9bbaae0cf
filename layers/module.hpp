// What every layer is: a value with named parameters and buffers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/tensor.hpp"

namespace gradus::layers {

class Module;

/// A tensor that belongs to a module: copying the module copies its values.
class Owned : public Tensor {
 public:
  Owned() = default;
  Owned(const Owned& other);
  Owned(Owned&&) = default;
  Owned& operator=(const Owned& other);
  Owned& operator=(Owned&&) = default;

 protected:
  explicit Owned(Tensor values) : Tensor(std::move(values)) {}
};

/// Trained: requires a gradient from the start. Undefined where the module goes without it.
class Parameter : public Owned {
 public:
  Parameter() = default;
  explicit Parameter(Tensor values);
};

/// Saved with the module but not trained (running statistics).
class Buffer : public Owned {
 public:
  Buffer() = default;
  explicit Buffer(Tensor values) : Owned(std::move(values)) {}
};

/// A module of any type, held by value: a copy is a deep copy.
class AnyModule {
 public:
  template <class Layer>
  requires std::derived_from<std::remove_cvref_t<Layer>, Module> AnyModule(Layer&& layer)
      : module_(std::make_unique<std::remove_cvref_t<Layer>>(std::forward<Layer>(layer))) {}
  explicit AnyModule(std::unique_ptr<Module> module) : module_(std::move(module)) {}
  AnyModule(const AnyModule& other);
  AnyModule(AnyModule&&) = default;
  AnyModule& operator=(const AnyModule& other);
  AnyModule& operator=(AnyModule&&) = default;

  Module& operator*() const { return *module_; }
  Module* operator->() const { return module_.get(); }

 private:
  std::unique_ptr<Module> module_;
};

using NamedTensor = std::pair<std::string, Tensor>;
using NamedTensors = std::vector<NamedTensor>;

/// Told the members of a module one by one; see Module::members.
class Members {
 public:
  virtual ~Members() = default;
  virtual void parameter(const std::string& name, Parameter& parameter) = 0;
  virtual void buffer(const std::string& name, Buffer& buffer) = 0;
  virtual void child(const std::string& name, Module& module) = 0;
};

/// Base of layers. A layer derives from Layer<Itself>, computes forward() and lists what it owns in
/// members(); everything else — names, copies, state, modes — follows from that.
class Module {
 public:
  virtual ~Module() = default;

  /// The result of the layer for `x`.
  virtual Tensor forward(const Tensor& x) = 0;
  Tensor operator()(const Tensor& x) { return forward(x); }
  /// Names each parameter, buffer and child, in PyTorch's names and order.
  virtual void members(Members&) {}
  virtual std::unique_ptr<Module> clone() const = 0;
  /// As a user would write it, with the options in force: "Conv2d(1, 32, kernel=3)".
  virtual std::string description() const = 0;

  /// With the path of each: "0.weight". Handles: they share the module's values. Undefined ones are
  /// left out.
  NamedTensors named_parameters();
  NamedTensors named_buffers();
  /// The same as named_parameters(); what optimizers take.
  NamedTensors parameters() { return named_parameters(); }
  /// Parameters, then buffers.
  NamedTensors state_dict();
  /// Copies the values in. Throws std::invalid_argument, and changes nothing, unless names, shapes
  /// and types are exactly the module's: the message lists every missing, unexpected and misshapen
  /// tensor.
  void load_state_dict(const NamedTensors& state);
  /// The number of trained values.
  int64_t parameter_count();

  /// Training mode (dropout drops, batch norm uses the batch) for this module and all below.
  void train(bool on = true);
  void evaluate() { train(false); }
  bool is_training() const { return training_; }
  /// Stops (or resumes) the training of all parameters below.
  void freeze(bool frozen = true);

 protected:
  Module() = default;
  Module(const Module&) = default;
  Module& operator=(const Module&) = default;

 private:
  friend class EvaluationScope;
  void visit_modules(const std::function<void(Module&)>& visit);

  bool training_ = true;
};

/// Evaluation mode and no recording until the end of the scope; then every module has its own mode
/// again.
class EvaluationScope;

/// Gives Derived its clone().
template <class Derived>
class Layer : public Module {
 public:
  std::unique_ptr<Module> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

}  // namespace gradus::layers
