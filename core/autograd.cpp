#include "core/autograd.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"

namespace gradus {
namespace {

thread_local bool recording = true;
thread_local bool checking = false;
thread_local const char* named_operation = nullptr;

bool all_finite(const Tensor& x) {
  if (!is_floating(x.dtype())) return true;
  return dispatch_floating("anomaly", x.dtype(), [&]<class T>(T) {
    return std::all_of(x.data<T>(), x.data<T>() + x.numel(), [](T v) { return std::isfinite(v); });
  });
}

// Destroys nodes in a loop: the destructors of a long chain would otherwise call each other
// recursively and overflow the stack.
void destroy_iteratively(Node* node) {
  thread_local std::vector<Node*> pending;
  thread_local bool active = false;
  pending.push_back(node);
  if (active) return;
  active = true;
  while (!pending.empty()) {
    Node* const next = pending.back();
    pending.pop_back();
    delete next;
  }
  active = false;
  pending.shrink_to_fit();
}

}  // namespace

bool grad_enabled() {
  return recording;
}

GradMode::GradMode(bool enabled) : before_(recording) {
  recording = enabled;
}

GradMode::~GradMode() {
  recording = before_;
}

AnomalyMode::AnomalyMode() : before_(checking) {
  checking = true;
}

AnomalyMode::~AnomalyMode() {
  checking = before_;
}

OperationScope::OperationScope(const char* operation) : before_(named_operation) {
  if (!named_operation) named_operation = operation;
}

OperationScope::~OperationScope() {
  named_operation = before_;
}

const char* OperationScope::name_or(const char* operation) {
  return named_operation ? named_operation : operation;
}

/// The hooks of a tensor, with their numbers, in the order of their registration.
struct detail::GradientHooks {
  uint64_t registered = 0;
  std::vector<std::pair<uint64_t, GradientHook>> hooks = {};
};

void Saved::report_change() const {
  misuse(OperationScope::name_or("autograd"),
         "a saved value of shape {} was changed in place between forward and backward",
         tensor_.shape());
}

/// One pass backward through a graph.
class Engine {
 public:
  static Tensor attach(const char* operation, std::span<const Tensor> inputs, Tensor value,
                       std::shared_ptr<Node> node) {
    static std::atomic<uint64_t> next_sequence{1};
    node->operation_ = OperationScope::name_or(operation);
    node->sequence_ = next_sequence.fetch_add(1, std::memory_order_relaxed);
    node->shape_ = value.shape();
    node->layer_ = LayerScope::path();
    if (node->uses_output()) node->output_.emplace(value.detach());
    node->inputs_.reserve(inputs.size());
    for (const Tensor& input : inputs) {
      Node::Edge& edge = node->inputs_.emplace_back();
      if (!input.requires_grad()) continue;
      edge = {input.impl_->node, input.is_leaf() ? input.impl_ : nullptr, input.shape(),
              input.dtype()};
    }
    value.impl_->requires_grad = true;
    value.impl_->node = std::move(node);
    return value;
  }

  static RemovableHandle register_hook(const Tensor& tensor, GradientHook hook) {
    if (!tensor.requires_grad())
      misuse("hook", "the tensor {} doesn't require a gradient", tensor.shape());
    const std::shared_ptr<Tensor::Impl>& impl = tensor.impl_;
    std::shared_ptr<detail::GradientHooks>& hooks = impl->node ? impl->node->hooks_ : impl->hooks;
    if (!hooks) hooks = std::make_shared<detail::GradientHooks>();
    const uint64_t number = hooks->registered++;
    hooks->hooks.emplace_back(number, std::move(hook));
    return {hooks, number};
  }

  static bool depends_on_others(const Tensor& result, const Tensors& aliases) {
    if (!result.requires_grad()) return false;
    if (result.is_leaf()) return true;
    uint64_t first = UINT64_MAX;
    std::unordered_set<const Node*> seen;
    for (const Tensor& alias : aliases) {
      seen.insert(alias.impl_->node.get());
      first = std::min(first, alias.impl_->node->sequence());
    }
    std::vector<const Node*> open;
    if (seen.insert(result.impl_->node.get()).second) open.push_back(result.impl_->node.get());
    while (!open.empty()) {
      const Node* const node = open.back();
      open.pop_back();
      // What was recorded before the aliases doesn't come from them.
      if (node->sequence() < first) return true;
      for (const Node::Edge& edge : node->inputs_) {
        if (edge.leaf) return true;
        if (edge.node && seen.insert(edge.node.get()).second) open.push_back(edge.node.get());
      }
    }
    return false;
  }

