// Parameter, Buffer: tensors that belong to a module.
#pragma once

#include "core/tensor.hpp"

namespace gradus::layers {

/// A tensor owned by a module: a copy has its own values (without history and gradient); a move
/// doesn't copy them.
class Owned : public Tensor {
 public:
  Owned() = default;
  /// Copies the values; the copy requires a gradient if `other` does.
  Owned(const Owned& other) : Tensor(copy_of(other)) {}
  /// Moves the handle.
  Owned(Owned&&) = default;
  /// The same as copying.
  Owned& operator=(const Owned& other) { return *this = Owned(other); }
  /// Moves the handle.
  Owned& operator=(Owned&&) = default;

 protected:
  /// Takes `values` without copying them.
  explicit Owned(Tensor values) : Tensor(std::move(values)) {}

 private:
  static Tensor copy_of(const Tensor& tensor) {
    if (!tensor.defined()) return {};
    return tensor.detach().clone().set_requires_grad(tensor.requires_grad());
  }
};

/// The role of a tensor in its module. Weight decay, penalties and averages depend on it, not on a
/// tensor's rank or name.
enum class Role {
  weight,     ///< a factor of inputs; an embedding
  bias,       ///< added to outputs: a layer's bias, β of a normalization
  gain,       ///< a factor of outputs or weights: γ, weight_g, the slope of PReLU
  statistic,  ///< a mean over the data, such as a running variance; it may be averaged
  iterate,    ///< the state of an iteration, such as a count or a singular vector; it must not be
              ///< averaged
};

/// A trained tensor: it requires a gradient from the start. Undefined if the module doesn't use it.
class Parameter : public Owned {
 public:
  Parameter() = default;
  /// Takes `values` without copying them.
  explicit Parameter(Tensor values) : Owned(std::move(values)) {
    if (defined()) set_requires_grad();
  }
};

/// A tensor that is saved with the module but not trained, such as running statistics.
class Buffer : public Owned {
 public:
  Buffer() = default;
  /// Takes `values` without copying them.
  explicit Buffer(Tensor values) : Owned(std::move(values)) {}
};

}  // namespace gradus::layers
