// Tests of every operation: derivatives, saved inputs, results that don't depend on the number of
// threads.
#include "operations.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <stdexcept>

#include "core/ops/activation.hpp"
#include "core/ops/image_operations.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/layout.hpp"
#include "core/ops/loss/loss.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/ops/sort.hpp"
#include "core/parallel.hpp"
#include "core/storage.hpp"

using namespace gradus;
using namespace gradus::testing;

namespace {

void change(Tensor& x) {
  const NoGrad no_grad;
  dispatch(x.dtype(), [&]<class T>(T) {
    T* values = x.mutable_data<T>();
    for (int64_t i = 0; i < x.numel(); ++i) values[i] = values[i] == 0 ? T{1} : T{0};
  });
}

// The inputs with an extent of 0 at each place that is chosen.
template <class Chosen>
Tensors emptied(const Tensors& inputs, Chosen chosen) {
  Tensors result;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Shape shape = inputs[i].shape();
    for (int dim = 0; dim < shape.rank(); ++dim)
      if (chosen(i, dim)) shape = shape.with(dim, 0);
    Tensor input = shape == inputs[i].shape() ? inputs[i].detach().clone()
                                              : Tensor::zeros(shape, inputs[i].dtype());
    result.push_back(input.set_requires_grad(inputs[i].requires_grad()));
  }
  return result;
}

// The operation has a result, whose gradients are finite and of the inputs' shapes, or says in
// words why there is none.
void check_empty(const Row& row, const Tensors& inputs) {
  std::string shapes;
  for (const Tensor& input : inputs) shapes += to_string(input.shape());
  CAPTURE(shapes);
  try {
    const Tensor output = row.function(inputs);
    const Tensors wanted = differentiated(inputs), got = gradients(output, inputs);
    for (std::size_t i = 0; i < got.size(); ++i) {
      if (!got[i].defined()) continue;
      CHECK(got[i].shape() == wanted[i].shape());
      for (const double value : got[i].to_vector<double>()) CHECK(std::isfinite(value));
    }
  } catch (const std::invalid_argument& error) {
    CHECK_MESSAGE(is_named(row, error), std::string(error.what()));
  }
}

}  // namespace

TEST_CASE("every operation supports extents of 0 at each place of its inputs, or throws an error") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    Sampler sampler(4);
    const Tensors inputs = row.inputs(sampler);
    std::set<int64_t> extents;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      for (int dim = 0; dim < inputs[i].rank(); ++dim) {
        check_empty(row, emptied(inputs, [&](std::size_t j, int d) { return i == j && d == dim; }));
        extents.insert(inputs[i].size(dim));
      }
    // An extent that occurs in several places is 0 in all of them.
    for (const int64_t extent : extents)
      check_empty(
          row, emptied(inputs, [&](std::size_t j, int d) { return inputs[j].size(d) == extent; }));
  }
}

TEST_CASE("first and second derivatives of every operation agree with finite differences") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    Sampler sampler(1);
    const Tensors inputs = row.inputs(sampler);
    const auto first = gradcheck(row.function, inputs);
    CHECK_MESSAGE(first.passed, first.message);
    const auto second = gradgradcheck(row.function, inputs);
    CHECK_MESSAGE(second.passed, second.message);
  }
}

TEST_CASE("an input has the same gradient by itself as together with all others") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    Sampler sampler(13);
    const Tensors inputs = row.inputs(sampler), together = gradients(row.function(inputs), inputs);
    std::size_t next = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (!inputs[i].requires_grad()) continue;
      CAPTURE(i);
      Tensors leaves;
      for (std::size_t j = 0; j < inputs.size(); ++j)
        leaves.push_back(inputs[j].detach().clone().set_requires_grad(i == j));
      const Tensor output = row.function(leaves);
      const Tensor& wanted = together[next++];
      REQUIRE((output.requires_grad() || !wanted.defined()));
      const Tensors alone = gradients(output, leaves);
      if (wanted.defined()) CHECK(same_bits(alone, {wanted}));
    }
  }
}

