// Tensors that belong to a module.
#pragma once

#include <utility>

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
