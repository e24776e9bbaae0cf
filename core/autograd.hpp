// Reverse-mode differentiation: what operations record, and the engine that runs it backward.
//
// An operation computes its value and records a pure vector-Jacobian product beside it:
//
//     Tensor mul(const Tensor& a, const Tensor& b) {
//       return record("mul", {a, b}, <value>, [a = save(a), b = save(b)](const Tensor& g) {
//         return Tensors{g * b, g * a};
//       });
//     }
//
// A product is written in operations, so it can be differentiated again. The engine sums gradients
// of broadcast inputs back to their shapes, accumulates, checks and frees.
#pragma once

#include <concepts>
#include <functional>
#include <optional>

#include "core/tensor.hpp"

namespace gradus {

/// Whether operations of this thread are recorded; true at the start.
bool grad_enabled();

/// Sets whether operations of this thread are recorded, until the end of the scope.
class GradMode {
 public:
  /// Switches recording on or off. The destructor brings the former state back.
  explicit GradMode(bool enabled);
  ~GradMode();
  GradMode& operator=(GradMode&&) = delete;

 private:
  bool before_;
};

/// While it lives, nothing of this thread is recorded: `NoGrad no_grad;`.
class NoGrad : GradMode {
 public:
  NoGrad() : GradMode(false) {}
};

/// The result of `body()` computed without recording.
template <class Body>
decltype(auto) no_grad(Body&& body) {
  const NoGrad scope;
  return body();
}

/// While it lives, every recorded value and every gradient of this thread is checked; the first NaN
/// or infinity throws AnomalyError.
class AnomalyMode {
 public:
  AnomalyMode();
  ~AnomalyMode();
  AnomalyMode& operator=(AnomalyMode&&) = delete;

 private:
  bool before_;
};

/// A NaN or infinity: names the operation, the path of the layer and the shapes.
struct AnomalyError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Options of grad().
struct GradOptions {
  /// The vector of the vector-Jacobian product, one for each output; may be left out where the
  /// output is a scalar.
  Tensors grad_outputs = {};
  /// Record the computation of the gradients, so that they can be differentiated again.
  bool create_graph = false;
  /// Keep the graph for another pass (create_graph implies it).
  bool retain_graph = false;
  /// Return an undefined tensor for an input that no output depends on, instead of throwing.
  bool allow_unused = false;
};

/// Σ grad_outputsᵢ · ∂outputsᵢ/∂inputsⱼ for each input j; grad() of leaves is left alone. Throws
/// std::logic_error where an output was not recorded, its graph was freed, or no output depends on
/// an input.
Tensors grad(const Tensors& outputs, const Tensors& inputs, const GradOptions& options = {});

/// An input kept for a vector-Jacobian product. Reading it throws std::logic_error when the values
/// have changed since.
class Saved {
 public:
  /// Keeps a handle to `tensor` and the version of its values. `tensor` may be undefined.
  explicit Saved(const Tensor& tensor) : tensor_(tensor), version_(tensor ? tensor.version() : 0) {}
  /// The tensor. Throws std::logic_error when its values have changed since.
  operator const Tensor&() const {
    if (tensor_ && tensor_.version() != version_) [[unlikely]]
      report_change();
    return tensor_;
  }
  /// The tensor, checked in the same way.
  const Tensor& operator*() const { return *this; }
  /// The same, for its members.
  const Tensor* operator->() const { return &static_cast<const Tensor&>(*this); }
  /// Whether the kept tensor requires a gradient; false when it is undefined.
  bool requires_grad() const { return tensor_.requires_grad(); }

 private:
  [[noreturn]] void report_change() const;

  Tensor tensor_;
  uint64_t version_;
};

/// Keeps `tensor`, which may be undefined (a bias left out), for a closure: [x = save(x)].
inline Saved save(const Tensor& tensor) {
  return Saved(tensor);
}

/// A recorded operation: its inputs' places in the graph, and its vector-Jacobian product. It
/// doesn't own its output.
class Node {
 public:
  virtual ~Node() = default;

  /// The name that record() was given, such as "mul".
  const char* operation() const { return operation_; }
  /// The number of the recording, from 1 on over all threads: larger than those of its inputs.
  uint64_t sequence() const { return sequence_; }

 private:
  friend class Engine;

  // Where the gradient of one input goes: to the operation that made it, or to a leaf. Neither,
  // when the input doesn't require one.
  struct Edge {
    std::shared_ptr<Node> node;
    std::shared_ptr<Tensor::Impl> leaf;
    Shape shape;
    DType dtype = DType::f32;
  };

  /// The gradients of the inputs, from that of the output; `output` where uses_output() says so.
  virtual Tensors apply(const Tensor& gradient, const Tensor& output) = 0;
  /// Whether the product reads the operation's output.
  virtual bool uses_output() const = 0;
  /// Frees what the product keeps.
  virtual void release() = 0;

  const char* operation_ = nullptr;
  uint64_t sequence_ = 0;
  std::vector<Edge> inputs_;
  std::optional<Saved> output_;  // outside the graph: the value alone
  Shape shape_;
  std::string layer_;
  bool released_ = false;
};

namespace detail {

template <class Product>
class ProductNode final : public Node {
 public:
  explicit ProductNode(Product product) : product_(std::move(product)) {}

 private:
  static constexpr bool takes_output = std::invocable<Product&, const Tensor&, const Tensor&>;

  Tensors apply(const Tensor& gradient, const Tensor& output) override {
    if constexpr (takes_output)
      return gradients((*product_)(gradient, output));
    else
      return gradients((*product_)(gradient));
  }
  static Tensors gradients(Tensor gradient) {
    Tensors result;
    result.push_back(std::move(gradient));
    return result;
  }
  static Tensors gradients(Tensors gradients) { return gradients; }
  bool uses_output() const override { return takes_output; }
  void release() override { product_.reset(); }

  std::optional<Product> product_;
};

bool wants_record(std::span<const Tensor> inputs);
void check_recorded(const char* operation, std::span<const Tensor> inputs, const Tensor& value);
Tensor attach(const char* operation, std::span<const Tensor> inputs, Tensor value, Node* node);

}  // namespace detail

/// `value` as the result of `operation` on `inputs`. When one of them requires a gradient and
/// recording is on, `product` becomes its vector-Jacobian product: called with the upstream
/// gradient (and the result, if it takes two arguments), it returns the inputs' gradients in their
/// order — a Tensor for one input, Tensors for several; undefined where none is needed. A gradient
/// may have the shape that its input was broadcast to. Closures keep inputs with save() and never
/// their result.
template <class Product>
Tensor record(const char* operation, std::span<const Tensor> inputs, Tensor value,
              Product product) {
  detail::check_recorded(operation, inputs, value);
  if (!detail::wants_record(inputs)) return value;
  return detail::attach(operation, inputs, std::move(value),
                        new detail::ProductNode<Product>(std::move(product)));
}
/// The same for inputs in braces: `record("mul", {a, b}, …)`.
template <class Product>
Tensor record(const char* operation, std::initializer_list<Tensor> inputs, Tensor value,
              Product product) {
  return record(operation, std::span(inputs.begin(), inputs.size()), std::move(value),
                std::move(product));
}

/// The gradients of `composed(inputs)` for the upstream gradient `g`, recorded: how a fused
/// operation differentiates a second time through its composed twin.
Tensors composed_gradients(const std::function<Tensor(const Tensors&)>& composed,
                           const Tensors& inputs, const Tensor& g);

}  // namespace gradus
