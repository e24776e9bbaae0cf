// Tensor: a handle to shape, type, values and the recorded operation of a tensor.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <vector>

#include "core/dtype.hpp"
#include "core/shape.hpp"
#include "core/slice.hpp"
#include "core/storage.hpp"

namespace gradus {

class Node;
class Tensor;
/// Several tensors, as operations take and return them.
using Tensors = std::vector<Tensor>;
/// A function for Tensor::register_hook(). It returns another gradient of the same shape and type,
/// or an undefined tensor to keep this one, which it must not change.
using GradientHook = std::function<Tensor(const Tensor& gradient)>;

namespace detail {
struct GradientHooks;
}

/// A hook that Tensor::register_hook() added.
class RemovableHandle {
 public:
  /// Of no hook.
  RemovableHandle() = default;
  /// Removes the hook. A second call, or one after the end of the tensor, does nothing.
  void remove();

 private:
  friend class Engine;

  RemovableHandle(std::weak_ptr<detail::GradientHooks> hooks, uint64_t number)
      : hooks_(std::move(hooks)), number_(number) {}

  std::weak_ptr<detail::GradientHooks> hooks_;
  uint64_t number_ = 0;
};

/// A handle: copies share the values, as in PyTorch; clone() copies them. Row-major and contiguous.
/// A default-constructed tensor is undefined: reading its shape, type or values throws
/// std::logic_error.
class Tensor {
 public:
  Tensor() = default;

  /// A new tensor with uninitialized values. The tensors of these functions are leaves that don't
  /// require a gradient.
  static Tensor empty(const Shape& shape, DType dtype = DType::f32);
  /// Every element is `value`, converted to `dtype`.
  static Tensor full(const Shape& shape, double value, DType dtype = DType::f32);
  /// Every element is 0.
  static Tensor zeros(const Shape& shape, DType dtype = DType::f32) {
    return full(shape, 0, dtype);
  }
  /// Every element is 1.
  static Tensor ones(const Shape& shape, DType dtype = DType::f32) { return full(shape, 1, dtype); }
  /// A tensor of rank 0.
  static Tensor scalar(double value, DType dtype = DType::f32) { return full({}, value, dtype); }
  /// 0, 1, … n-1.
  static Tensor arange(int64_t n, DType dtype = DType::i64);
  /// A copy of `values`, of type T (float, double, int64_t, bool), row-major. Throws
  /// std::invalid_argument if their number isn't the shape's.
  template <class T>
  static Tensor from(std::span<const T> values, const Shape& shape) {
    return copy_of(values.data(), std::ssize(values), dtype_of<T>, shape);
  }
  /// The same from a vector.
  template <class T>
  static Tensor from(const std::vector<T>& values, const Shape& shape) {
    return from(std::span<const T>(values), shape);
  }
  /// The same from a list, of rank 1: Tensor::from({1.f, 2.f}). Numbers of type int become i64.
  template <class T>
  static Tensor from(std::initializer_list<T> values) {
    if constexpr (std::is_same_v<T, int>)
      return from(std::vector<int64_t>(values.begin(), values.end()), {std::ssize(values)});
    else
      return from(std::span<const T>(values.begin(), values.size()), {std::ssize(values)});
  }
  /// The same from rows, of rank 2: Tensor::from({{1.f, 2.f}, {3.f, 4.f}}). Throws
  /// std::invalid_argument for rows of different lengths.
  template <class T>
  static Tensor from(std::initializer_list<std::initializer_list<T>> rows) {
    std::vector<Tensor> parts;
    for (const auto& row : rows) parts.push_back(from(row));
    return of_rows(parts);
  }
  /// The same of rank 3, in three pairs of braces.
  template <class T>
  static Tensor from(std::initializer_list<std::initializer_list<std::initializer_list<T>>> parts) {
    std::vector<Tensor> tables;
    for (const auto& rows : parts) tables.push_back(from(rows));
    return of_rows(tables);
  }

  /// Whether the handle refers to a tensor.
  bool defined() const { return impl_ != nullptr; }
  /// The extents.
  const Shape& shape() const;
  /// The number of dimensions; 0 for a scalar.
  int rank() const { return shape().rank(); }
  /// Extent of a dimension; negative counts from the end.
  int64_t size(int dim) const { return shape()[dim]; }
  /// The number of elements; 1 for a scalar.
  int64_t numel() const;
  /// The type of the elements.
  DType dtype() const;

  /// The values, for reading. Throws std::invalid_argument if T isn't the tensor's type.
  template <class T>
  const T* data() const {
    return reinterpret_cast<const T*>(elements(dtype_of<T>));
  }
  /// The values, for writing: autograd then treats them as changed.
  template <class T>
  T* mutable_data() {
    return reinterpret_cast<T*>(mutable_elements(dtype_of<T>));
  }
  /// A copy of the values, row-major. Throws std::invalid_argument if T isn't the tensor's type.
  template <class T>
  std::vector<T> to_vector() const {
    return std::vector<T>(data<T>(), data<T>() + numel());
  }
  /// The value of a tensor of one element. Throws std::invalid_argument for others.
  double item() const;