namespace {

// The error of a second backward() through y.
std::string freed_graph(const Tensor& y) {
  y.backward(Tensor::ones(y.shape(), y.dtype()));
  try {
    y.backward(Tensor::ones(y.shape(), y.dtype()));
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("errors of a graph name the operation that the user called, and its layer") {
  // The results of several calls in a row are combined by one of these.
  const std::set<std::string> combining{"add", "mul", "cat", "stack", "div", "relu", "sum"};
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    Sampler sampler(1);
    const Tensors inputs = row.inputs(sampler);
    const Tensor y = [&] {
      const LayerScope layer("fc1");
      return row.function(inputs);
    }();
    if (!y.requires_grad()) continue;
    const std::string text = freed_graph(y), prefix = "layer fc1: [";
    const std::string operation = row.name.substr(0, row.name.find_first_of(" ,:"));
    REQUIRE(text.starts_with(prefix));
    const std::string named = text.substr(prefix.size(), text.find(']') - prefix.size());
    if (named != operation) CHECK(combining.contains(named));
    CHECK(text == prefix + named +
                      "] its graph was freed by an earlier backward(): pass retain_graph to that "
                      "call");
  }
}

TEST_CASE("reductions and losses that are made of other operations have their own names") {
  Rng rng(1);
  const Tensor x = randn({3, 4}, rng, DType::f64).set_requires_grad(),
               target = sigmoid(randn({3, 4}, rng, DType::f64)), labels = Tensor::from({1, 0, 2});
  const std::vector<std::pair<std::string, std::function<Tensor()>>> calls{
      {"sum", [&] { return sum(x); }},
      {"mean", [&] { return mean(x, {1}); }},
      {"var", [&] { return var(x); }},
      {"amax", [&] { return amax(x); }},
      {"logsumexp", [&] { return logsumexp(x, {1}); }},
      {"prod", [&] { return prod(x); }},
      {"split", [&] { return split(x, 2)[0]; }},
      {"chunk", [&] { return chunk(x, 2)[1]; }},
      {"pad",
       [&] {
         return pad(x, {1, 1}, PadMode::circular);
       }},
      {"mse_loss", [&] { return mse_loss(x, target); }},
      {"l1_loss", [&] { return l1_loss(x, target); }},
      {"cross_entropy", [&] { return cross_entropy(x, labels); }},
      {"nll_loss", [&] { return nll_loss(x, labels); }},
      {"focal_loss", [&] { return focal_loss(x, labels); }},
      {"distillation_loss", [&] { return distillation_loss(x, target, labels); }},
      {"binary_cross_entropy_with_logits",
       [&] { return binary_cross_entropy_with_logits(x, target); }},
      {"kl_div", [&] { return kl_div(x, target); }},
      {"mul", [&] { return x * 2; }},
      {"div", [&] { return 2 / x; }},
      {"sub", [&] { return 1 - x; }},
      {"masked_select", [&] { return x[x > 0]; }},
      {"sort", [&] { return sort(x, 1).values; }},
      {"topk", [&] { return topk(x, 2).values; }},
      {"index", [&] { return x(0, Slice{1}); }}};
  for (const auto& call : calls) {
    CAPTURE(call.first);
    CHECK(freed_graph(call.second()) ==
          "[" + call.first +
              "] its graph was freed by an earlier backward(): pass retain_graph to that call");
  }
}

TEST_CASE(
    "a value changed before backward() is blamed on the operation that kept it, in its layer") {
  Tensor a = Tensor::from({1.0, 2.0});
  const Tensor b = Tensor::from({3.0, 4.0}).set_requires_grad();
  const Tensor y = [&] {
    const LayerScope layer("conv1");
    return mse_loss(a * b, Tensor::zeros({2}, DType::f64));
  }();
  a += 1;
  CHECK_THROWS_WITH_AS(y.backward(),
                       "layer conv1: [mul] a saved value of shape (2) was changed in place between "
                       "forward and backward",
                       std::logic_error);
}

TEST_CASE("an input that is changed before backward never gives a wrong gradient") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    const std::size_t count = [&] {
      Sampler sampler(2);
      return row.inputs(sampler).size();
    }();
    for (std::size_t changed = 0; changed < count; ++changed) {
      CAPTURE(changed);
      Sampler sampler(2);
      Tensors inputs = row.inputs(sampler);
      const Tensors wanted = gradients(row.function(inputs), inputs);
      const Tensor output = row.function(inputs);
      change(inputs[changed]);
      Tensors got;
      try {
        got = gradients(output, inputs);
      } catch (const std::logic_error& error) {
        CHECK(std::string(error.what()).find("changed in place") != std::string::npos);
        continue;
      }
      CHECK(same_bits(got, wanted));
    }
  }
}

TEST_CASE("every operation gives the same bits with one and with two threads") {
  const int before = num_threads();
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    Sampler sampler(3, DType::f32, 8000);
    const Tensors inputs = row.inputs(sampler);
    const auto compute = [&](int threads) {
      set_num_threads(threads);
      Tensors results{row.function(inputs)};
      for (const Tensor& gradient : gradients(results[0], inputs)) results.push_back(gradient);
      return results;
    };
    const Tensors serial = compute(1);
    CHECK(same_bits(serial, compute(2)));
  }
  set_num_threads(before);
}

