// What holds for every operation: right derivatives, inputs saved, results that don't depend on the
// number of threads.
#include "operations.hpp"

#include <doctest/doctest.h>

#include <cstring>

#include "core/autograd.hpp"
#include "core/parallel.hpp"

using namespace gradus;
using namespace gradus::testing;

namespace {

Tensors differentiated(const Tensors& inputs) {
  Tensors result;
  for (const Tensor& input : inputs)
    if (input.requires_grad()) result.push_back(input);
  return result;
}

// The derivatives of the inputs that have one, for a fixed upstream gradient.
Tensors gradients(const Tensor& output, const Tensors& inputs) {
  Rng rng(5);
  if (!output.requires_grad()) return {};
  return grad({output}, differentiated(inputs),
              {.grad_outputs = {randn(output.shape(), rng, output.dtype())}, .allow_unused = true});
}

bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.defined() != b.defined()) return false;
  if (!a.defined()) return true;
  return a.shape() == b.shape() && dispatch(a.dtype(), [&]<class T>(T) {
           return std::memcmp(a.data<T>(), b.data<T>(),
                              static_cast<std::size_t>(a.numel()) * sizeof(T)) == 0;
         });
}

bool same_bits(const Tensors& a, const Tensors& b) {
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i) same = same_bits(a[i], b[i]);
  return same;
}

void change(Tensor& x) {
  const NoGrad no_grad;
  dispatch(x.dtype(), [&]<class T>(T) {
    T* values = x.mutable_data<T>();
    for (int64_t i = 0; i < x.numel(); ++i) values[i] = values[i] == 0 ? T{1} : T{0};
  });
}

}  // namespace

TEST_CASE("every operation has the derivatives that differences give, first and second") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    Sampler sampler(1, false);
    const Tensors inputs = row.inputs(sampler);
    const auto first = gradcheck(row.function, inputs);
    CHECK_MESSAGE(first.passed, first.message);
    const auto second = gradgradcheck(row.function, inputs);
    CHECK_MESSAGE(second.passed, second.message);
  }
}

TEST_CASE("an input that is changed before backward never gives a wrong gradient") {
  for (const Row& row : all_rows()) {
    CAPTURE(row.name);
    const std::size_t count = [&] {
      Sampler sampler(2, false);
      return row.inputs(sampler).size();
    }();
    for (std::size_t changed = 0; changed < count; ++changed) {
      CAPTURE(changed);
      Sampler sampler(2, false);
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
    Sampler sampler(3, true);
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