  /// A copy of row i, of dimension 0: x[i] has one dimension less. Negative counts from the end;
  /// differentiable, like all below. Throws std::invalid_argument out of range.
  Tensor operator[](int64_t i) const;
  /// A copy of what a mask chooses, see masked_select(), or of the rows at i64 indices (n), see
  /// index_select().
  Tensor operator[](const Tensor& chosen) const;
  /// A copy of the elements at places of the first dimensions, each a number or a Slice:
  /// x(0, Slice{1, 3}); see index().
  template <class... Places>
  Tensor operator()(const Places&... places) const {
    return at({Index(places)...});
  }
  /// The same from a list.
  Tensor at(std::initializer_list<Index> indices) const;
  /// Overwrites the elements that at(indices) copies by `value`, which is broadcast to them:
  /// x.assign({0, Slice{1, 3}}, y). Throws std::invalid_argument for a shape or type that doesn't
  /// fit, and like fill().
  void assign(std::initializer_list<Index> indices, const Tensor& value);
  /// The same with a number.
  void assign(std::initializer_list<Index> indices, double value);

  /// Adds to the values, in place, for all handles of them; x is broadcast. Throws std::logic_error
  /// where this would change a recorded value: write a = a + x, or change parameters under NoGrad.
  Tensor& operator+=(const Tensor& x);
  /// Subtracts in the same way.
  Tensor& operator-=(const Tensor& x);
  /// Multiplies in the same way.
  Tensor& operator*=(const Tensor& x);
  /// Divides in the same way.
  Tensor& operator/=(const Tensor& x);
  /// Adds a number in the same way.
  Tensor& operator+=(double c);
  /// Subtracts a number in the same way.
  Tensor& operator-=(double c);
  /// Multiplies by a number in the same way.
  Tensor& operator*=(double c);
  /// Divides by a number in the same way.
  Tensor& operator/=(double c);

  /// gradus::sum() of this tensor.
  Tensor sum(Dims dims = {}, bool keepdim = false) const;
  /// gradus::mean() of this tensor.
  Tensor mean(Dims dims = {}, bool keepdim = false) const;
  /// gradus::var() of this tensor.
  Tensor var(Dims dims = {}, bool keepdim = false, bool unbiased = true) const;
  /// gradus::amax() of this tensor.
  Tensor amax(Dims dims = {}, bool keepdim = false) const;
  /// gradus::amin() of this tensor.
  Tensor amin(Dims dims = {}, bool keepdim = false) const;
  /// gradus::any() of this tensor.
  Tensor any(Dims dims = {}, bool keepdim = false) const;
  /// gradus::all() of this tensor.
  Tensor all(Dims dims = {}, bool keepdim = false) const;
  /// gradus::argmax() of this tensor.
  Tensor argmax(int dim, bool keepdim = false) const;
  /// gradus::argmin() of this tensor.
  Tensor argmin(int dim, bool keepdim = false) const;
  /// gradus::softmax() of this tensor.
  Tensor softmax(int dim) const;
  /// gradus::log_softmax() of this tensor.
  Tensor log_softmax(int dim) const;
  /// gradus::reshape() of this tensor.
  Tensor reshape(std::initializer_list<int64_t> extents) const;
  /// gradus::flatten() of this tensor.
  Tensor flatten(int start_dim = 0) const;
  /// gradus::squeeze() of this tensor.
  Tensor squeeze(int dim) const;
  /// gradus::unsqueeze() of this tensor.
  Tensor unsqueeze(int dim) const;
  /// gradus::expand() of this tensor.
  Tensor expand(const Shape& shape) const;
  /// gradus::permute() of this tensor.
  Tensor permute(std::initializer_list<int> dims) const;
  /// gradus::transpose() of this tensor.
  Tensor transpose(int dim0, int dim1) const;
  /// gradus::matmul() of this tensor.
  Tensor matmul(const Tensor& other) const;
  /// gradus::pow() of this tensor.
  Tensor pow(double exponent) const;
  /// gradus::clamp() of this tensor.
  Tensor clamp(double low, double high) const;
  /// gradus::exp() of this tensor.
  Tensor exp() const;
  /// gradus::log() of this tensor.
  Tensor log() const;
  /// gradus::sqrt() of this tensor.
  Tensor sqrt() const;
  /// gradus::abs() of this tensor.
  Tensor abs() const;
  /// gradus::square() of this tensor.
  Tensor square() const;
  /// gradus::sin() of this tensor.
  Tensor sin() const;
  /// gradus::cos() of this tensor.
  Tensor cos() const;
  /// gradus::tanh() of this tensor.
  Tensor tanh() const;
  /// gradus::sigmoid() of this tensor.
  Tensor sigmoid() const;
  /// gradus::relu() of this tensor.
  Tensor relu() const;
  /// A matrix with its dimensions exchanged. Throws std::invalid_argument for another rank than 2.
  Tensor t() const;
  /// gradus::cast() of this tensor.
  Tensor to(DType dtype) const;