  Engine(bool create_graph, bool retain_graph)
      : retain_(retain_graph || create_graph), create_graph_(create_graph) {}

  // Finds the operations that the outputs depend on. Their order is that of the inputs of each
  // operation, not that of the recording: compilers differ in which operand of an expression they
  // evaluate first, and gradients must be added in the same order.
  void start(const Tensors& outputs) {
    struct Visit {
      std::shared_ptr<Node> node;
      std::size_t next_input = 0;
    };
    std::vector<Visit> path;
    const auto enter = [&](const std::shared_ptr<Node>& node) {
      if (node && node->sequence() >= first_ && pending_.try_emplace(node.get()).second)
        path.push_back({node});
    };
    for (const Tensor& output : outputs) {
      enter(output.impl_->node);
      while (!path.empty()) {
        Visit& last = path.back();
        if (last.next_input < last.node->inputs_.size()) {
          enter(last.node->inputs_[last.next_input++].node);
        } else {
          order_.push_back(std::move(last.node));
          path.pop_back();
        }
      }
    }
  }

  void seed(const Tensor& output, Tensor gradient) {
    if (!output.requires_grad())
      misuse("backward",
             "nothing was recorded for the output {}: no tensor it was computed from requires a "
             "gradient, or recording was off",
             output.shape());
    if (!gradient.defined()) {
      if (output.numel() != 1)
        misuse("backward", "the output {} is not a scalar: it needs an upstream gradient",
               output.shape());
      gradient = Tensor::ones(output.shape(), output.dtype());
    }
    require(gradient.shape() == output.shape() && gradient.dtype() == output.dtype(), "backward",
            "the upstream gradient must match the output: {} {}, output {} {}", gradient.shape(),
            to_string(gradient.dtype()), output.shape(), to_string(output.dtype()));
    send({output.impl_->node, output.is_leaf() ? output.impl_ : nullptr, output.shape(),
          output.dtype()},
         std::move(gradient));
  }

  // Restricts the pass to the paths from the outputs to `inputs`, whose gradients are kept here.
  void restrict_to(const Tensors& outputs, const Tensors& inputs) {
    restricted_ = true;
    // Operations before the earliest input can't depend on any input.
    first_ = UINT64_MAX;
    for (const Tensor& input : inputs) {
      wanted_.insert(key(input));
      first_ = std::min(first_, input.is_leaf() ? 0 : input.impl_->node->sequence());
    }
    start(outputs);
    for (const std::shared_ptr<Node>& node : order_)
      if (std::ranges::any_of(node->inputs_,
                              [&](const Node::Edge& edge) { return leads_to_wanted(edge); }))
        on_the_way_.insert(node.get());
  }

  void run() {
    const GradMode mode(create_graph_);
    while (!order_.empty()) {
      const std::shared_ptr<Node> node = std::move(order_.back());
      order_.pop_back();
      Tensor gradient = std::move(pending_.find(node.get())->second);
      if (!gradient.defined()) continue;
      const bool wanted = wanted_.contains(node.get());
      const bool passed_on = !restricted_ || on_the_way_.contains(node.get());
      if (node->hooks_ && (wanted || passed_on))
        gradient = hooked(*node->hooks_, std::move(gradient));
      if (wanted) found_[node.get()] = gradient;
      if (passed_on) step(node, std::move(gradient));
    }
    for (const std::shared_ptr<Tensor::Impl>& leaf : hooked_leaves_) {
      Tensor& gradient = found_[leaf.get()];
      gradient = hooked(*leaf->hooks, std::move(gradient));
      if (!restricted_) accumulate_leaf(leaf->grad, std::move(gradient));
    }
  }

  Tensor found(const Tensor& input) {
    const auto it = found_.find(key(input));
    return it == found_.end() ? Tensor() : it->second;
  }

 private:
  static const void* key(const Tensor& tensor) {
    return tensor.is_leaf() ? static_cast<const void*>(tensor.impl_.get())
                            : tensor.impl_->node.get();
  }

