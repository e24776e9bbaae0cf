// Reparametrization: computes the weight that a layer multiplies by from the layer's parameters.
// Reparametrizable: a layer that can have one.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// A layer's product of an input with a weight and a bias (which may be undefined).
using Product = std::function<Tensor(const Tensor& x, const Tensor& weight, const Tensor& bias)>;

/// Base of reparametrizations. One derives from Reparametrized<Itself>, computes apply() or
/// forward() and lists what it owns in members(). The first dimension of the weights it sees counts
/// the outputs.
class Reparametrization {
 public:
  virtual ~Reparametrization() = default;

  /// The weight to multiply by, recorded, of the shape of `weight`; that itself where it is the
  /// product that is normalized. In training it may change its own buffers.
  virtual Tensor apply(const Tensor& weight, bool /*training*/) { return weight; }
  /// What the layer computes: product(x, apply(weight), bias).
  virtual Tensor forward(const Tensor& x, const Tensor& weight, const Tensor& bias,
                         const Product& product, bool training) {
    return product(x, apply(weight, training), bias);
  }
  /// Makes its own parameters and buffers from the first weight.
  virtual void attach(const Tensor& /*weight*/) {}
  /// Brings its iterates to where they tend for `weight`, which was exchanged, not trained.
  virtual void settle(const Tensor& /*weight*/) {}
  /// What draws at random: draws other numbers, for copies that go on several weights of one layer.
  virtual void fork(uint64_t /*index*/) {}
  /// Whether apply() is all it does, so that a plain weight can replace it.
  virtual bool folds() const { return true; }
  /// The name of the layer's weight from now on.
  virtual const char* weight_name() const { return "weight"; }
  /// Names its own parameters, buffers and generators, "weight_g", as Module::members() does.
  virtual void members(Members&) {}
  /// A copy with values of its own; Reparametrized computes it.
  virtual std::unique_ptr<Reparametrization> clone() const = 0;
  /// As a user would write it, with the options in force.
  virtual std::string description() const = 0;
  /// Its kind, what it goes over, and the formula with the numbers in force, for a weight of the
  /// shape `weight`, outputs first. Empty unless told.
  virtual std::string equation(const Shape& /*weight*/) const { return ""; }

 protected:
  Reparametrization() = default;
  /// For clone().
  Reparametrization(const Reparametrization&) = default;
  /// The same for assignment.
  Reparametrization& operator=(const Reparametrization&) = default;
};

/// Gives Derived its clone().
template <class Derived, class Base = Reparametrization>
class Reparametrized : public Base {
 public:
  using Base::Base;
  /// A copy of the derived class.
  std::unique_ptr<Reparametrization> clone() const override {
    // make_unique would be one more template to compile for each of them.
    return std::unique_ptr<Reparametrization>(new Derived(static_cast<const Derived&>(*this)));
  }
};

/// A reparametrization of any type, held by value, or none: a copy is a deep copy.
class AnyReparametrization {
 public:
  AnyReparametrization() = default;
  /// Takes any reparametrization, by copy or by move.
  template <class R>
  requires std::derived_from<std::remove_cvref_t<R>, Reparametrization> AnyReparametrization(
      R&& value)
      : value_(new std::remove_cvref_t<R>(std::forward<R>(value))) {}
  /// A deep copy.
  AnyReparametrization(const AnyReparametrization& other)
      : value_(other.value_ ? other.value_->clone() : nullptr) {}
  /// Leaves `other` without one.
  AnyReparametrization(AnyReparametrization&&) = default;
  /// A deep copy.
  AnyReparametrization& operator=(const AnyReparametrization& other) {
    return *this = AnyReparametrization(other);
  }
  /// Leaves `other` without one.
  AnyReparametrization& operator=(AnyReparametrization&&) = default;

  /// Whether there is one.
  explicit operator bool() const { return value_ != nullptr; }
  /// Its members.
  Reparametrization* operator->() { return value_.get(); }
  /// The same of a constant.
  const Reparametrization* operator->() const { return value_.get(); }

 private:
  std::unique_ptr<Reparametrization> value_;
};

/// What the weights of a layer multiply.
enum class WeightKind {
  dense,        ///< all inputs
  convolution,  ///< windows of the input
  recurrent,    ///< each step of a sequence, and the state
};

/// A layer that multiplies by weights: what initializers draw, and what normalizations of weights
/// go on.
class Reparametrizable : public Module {
 public:
  /// Computes each weight from its parameter at every call from now on, with gradients through it:
  /// `layer.reparametrize(WeightStandardization())`; see weight_normalizations(). Throws
  /// std::invalid_argument where the layer has a reparametrization already.
  virtual void reparametrize(AnyReparametrization reparametrization) = 0;
  /// What computes the weights; empty where the layer multiplies by its plain ones.
  virtual const AnyReparametrization& reparametrization() const = 0;
  /// Makes the weights that evaluation multiplies by the layer's plain ones, with the same outputs;
  /// a layer without reparametrization stays. Throws std::invalid_argument where no weight can do
  /// it (cosine normalization). The parameters are new tensors then: make an optimizer afterwards.
  virtual void fold() = 0;
  /// Brings the iterates of its reparametrization to where they tend; layers::settle() does all.
  virtual void settle() = 0;
  /// What its weights multiply.
  virtual WeightKind weight_kind() const = 0;
  /// Groups of outputs, each with inputs of its own.
  virtual int64_t groups() const { return 1; }
  /// Puts what `change` makes of it in the place of each weight, with the outputs in the first
  /// dimension, of recurrent layers each gate's; frozen ones may be left out.
  virtual void change_weights(const std::function<Tensor(const Tensor& weight)>& change,
                              bool frozen_too) = 0;

  Reparametrizable* reparametrizable() override { return this; }
  void fold_own() override {
    if (reparametrization() && reparametrization()->folds()) fold();
  }
};

/// Those of `module`, itself perhaps among them, with their paths, in the order of its members.
Members::Named<Reparametrizable> reparametrizable_layers(Module& module);

/// Computes anew what normalizations of weights only approach from step to step, such as the
/// singular vectors of SpectralNorm: after weights were exchanged, by an average for instance.
void settle(Module& module);

/// Makes weights plain, for inference, with the outputs of evaluation mode: folds every layer's
/// reparametrization (cosine normalization stays), and in each Sequential every batch normalization
/// with running statistics into the dense or convolution layer right before it; Identity() takes
/// its place, so that names stay.
void fold(Module& module);

}  // namespace gradus::layers