TEST_CASE("no operation leaves memory in use when its tensors are gone, differentiated twice") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    const auto differentiate = [&] {
      Sampler sampler(11);
      const Tensors inputs = row.inputs(sampler), wanted = differentiated(inputs);
      const Tensor y = row.function(inputs);
      Tensor total = Tensor::scalar(0, DType::f64);
      for (const Tensor& slope :
           grad({sum(y)}, wanted, {.create_graph = true, .allow_unused = true}))
        if (slope.defined()) total = total + sum(square(slope));
      if (total.requires_grad()) grad({total}, wanted, {.allow_unused = true});
    };
    differentiate();
    const std::size_t before = memory_stats().in_use;
    differentiate();
    CHECK(memory_stats().in_use == before);
  }
}

TEST_CASE("a negative dimension counts from the last, and one out of range is an error") {
  Rng rng(12);
  const Tensor x = randn({2, 3, 4}, rng, DType::f64), index = Tensor::from<int64_t>({1, 0});
  const Tensor indices = Tensor::full({2, 3, 4}, 1, DType::i64);
  const std::vector<std::pair<std::string, std::function<Tensor(int)>>> operations{
      {"sum", [&](int dim) { return sum(x, {dim}); }},
      {"mean", [&](int dim) { return mean(x, {dim}); }},
      {"var", [&](int dim) { return var(x, {dim}); }},
      {"std", [&](int dim) { return gradus::std(x, {dim}); }},
      {"prod", [&](int dim) { return prod(x, {dim}); }},
      {"amax", [&](int dim) { return amax(x, {dim}); }},
      {"logsumexp", [&](int dim) { return logsumexp(x, {dim}); }},
      {"norm", [&](int dim) { return norm(x, 2, {dim}); }},
      {"argmax", [&](int dim) { return argmax(x, dim); }},
      {"softmax", [&](int dim) { return softmax(x, dim); }},
      {"log_softmax", [&](int dim) { return log_softmax(x, dim); }},
      {"cumsum", [&](int dim) { return cumsum(x, dim); }},
      {"cumprod", [&](int dim) { return cumprod(x, dim); }},
      {"sort", [&](int dim) { return sort(x, dim).values; }},
      {"argsort", [&](int dim) { return argsort(x, dim); }},
      {"topk", [&](int dim) { return topk(x, 2, dim).values; }},
      {"index_select", [&](int dim) { return index_select(x, dim, index); }},
      {"index_add",
       [&](int dim) {
         return index_add({2, 3, 4}, dim, index, slice(x, dim < -3 || dim > 2 ? 0 : dim, 0, 2));
       }},
      {"gather", [&](int dim) { return gather(x, dim, indices); }},
      {"scatter_add",
       [&](int dim) {
         return scatter_add({2, 3, 4}, dim, indices, x);
       }},
      {"scatter_add", [&](int dim) { return scatter_add(x, dim, indices, x); }},
      {"split", [&](int dim) { return split(x, 1, dim)[1]; }},
      {"chunk", [&](int dim) { return chunk(x, 2, dim)[0]; }},
      {"flip", [&](int dim) { return flip(x, {dim}); }},
      {"roll", [&](int dim) { return roll(x, {1}, {dim}); }},
      {"diagonal", [&](int dim) { return diagonal(x, 0, dim, dim == 1 || dim == -2 ? 0 : 1); }},
      {"flatten", [&](int dim) { return flatten(x, dim); }},
      {"transpose", [&](int dim) { return transpose(x, dim, 1); }},
      {"transpose", [&](int dim) { return transpose(x, 1, dim); }},
      {"slice", [&](int dim) { return slice(x, dim, 1, 2); }},
      {"cat", [&](int dim) {
         return cat({x, x}, dim);
       }}};
  for (const auto& operation : operations) {
    const std::string& name = operation.first;
    const auto& function = operation.second;
    CAPTURE(name);
    for (int dim = 0; dim < 3; ++dim) CHECK(same_bits(function(dim - 3), function(dim)));
    for (const int dim : {-4, 3})
      CHECK_THROWS_WITH_AS(
          function(dim),
          fmt::format("[{}] dimension {} is out of range for shape (2, 3, 4)", name, dim).c_str(),
          std::invalid_argument);
  }
}
