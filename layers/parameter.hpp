// Tensors that belong to a module.
#pragma once

#include "core/tensor.hpp"

namespace gradus::layers {

/// A tensor owned by a module: copying it copies the values (outside the graph, without the
/// gradient), moving it doesn't.
class Owned : public Tensor {
 public:
  Owned() = default;
  /// Copies the values; the copy requires a gradient where `other` does.
  Owned(const Owned& other) : Tensor(copy_of(other)) {}
  /// Takes the handle over.
  Owned(Owned&&) = default;
  /// The same as copying.
  Owned& operator=(const Owned& other) { return *this = Owned(other); }
  /// Takes the handle over.
  Owned& operator=(Owned&&) = default;

 protected:
  /// Takes `values` over, without copying them.
  explicit Owned(Tensor values) : Tensor(std::move(values)) {}

 private:
  static Tensor copy_of(const Tensor& tensor) {
    if (!tensor) return {};
    return tensor.detach().clone().set_requires_grad(tensor.requires_grad());
  }
};

/// What a tensor of a module is for; the module says so. Decay, penalties and averages
/// ask this, not a tensor's rank or name.
enum class Role {
  weight,     ///< what inputs are multiplied by; an embedding
  bias,       ///< what is added to outputs: of a layer, β of a normalization
  gain,       ///< what outputs or weights are scaled by: γ, weight_g, the slope of PReLU
  statistic,  ///< a mean over the data, such as a running variance: means of it are such, too
  iterate,    ///< how far something has come, such as a count or a singular vector
};

/// Trained: requires a gradient from the start. Undefined where the module goes without it.
class Parameter : public Owned {
 public:
  Parameter() = default;
  /// Takes `values` over, without copying them.
  explicit Parameter(Tensor values) : Owned(std::move(values)) {
    if (defined()) set_requires_grad();
  }
};

/// Saved with the module but not trained, such as running statistics.
class Buffer : public Owned {
 public:
  Buffer() = default;
  /// Takes `values` over, without copying them.
  explicit Buffer(Tensor values) : Owned(std::move(values)) {}
};

}  // namespace gradus::layers