  bool leads_to_wanted(const Node::Edge& edge) const {
    if (edge.node)
      return wanted_.contains(edge.node.get()) || on_the_way_.contains(edge.node.get());
    return edge.leaf && wanted_.contains(edge.leaf.get());
  }

  void step(const std::shared_ptr<Node>& node, Tensor gradient) {
    const OperationScope operation(node->operation_);
    std::optional<LayerScope> layer;
    if (!node->layer_.empty()) layer.emplace(node->layer_);
    if (node->released_)
      misuse(node->operation_,
             "its graph was freed by an earlier backward(): pass retain_graph to that call");
    Tensor output;
    if (node->output_) {
      output = node->output_->operator const Tensor&();
      if (create_graph_) {
        output = output.detach();
        output.impl_->requires_grad = true;
        output.impl_->node = node;
      }
    }
    Tensors gradients = node->apply(gradient, output);
    require(gradients.size() == node->inputs_.size(), node->operation_,
            "its vector-Jacobian product must return one gradient per input, got {} for {}",
            gradients.size(), node->inputs_.size());
    gradient = Tensor();
    if (!retain_) {
      node->release();
      node->output_.reset();
      node->hooks_.reset();
      node->released_ = true;
    }
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      const Node::Edge& edge = node->inputs_[i];
      const bool wanted = restricted_ ? leads_to_wanted(edge) : edge.node || edge.leaf;
      if (!gradients[i].defined() || !wanted) continue;
      if (checking && !all_finite(gradients[i]))
        throw AnomalyError(detail::error_text(
            node->operation_,
            fmt::format(
                "backward: the gradient {} of input {} has a NaN or infinity; the result is {}",
                gradients[i].shape(), i, node->shape_)));
      send(edge, fit(*node, edge, std::move(gradients[i])));
    }
    if (!retain_) node->inputs_.clear();
  }

  static Tensor fit(const Node& node, const Node::Edge& edge, Tensor gradient) {
    if (gradient.shape() != edge.shape) gradient = sum_to(gradient, edge.shape);
    require(gradient.dtype() == edge.dtype, node.operation_,
            "its vector-Jacobian product must return a gradient of the input's type, got {} for {}",
            to_string(gradient.dtype()), to_string(edge.dtype));
    return gradient;
  }

  void send(const Node::Edge& edge, Tensor gradient) {
    if (edge.node) {
      const auto it = pending_.find(edge.node.get());
      if (it != pending_.end()) accumulate(it->second, std::move(gradient));
    } else if (edge.leaf) {
      if (!restricted_ && !edge.leaf->hooks)
        accumulate_leaf(edge.leaf->grad, std::move(gradient));
      else if (!restricted_ || wanted_.contains(edge.leaf.get()))
        collect(edge.leaf, std::move(gradient));
    }
  }

  // Sums the gradient of a leaf that is needed at the end of the pass.
  void collect(const std::shared_ptr<Tensor::Impl>& leaf, Tensor gradient) {
    Tensor& sum = found_[leaf.get()];
    if (leaf->hooks && !sum.defined()) hooked_leaves_.push_back(leaf);
    accumulate(sum, std::move(gradient));
  }

  static Tensor hooked(const detail::GradientHooks& hooks, Tensor gradient) {
    // A hook may add and remove hooks.
    const std::vector<std::pair<uint64_t, GradientHook>> present = hooks.hooks;
    for (const auto& [number, hook] : present) {
      Tensor other = hook(gradient);
      if (!other.defined()) continue;
      require(other.shape() == gradient.shape() && other.dtype() == gradient.dtype(), "hook",
              "a returned gradient must have the tensor's shape and type: gradient {} {}, tensor "
              "{} {}",
              other.shape(), to_string(other.dtype()), gradient.shape(),
              to_string(gradient.dtype()));
      gradient = std::move(other);
    }
    return gradient;
  }

  void accumulate(Tensor& sum, Tensor gradient) const {
    if (!sum.defined())
      sum = std::move(gradient);
    else if (!create_graph_ && sum.is_unique())
      add_in_place(sum, gradient);
    else
      sum = add(sum, gradient);
  }