  /// A copy of the values; differentiable.
  Tensor clone() const;
  /// Overwrites the values with those of `source`, which must have the same shape and type. Like
  /// every change in place, it throws std::logic_error for a tensor that requires a gradient:
  /// change parameters under NoGrad.
  void copy_from(const Tensor& source);
  /// Overwrites every element with `value`. Throws like copy_from().
  void fill(double value);

  /// Whether derivatives with respect to this tensor are computed: set by the user on leaves,
  /// inherited by results.
  bool requires_grad() const;
  /// Sets whether a leaf requires a gradient. Throws std::logic_error on results of operations,
  /// std::invalid_argument for i64.
  Tensor& set_requires_grad(bool on = true);
  /// Whether no recorded operation made it: parameters, data and results without recording.
  bool is_leaf() const;
  /// The gradient that backward() accumulated on this leaf; undefined before the first backward().
  const Tensor& grad() const;
  /// Replaces grad(); an undefined tensor clears it. Throws std::invalid_argument for another shape
  /// or type.
  void set_grad(Tensor gradient);
  /// Makes the gradient undefined, without writing zeros.
  void zero_grad() { set_grad(Tensor()); }
  /// Adds the derivatives of this tensor to the grad() of every leaf it depends on; `gradient` is
  /// the upstream gradient, which a scalar doesn't need. Frees the graph unless `retain_graph`.
  /// Throws std::logic_error if nothing was recorded or the graph was freed.
  void backward(const Tensor& gradient = Tensor(), bool retain_graph = false) const;
  /// Calls `hook` with each gradient of this tensor in backward() and gradus::grad(), once it is
  /// complete: after the sum over all uses, before it is passed on, returned or added to grad().
  /// Several hooks are called in the order of their registration, each with the gradient that the
  /// one before returned. backward() throws std::invalid_argument for a returned gradient of
  /// another shape or type. Clones and detach() have no hooks. A hook lives as long as the tensor
  /// or its graph, so it must not keep the tensor itself. Throws std::logic_error for a tensor that
  /// doesn't require a gradient.
  RemovableHandle register_hook(GradientHook hook) const;
  /// The same for a hook that only looks at gradients and returns nothing.
  template <class Look>
  requires std::is_void_v<std::invoke_result_t<Look&, const Tensor&>> RemovableHandle
  register_hook(Look look)
  const {
    return register_hook(GradientHook([look = std::move(look)](const Tensor& gradient) mutable {
      look(gradient);
      return Tensor();
    }));
  }
  /// The same values (shared) without the recorded history.
  Tensor detach() const;

  /// The same memory with another shape, starting `offset` elements later, without the recorded
  /// history; for operations that alias.
  Tensor alias(const Shape& shape, int64_t offset = 0) const;
  /// Whether both handles refer to the same tensor.
  bool is_same(const Tensor& other) const { return impl_ == other.impl_; }
  /// Counts changes of the values through any handle of the same memory.
  uint64_t version() const;
  /// Whether no other handle refers to these values, so that their memory may be reused for a
  /// result.
  bool is_unique() const;

  struct Impl;

 private:
  friend class Engine;

  static Tensor copy_of(const void* values, int64_t count, DType dtype, const Shape& shape);
  static Tensor of_rows(const std::vector<Tensor>& rows);
  const std::byte* elements(DType dtype) const;
  std::byte* mutable_elements(DType dtype);

  explicit Tensor(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  const Impl& impl() const;
  void require_not_recorded(std::string_view operation) const;

  std::shared_ptr<Impl> impl_;
};

/// Tensors by name, in order: the state dicts of modules, optimizers and files.
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// The tensor that handles refer to.
struct Tensor::Impl {
  Shape shape;                       ///< the extents
  int64_t numel = 0;                 ///< shape.numel(), stored because it is used often
  DType dtype = DType::f32;          ///< the type of the elements
  std::shared_ptr<Storage> storage;  ///< the memory, which may be shared with other tensors
  int64_t offset = 0;                ///< elements from the start of the storage
  bool requires_grad = false;        ///< see Tensor::requires_grad()
  std::shared_ptr<Node> node;        ///< the operation that computed it; null for a leaf
  Tensor grad;                       ///< accumulated by backward(); undefined before
  std::shared_ptr<detail::GradientHooks> hooks;  ///< of a leaf; null without hooks
};

inline const Shape& Tensor::shape() const {
  return impl().shape;
}
inline int64_t Tensor::numel() const {
  return impl().numel;
}
inline DType Tensor::dtype() const {
  return impl().dtype;
}
inline bool Tensor::requires_grad() const {
  return defined() && impl_->requires_grad;
}
inline bool Tensor::is_leaf() const {
  return impl().node == nullptr;
}
inline const Tensor& Tensor::grad() const {
  return impl().grad;
}
inline uint64_t Tensor::version() const {
  return impl().storage->version();
}

}  // namespace gradus
