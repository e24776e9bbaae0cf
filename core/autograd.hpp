// record, grad, NoGrad: reverse-mode differentiation (autograd).
//
// An operation computes its value and records it with a vector-Jacobian product, a pure function:
//
//     Tensor mul(const Tensor& a, const Tensor& b) {
//       return record("mul", {a, b}, <value>, [a = save(a), b = save(b)](const Tensor& g) {
//         return Tensors{g * b, g * a};
//       });
//     }
//
// The product is written in operations, so it can be differentiated again. The engine sums
// gradients of broadcast inputs back to their shapes, accumulates them, checks them and frees the
// graph.
#pragma once

#include <concepts>
#include <functional>
#include <optional>

#include "core/tensor.hpp"

namespace gradus {

/// Whether operations of this thread are recorded; initially true.
bool grad_enabled();

/// Sets whether operations of this thread are recorded, until the end of the scope.
class GradMode {
 public:
  /// Switches recording on or off. The destructor restores the previous state.
  explicit GradMode(bool enabled);
  ~GradMode();
  GradMode& operator=(GradMode&&) = delete;

 private:
  bool before_;
};

/// Switches recording off in this thread until the end of the scope: `NoGrad no_grad;`.
class NoGrad : GradMode {
 public:
  NoGrad() : GradMode(false) {}
};

/// Calls `body()` without recording and returns its result.
template <class Body>
decltype(auto) no_grad(Body&& body) {
  const NoGrad scope;
  return body();
}

/// Until the end of the scope, checks every recorded value and every gradient of this thread; the
/// first NaN or infinity throws AnomalyError.
class AnomalyMode {
 public:
  AnomalyMode();
  ~AnomalyMode();
  AnomalyMode& operator=(AnomalyMode&&) = delete;

 private:
  bool before_;
};

/// A NaN or infinity in anomaly mode. The text has the operation, the path of the layer and the
/// shapes.
struct AnomalyError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Until the end of the scope, what this thread records has the name of one operation: that which
/// the user called, though it is made of others. In a scope, another one changes nothing.
class OperationScope {
 public:
  /// `operation` must outlive the recorded nodes: a literal.
  explicit OperationScope(const char* operation);
  ~OperationScope();
  OperationScope& operator=(OperationScope&&) = delete;

  /// The name, or `operation` outside all scopes.
  static const char* name_or(const char* operation);

 private:
  const char* before_;
};

/// Options of grad().
struct GradOptions {
  /// The upstream gradients (the vectors of the vector-Jacobian products), one for each output;
  /// optional for scalars.
  Tensors grad_outputs = {};
  /// Record the computation of the gradients, so that they can be differentiated again.
  bool create_graph = false;
  /// Keep the graph for another pass (create_graph implies it).
  bool retain_graph = false;
  /// Return an undefined tensor for an input that no output depends on, instead of throwing.
  bool allow_unused = false;
};

/// Σ grad_outputsᵢ · ∂outputsᵢ/∂inputsⱼ for each input j; the grad() of leaves doesn't change.
/// Throws std::logic_error if an output was not recorded, its graph was freed, or no output depends
/// on an input.
Tensors grad(const Tensors& outputs, const Tensors& inputs, const GradOptions& options = {});

/// An input kept for a vector-Jacobian product. Reading it throws std::logic_error if the values
/// have changed in the meantime.
class Saved {
 public:
  /// Keeps a handle to `tensor` and the version of its values. `tensor` may be undefined.
  explicit Saved(const Tensor& tensor)
      : tensor_(tensor), version_(tensor.defined() ? tensor.version() : 0) {}
  /// The tensor. Throws std::logic_error if its values have changed.
  operator const Tensor&() const {
    if (tensor_.defined() && tensor_.version() != version_) [[unlikely]]
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

/// Keeps `tensor` for a closure: [x = save(x)]. It may be undefined, like an omitted bias.
inline Saved save(const Tensor& tensor) {
  return Saved(tensor);
}

/// A recorded operation: the edges to its inputs, and its vector-Jacobian product. It doesn't own
/// its output.
class Node {
 public:
  virtual ~Node() = default;

  /// The name passed to record(), such as "mul".
  const char* operation() const { return operation_; }
  /// The number of the recording, counted from 1 over all threads; larger than those of its inputs.
  uint64_t sequence() const { return sequence_; }

 private:
  friend class Engine;

  // The destination of an input's gradient: the operation that computed the input, or a leaf;
  // neither if the input doesn't require a gradient.
  struct Edge {
    std::shared_ptr<Node> node;
    std::shared_ptr<Tensor::Impl> leaf;
    Shape shape;
    DType dtype = DType::f32;
  };

  /// The gradients of the inputs, computed from that of the output (and from `output`, if
  /// uses_output()).
  virtual Tensors apply(const Tensor& gradient, const Tensor& output) = 0;
  /// Whether the product reads the operation's output.
  virtual bool uses_output() const = 0;
  /// Frees what the product keeps.
  virtual void release() = 0;

  const char* operation_ = nullptr;
  uint64_t sequence_ = 0;
  std::vector<Edge> inputs_;
  std::optional<Saved> output_;  // detached: only the value
  Shape shape_;
  std::string layer_;                             // where it was recorded
  std::shared_ptr<detail::GradientHooks> hooks_;  // of the output; null without hooks
  bool released_ = false;
};

/// A function of several tensors.
using Function = std::function<Tensor(const Tensors&)>;

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

/// Returns `value` as the result of `operation` on `inputs`. If one of them requires a gradient and
/// recording is on, `product` becomes its vector-Jacobian product: it is called with the upstream
/// gradient (and the result, if it takes two arguments) and returns the gradients of the inputs in
/// their order: a Tensor for one input, Tensors for several, undefined if none is needed. A
/// gradient may have the shape that its input was broadcast to. Closures must keep inputs with
/// save() and must not keep their result.
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

/// The recorded gradients of `composed(inputs)` for the upstream gradient `g`: second derivatives
/// of a fused operation, through the same function in single operations.
Tensors composed_gradients(const Function& composed, const Tensors& inputs, const Tensor& g);

namespace detail {
/// x as the result of a fresh operation, where a pass backward to it stops: the pass neither visits
/// nor frees the graph that x comes from.
Tensor recorded_alias(const Tensor& x);
/// Whether `result` was computed from something that requires a gradient other than through
/// `aliases`, which recorded_alias() returned.
bool depends_on_others(const Tensor& result, const Tensors& aliases);
}  // namespace detail

}  // namespace gradus