  // A leaf's gradient outlives the pass, so it must not share its values.
  static void accumulate_leaf(Tensor& sum, Tensor gradient) {
    if (sum.defined())
      sum = add(sum, gradient);
    else
      sum = gradient.is_unique() ? std::move(gradient) : gradient.detach().clone();
  }

  bool retain_, create_graph_, restricted_ = false;
  uint64_t first_ = 0;                        // the earliest operation that matters
  std::vector<std::shared_ptr<Node>> order_;  // each after those that computed its inputs
  std::unordered_map<const Node*, Tensor> pending_;
  std::unordered_set<const void*> wanted_, on_the_way_;
  std::unordered_map<const void*, Tensor> found_;
  std::vector<std::shared_ptr<Tensor::Impl>> hooked_leaves_;  // in the order of their gradients
};

bool detail::wants_record(std::span<const Tensor> inputs) {
  return recording &&
         std::ranges::any_of(inputs, [](const Tensor& input) { return input.requires_grad(); });
}

void detail::check_recorded(const char* operation, std::span<const Tensor> inputs,
                            const Tensor& value) {
  if (!checking || all_finite(value)) return;
  std::string shapes;
  for (const Tensor& input : inputs)
    if (input.defined()) shapes += (shapes.empty() ? "" : ", ") + to_string(input.shape());
  throw AnomalyError(
      error_text(OperationScope::name_or(operation),
                 fmt::format("forward: the result {} has a NaN or infinity; inputs {}",
                             value.shape(), shapes)));
}

Tensor detail::attach(const char* operation, std::span<const Tensor> inputs, Tensor value,
                      Node* node) {
  return Engine::attach(operation, inputs, std::move(value),
                        std::shared_ptr<Node>(node, destroy_iteratively));
}

Tensors grad(const Tensors& outputs, const Tensors& inputs, const GradOptions& options) {
  require(options.grad_outputs.empty() || options.grad_outputs.size() == outputs.size(), "grad",
          "one upstream gradient per output is needed, got {} for {}", options.grad_outputs.size(),
          outputs.size());
  for (const Tensor& input : inputs)
    if (!input.requires_grad())
      misuse("grad", "the input {} doesn't require a gradient", input.shape());
  Engine engine(options.create_graph, options.retain_graph);
  engine.restrict_to(outputs, inputs);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    engine.seed(outputs[i], options.grad_outputs.empty() ? Tensor() : options.grad_outputs[i]);
  engine.run();
  Tensors result;
  for (const Tensor& input : inputs) {
    result.push_back(engine.found(input));
    if (!result.back().defined() && !options.allow_unused)
      misuse("grad", "no output depends on the input {}; pass allow_unused to get an undefined one",
             input.shape());
  }
  return result;
}

void Tensor::backward(const Tensor& gradient, bool retain_graph) const {
  impl();
  Engine engine(false, retain_graph);
  engine.start({*this});
  engine.seed(*this, gradient);
  engine.run();
}

RemovableHandle Tensor::register_hook(GradientHook hook) const {
  return Engine::register_hook(*this, std::move(hook));
}

void RemovableHandle::remove() {
  if (const std::shared_ptr<detail::GradientHooks> hooks = hooks_.lock())
    std::erase_if(hooks->hooks, [this](const auto& hook) { return hook.first == number_; });
}

Tensor detail::recorded_alias(const Tensor& x) {
  return record("alias", {x}, x.detach(), [](const Tensor& g) { return g; });
}

bool detail::depends_on_others(const Tensor& result, const Tensors& aliases) {
  return Engine::depends_on_others(result, aliases);
}

Tensors composed_gradients(const Function& composed, const Tensors& inputs, const Tensor& g) {
  Tensors fresh, wanted;
  for (const Tensor& input : inputs) {
    fresh.push_back(input.requires_grad() ? detail::recorded_alias(input) : input);
    if (input.requires_grad()) wanted.push_back(fresh.back());
  }
  Tensors found = grad({composed(fresh)}, wanted,
                       {.grad_outputs = {g}, .create_graph = true, .allow_unused = true});
  Tensors result;
  std::size_t next = 0;
  for (const Tensor& input : inputs)
    result.push_back(input.requires_grad() ? found[next++] : Tensor());
  return result;
}

}  // namespace gradus
