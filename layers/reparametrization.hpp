// Reparametrization: computes a layer's weight from other parameters. Reparametrizable: a layer
// that can have one.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// A layer's product of an input with a weight and a bias (which may be undefined).
using Product = std::function<Tensor(const Tensor& x, const Tensor& weight, const Tensor& bias)>;

/// Base of reparametrizations. One derives from Reparametrized<Itself>, computes apply() or
/// forward() and lists what it owns in members(). The first dimension of the weights it gets is
/// that of the outputs.
class Reparametrization {
 public:
  virtual ~Reparametrization() = default;

  /// The weight to multiply by, recorded, with the shape of `weight`; `weight` itself if the
  /// product is normalized instead. In training it may change its own buffers.
  virtual Tensor apply(const Tensor& weight, bool /*training*/) { return weight; }
  /// The layer's result: product(x, apply(weight), bias).
  virtual Tensor forward(const Tensor& x, const Tensor& weight, const Tensor& bias,
                         const Product& product, bool training) {
    return product(x, apply(weight, training), bias);
  }
  /// Computes its own parameters and buffers from the first weight.
  virtual void attach(const Tensor& /*weight*/) {}
  /// Lets its iterations converge for `weight`, after the weight was replaced instead of trained.
  virtual void settle(const Tensor& /*weight*/) {}
  /// For random reparametrizations: changes the random numbers, for copies on several weights of a
  /// layer.
  virtual void fork(uint64_t /*index*/) {}
  /// Whether apply() is all that it does, so that a plain weight can replace it.
  virtual bool folds() const { return true; }
  /// The name of the layer's weight with this reparametrization.
  virtual const char* weight_name() const { return "weight"; }
  /// Lists its own parameters, buffers and generators, such as "weight_g", like Module::members().
  virtual void members(Members&) {}
  /// A copy with its own values; Reparametrized implements it.
  virtual std::unique_ptr<Reparametrization> clone() const = 0;
  /// The reparametrization as a user would write it, with its options.
  virtual std::string description() const = 0;
  /// Its kind, axes and formula with the present numbers, for a weight of the shape `weight`,
  /// outputs first. Empty by default.
  virtual std::string equation(const Shape& /*weight*/) const { return ""; }

 protected:
  Reparametrization() = default;
  /// For clone().
  Reparametrization(const Reparametrization&) = default;
  /// The same for assignment.
  Reparametrization& operator=(const Reparametrization&) = default;
};

/// Implements clone() for Derived.
template <class Derived, class Base = Reparametrization>
class Reparametrized : public Base {
 public:
  using Base::Base;
  /// A copy of the derived class.
  std::unique_ptr<Reparametrization> clone() const override {
    // make_unique would be one more template to compile for each class.
    return std::unique_ptr<Reparametrization>(new Derived(static_cast<const Derived&>(*this)));
  }
};

/// A reparametrization of any type, stored by value, or none: a copy is a deep copy.
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
  /// Moves the reparametrization; `other` then has none.
  AnyReparametrization(AnyReparametrization&&) = default;
  /// A deep copy.
  AnyReparametrization& operator=(const AnyReparametrization& other) {
    return *this = AnyReparametrization(other);
  }
  /// Moves the reparametrization; `other` then has none.
  AnyReparametrization& operator=(AnyReparametrization&&) = default;

  /// Whether there is one.
  explicit operator bool() const { return value_ != nullptr; }
  /// Its members.
  Reparametrization* operator->() { return value_.get(); }
  /// The same for a const one.
  const Reparametrization* operator->() const { return value_.get(); }

 private:
  std::unique_ptr<Reparametrization> value_;
};

/// The kind of a layer's weights, by their operands.
enum class WeightKind {
  dense,        ///< all inputs
  convolution,  ///< windows of the input
  recurrent,    ///< each step of a sequence, and the state
};

/// A layer that multiplies by weights, which initializers draw and weight normalizations change.
class Reparametrizable : public Module {
 public:
  /// Computes each weight from its parameter at every call from now on, with gradients through it:
  /// `layer.reparametrize(WeightStandardization())`; see weight_normalizations(). Throws
  /// std::invalid_argument if the layer already has a reparametrization.
  virtual void reparametrize(AnyReparametrization reparametrization) = 0;
  /// The present reparametrization; empty if the layer multiplies by its plain weights.
  virtual const AnyReparametrization& reparametrization() const = 0;
  /// Replaces the reparametrization by plain weights, those of evaluation mode, with the same
  /// outputs; without a reparametrization it does nothing. Throws std::invalid_argument if no plain
  /// weight is equivalent (cosine normalization). The parameters become new tensors: create the
  /// optimizer afterwards.
  virtual void fold() = 0;
  /// Lets the iterations of its reparametrization converge; layers::settle() does this for a whole
  /// module.
  virtual void settle() = 0;
  /// The kind of its weights.
  virtual WeightKind weight_kind() const = 0;
  /// The number of groups of outputs; each group has its own inputs.
  virtual int64_t groups() const { return 1; }
  /// Replaces each weight by change(weight), with the outputs in the first dimension; in recurrent
  /// layers the weight of each gate separately, in attention each projection. Frozen weights can be
  /// left out.
  virtual void change_weights(const std::function<Tensor(const Tensor& weight)>& change,
                              bool frozen_too) = 0;

  Reparametrizable* reparametrizable() override { return this; }
  void fold_own() override {
    if (reparametrization() && reparametrization()->folds()) fold();
  }
};

/// The reparametrizable layers of `module` (possibly itself), with their paths, in the order of its
/// members.
Members::Named<Reparametrizable> reparametrizable_layers(Module& module);

/// Lets the iterations of all weight normalizations converge, such as the singular vectors of
/// SpectralNorm. Call it after weights were replaced, for example by their average.
void settle(Module& module);

/// Simplifies `module` for inference, with the outputs of evaluation mode. It folds every layer's
/// reparametrization (except cosine normalization), and in each Sequential every batch
/// normalization with running statistics into the dense or convolution layer directly before it;
/// Identity() replaces it, so that names don't change.
void fold(Module& module);

}  // namespace gradus::layers
