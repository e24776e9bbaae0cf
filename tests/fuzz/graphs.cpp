// Random graphs of operations: f32 beside f64, and one thread beside two, forward and backward.
#include <cmath>
#include <functional>

#include "core/autograd.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/loss/loss.hpp"
#include "core/ops/norm/normalization.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;

namespace {

using fuzz::Choices;

// An operation on earlier values; its options are chosen once, before it is computed in any type.
using Node = std::function<Tensor(const Tensors& values)>;

int any_dim(const Tensor& x, Choices& choices) {
  return static_cast<int>(choices.below(x.rank()));
}

// Smooth and bounded, or of linear growth: what f32 and f64 make of it stays close.
Tensor (*const unary[])(const Tensor&) = {
    [](const Tensor& x) { return tanh(x); },
    [](const Tensor& x) { return sigmoid(x); },
    [](const Tensor& x) { return softplus(x); },
    [](const Tensor& x) { return silu(x); },
    [](const Tensor& x) { return gelu(x); },
    [](const Tensor& x) { return sin(x); },
    [](const Tensor& x) { return neg(x); },
    [](const Tensor& x) { return relu(x); },
    [](const Tensor& x) { return abs(x); },
    [](const Tensor& x) { return exp(tanh(x)); },
    [](const Tensor& x) { return log(x * x + 1); },
    [](const Tensor& x) { return sqrt(x * x + 1); },
    [](const Tensor& x) { return 1 / (x * x + 1); },
    [](const Tensor& x) { return x * 0.5 - 0.25; },
};

// Their operands broadcast.
Tensor (*const binary[])(const Tensor&, const Tensor&) = {
    [](const Tensor& a, const Tensor& b) { return a + b; },
    [](const Tensor& a, const Tensor& b) { return a - b; },
    [](const Tensor& a, const Tensor& b) { return a * tanh(b); },
    [](const Tensor& a, const Tensor& b) { return a / (b * b + 1); },
    [](const Tensor& a, const Tensor& b) { return maximum(a, b); },
    [](const Tensor& a, const Tensor& b) { return minimum(a, b); },
};

// Along a dimension, which stays with an extent of 1 or as it is.
Tensor (*const along[])(const Tensor&, int dim) = {
    [](const Tensor& x, int dim) { return sum(x, {dim}, true) * 0.5; },
    [](const Tensor& x, int dim) { return mean(x, {dim}, true); },
    [](const Tensor& x, int dim) { return logsumexp(x, {dim}, true); },
    [](const Tensor& x, int dim) { return softmax(x, dim); },
    [](const Tensor& x, int dim) { return log_softmax(x, dim); },
    [](const Tensor& x, int dim) { return cumsum(x, dim); },
    [](const Tensor& x, int dim) { return amax(x, {dim}, true); },
};

bool broadcasts(const Shape& a, const Shape& b) {
  for (int i = 1; i <= std::min(a.rank(), b.rank()); ++i) {
    const int64_t m = a[a.rank() - i], n = b[b.rank() - i];
    if (m != n && m != 1 && n != 1) return false;
  }
  return true;
}

// An operation on what `values` holds; the last of them is its first operand.
Node draw_node(const Tensors& values, Choices& choices) {
  const std::size_t last = values.size() - 1;
  const auto at = static_cast<std::size_t>(choices.below(static_cast<int64_t>(values.size())));
  const Tensor &x = values[last], &other = values[at];
  switch (choices.below(8)) {
    case 0:
      if (broadcasts(x.shape(), other.shape()))
        return [=, f = binary[choices.below(std::ssize(binary))]](const Tensors& v) {
          return f(v[last], v[at]);
        };
      break;
    case 1:
      if (x.rank() > 0)
        return [=, f = along[choices.below(std::ssize(along))],
                dim = any_dim(x, choices)](const Tensors& v) { return f(v[last], dim); };
      break;
    case 2:
      if (x.rank() == 2 && other.rank() == 2 && x.size(1) == other.size(0))
        return [=](const Tensors& v) { return matmul(v[last], v[at]) * 0.5; };
      if (x.rank() == 2)
        return [=](const Tensors& v) { return matmul(v[last], transpose(v[last], 0, 1)) * 0.1; };
      break;
    case 3:
      if (x.rank() > 1)
        return [=, a = any_dim(x, choices), b = any_dim(x, choices)](const Tensors& v) {
          return transpose(v[last], a, b);
        };
      break;
    case 4:
      if (x.rank() > 0) {
        const int dim = any_dim(x, choices);
        const int64_t begin = choices.below(x.size(dim));
        const int64_t end = choices.between(begin + 1, x.size(dim));
        return [=](const Tensors& v) { return slice(v[last], dim, begin, end); };
      }
      break;
    case 5:
      if (x.rank() > 0 && x.numel() < 200)
        return [=, dim = any_dim(x, choices)](const Tensors& v) {
          return cat({v[last], tanh(v[last])}, dim);
        };
      break;
    case 6:
      return [=](const Tensors& v) { return reshape(v[last], {v[last].numel()}); };
    default:
      break;
  }
  return [=, f = unary[choices.below(std::ssize(unary))]](const Tensors& v) { return f(v[last]); };
}

struct Graph {
  std::vector<Shape> inputs;
  std::vector<Node> nodes;
};

struct Result {
  Tensor output;
  Tensors gradients;
  double largest = 1;  // of all values on the way
};

double largest_of(const Tensor& x) {
  double result = 0;
  for (const double value : cast(x.detach(), DType::f64).to_vector<double>())
    result = std::max(result, std::abs(value));
  return result;
}

Result compute(const Graph& graph, DType dtype, uint64_t seed) {
  Rng rng(seed);
  Tensors values, leaves;
  for (const Shape& shape : graph.inputs)
    leaves.push_back(cast(randn(shape, rng), dtype).set_requires_grad());
  values = leaves;
  Result result;
  for (const Node& node : graph.nodes) {
    values.push_back(node(values));
    result.largest = std::max(result.largest, largest_of(values.back()));
  }
  result.output = values.back();
  const Tensor upstream = cast(randn(result.output.shape(), rng), dtype);
  result.gradients =
      grad({result.output}, leaves, {.grad_outputs = {upstream}, .allow_unused = true});
  return result;
}

bool is_near(const Tensor& rough, const Tensor& exact, double scale) {
  if (rough.defined() != exact.defined()) return false;
  if (!exact.defined()) return true;
  if (rough.shape() != exact.shape()) return false;
  const std::vector<float> got = rough.detach().to_vector<float>();
  const std::vector<double> wanted = exact.detach().to_vector<double>();
  for (std::size_t i = 0; i < got.size(); ++i)
    if (!(std::abs(static_cast<double>(got[i]) - wanted[i]) <= 1e-3 * scale)) return false;
  return true;
}

bool agrees(const Graph& graph, uint64_t seed) {
  const Result rough = compute(graph, DType::f32, seed), exact = compute(graph, DType::f64, seed);
  if (!is_near(rough.output, exact.output, exact.largest)) return false;
  double largest = exact.largest;
  for (const Tensor& gradient : exact.gradients)
    if (gradient.defined()) largest = std::max(largest, largest_of(gradient));
  for (std::size_t i = 0; i < exact.gradients.size(); ++i)
    if (!is_near(rough.gradients[i], exact.gradients[i], largest * exact.largest)) return false;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  constexpr std::size_t most_nodes = 12;
  constexpr double most = 1e6;  // beyond, f32 says little
  Choices choices(data, size);
  const auto seed = static_cast<uint64_t>(choices.below(256));
  Graph graph;
  Tensors values;
  for (int64_t i = choices.between(1, 3); i > 0; --i) {
    Shape shape;
    for (int64_t rank = choices.below(4); rank > 0; --rank)
      shape = shape.inserted(0, choices.one_of({1, 2, 3, 4, 5, 7, 8, 9, 17}));
    graph.inputs.push_back(shape);
    values.push_back(Tensor::zeros(shape));
  }
  {
    const NoGrad no_grad;
    while (graph.nodes.size() < most_nodes && !choices.is_done()) {
      graph.nodes.push_back(draw_node(values, choices));
      values.push_back(graph.nodes.back()(values));
      if (values.back().numel() > 5000) return 0;
    }
  }
  if (graph.nodes.empty()) return 0;
  if (compute(graph, DType::f64, seed).largest > most) return 0;

  // Where two values nearly tie, f32 and f64 may take different branches; with other numbers they
  // don't again.
  if (!agrees(graph, seed))
    fuzz::require(agrees(graph, seed + 1000) || agrees(graph, seed + 2000),
                  "f32 and f64 differ in three draws");
  set_num_threads(1);
  const Result alone = compute(graph, DType::f32, seed);
  set_num_threads(2);
  const Result shared = compute(graph, DType::f32, seed);
  fuzz::require(testing::same_bits(alone.output, shared.output),
                "the output depends on the threads");
  fuzz::require(testing::same_bits(alone.gradients, shared.gradients),
                "a gradient depends on the threads");
  return 0;
}
