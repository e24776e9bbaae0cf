#include "core/ops/masks.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/autograd.hpp"
#include "core/ops/detail/map.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"

namespace gradus {
namespace {

using detail::Loops;
using detail::zip_loop;
using detail::ZipLoop;

template <class F>
Tensor compare(const char* operation, const Tensor& a, const Tensor& b, F f,
               ZipLoop boolean = nullptr) {
  return zip(operation, a, b,
             Loops<ZipLoop>{&f, zip_loop<float, F, bool>, zip_loop<double, F, bool>,
                            zip_loop<int64_t, F, bool>, boolean},
             DType::boolean);
}

template <class F>
Tensor combine(const char* operation, const Tensor& a, const Tensor& b, F f) {
  return zip(operation, a, b, Loops<ZipLoop>{&f, nullptr, nullptr, nullptr, zip_loop<bool, F>},
             DType::boolean);
}

Tensor constant_like(const char* operation, const Tensor& x, double c) {
  detail::require_constant(operation, x.dtype(), c);
  return Tensor::scalar(c, x.dtype());
}

void require_mask(const char* operation, const Tensor& mask) {
  require(mask.dtype() == DType::boolean, operation, "the mask must be bool, as of x > 0, got {}",
          to_string(mask.dtype()));
}

// An operand whose elements repeat to a shape: all of it, a single one, or a copy.
struct Repeated {
  Repeated(const Tensor& x, const Shape& shape)
      : tensor(x.shape() == shape || x.numel() == 1 ? x : expand(x, shape)),
        step(x.numel() == 1 ? 0 : 1) {}
  Tensor tensor;
  int64_t step;
};

Tensor chosen(const Tensor& mask, const Tensor& a, const Tensor& b, const Shape& shape) {
  const NoGrad no_grad;
  const Repeated condition(mask, shape), first(a, shape), second(b, shape);
  Tensor y = Tensor::empty(shape, a.dtype());
  dispatch(a.dtype(), [&]<class T>(T) {
    const bool* c = condition.tensor.data<bool>();
    const T *u = first.tensor.data<T>(), *v = second.tensor.data<T>();
    T* to = y.mutable_data<T>();
    parallel_for(y.numel(), kernels::elementwise_grain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        to[i] = c[i * condition.step] ? u[i * first.step] : v[i * second.step];
    });
  });
  return y;
}

// The mask repeated to the shape of x.
Tensor mask_of(const char* operation, const Tensor& x, const Tensor& mask) {
  require_mask(operation, mask);
  require(broadcast(operation, x.shape(), mask.shape()) == x.shape(), operation,
          "the mask must broadcast to x: mask {}, x {}", mask.shape(), x.shape());
  return mask.shape() == x.shape() ? mask : expand(mask, x.shape());
}

// The places of the elements that are true.
Tensor places(const Tensor& mask) {
  const bool* values = mask.data<bool>();
  std::vector<int64_t> found;
  for (int64_t i = 0; i < mask.numel(); ++i)
    if (values[i]) found.push_back(i);
  return Tensor::from(found, {std::ssize(found)});
}

template <class F>
Tensor number_condition(const char* operation, const Tensor& x, F f) {
  return is_floating(x.dtype()) ? detail::condition(operation, x, f)
                                : Tensor::full(x.shape(), f(0.0), DType::boolean);
}

}  // namespace

Tensor eq(const Tensor& a, const Tensor& b) {
  const auto f = [](auto u, auto v) { return u == v; };
  return compare("eq", a, b, f, zip_loop<bool, decltype(f), bool>);
}

Tensor ne(const Tensor& a, const Tensor& b) {
  const auto f = [](auto u, auto v) { return u != v; };
  return compare("ne", a, b, f, zip_loop<bool, decltype(f), bool>);
}

Tensor lt(const Tensor& a, const Tensor& b) {
  return compare("lt", a, b, [](auto u, auto v) { return u < v; });
}

Tensor le(const Tensor& a, const Tensor& b) {
  return compare("le", a, b, [](auto u, auto v) { return u <= v; });
}

Tensor gt(const Tensor& a, const Tensor& b) {
  return compare("gt", a, b, [](auto u, auto v) { return u > v; });
}

Tensor ge(const Tensor& a, const Tensor& b) {
  return compare("ge", a, b, [](auto u, auto v) { return u >= v; });
}

Tensor operator==(const Tensor& x, double c) {
  return eq(x, constant_like("eq", x, c));
}

Tensor operator!=(const Tensor& x, double c) {
  return ne(x, constant_like("ne", x, c));
}

Tensor operator<(const Tensor& x, double c) {
  return lt(x, constant_like("lt", x, c));
}

Tensor operator<=(const Tensor& x, double c) {
  return le(x, constant_like("le", x, c));
}

Tensor operator>(const Tensor& x, double c) {
  return gt(x, constant_like("gt", x, c));
}

Tensor operator>=(const Tensor& x, double c) {
  return ge(x, constant_like("ge", x, c));
}

Tensor logical_and(const Tensor& a, const Tensor& b) {
  return combine("logical_and", a, b, std::logical_and());
}

Tensor logical_or(const Tensor& a, const Tensor& b) {
  return combine("logical_or", a, b, std::logical_or());
}

Tensor logical_xor(const Tensor& a, const Tensor& b) {
  return combine("logical_xor", a, b, std::not_equal_to());
}

Tensor logical_not(const Tensor& mask) {
  require(mask.dtype() == DType::boolean, "logical_not", "needs bool, got {}",
          to_string(mask.dtype()));
  return combine("logical_not", mask, Tensor::scalar(1, DType::boolean), std::not_equal_to());
}

Tensor isnan(const Tensor& x) {
  return number_condition("isnan", x, [](auto v) { return std::isnan(v); });
}

Tensor isinf(const Tensor& x) {
  return number_condition("isinf", x, [](auto v) { return std::isinf(v); });
}

Tensor isfinite(const Tensor& x) {
  return number_condition("isfinite", x, [](auto v) { return std::isfinite(v); });
}

bool equal(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && a.dtype() == b.dtype() && all(eq(a, b)).item() != 0;
}

bool allclose(const Tensor& a, const Tensor& b, const CloseOptions& options) {
  const NoGrad no_grad;
  if (!is_floating(a.dtype()) && a.dtype() == b.dtype())
    return allclose(cast(a, DType::f64), cast(b, DType::f64), options);
  const Tensor near = abs(a - b) <= options.atol + options.rtol * abs(b);
  Tensor close = eq(a, b) | (near & isfinite(b));
  if (options.equal_nan) close = close | (isnan(a) & isnan(b));
  return all(close).item() != 0;
}

Tensor where(const Tensor& mask, const Tensor& a, const Tensor& b) {
  require_mask("where", mask);
  require(a.dtype() == b.dtype(), "where", "both operands must have the same type, got {} and {}",
          to_string(a.dtype()), to_string(b.dtype()));
  const Shape shape = broadcast("where", broadcast("where", a.shape(), b.shape()), mask.shape());
  return record("where", {a, b}, chosen(mask, a, b, shape), [mask = save(mask)](const Tensor& g) {
    return Tensors{where(mask, g, 0), where(mask, 0, g)};
  });
}

Tensor where(const Tensor& mask, const Tensor& a, double b) {
  return where(mask, a, constant_like("where", a, b));
}

Tensor where(const Tensor& mask, double a, const Tensor& b) {
  return where(mask, constant_like("where", b, a), b);
}

Tensor masked_fill(const Tensor& x, const Tensor& mask, double value) {
  const Tensor filled = mask_of("masked_fill", x, mask);
  return record("masked_fill", {x},
                chosen(filled, constant_like("masked_fill", x, value), x, x.shape()),
                [mask = save(filled)](const Tensor& g) { return masked_fill(g, mask, 0); });
}

Tensor masked_select(const Tensor& x, const Tensor& mask) {
  const OperationScope scope("masked_select");
  return index_select(reshape(x, {-1}), 0, places(mask_of("masked_select", x, mask)));
}

Tensor nonzero(const Tensor& mask) {
  require_mask("nonzero", mask);
  const Tensor found = places(mask);
  Tensor result = Tensor::empty({found.numel(), mask.rank()}, DType::i64);
  int64_t* to = result.mutable_data<int64_t>();
  for (const int64_t place : found.to_vector<int64_t>()) {
    int64_t rest = place;
    for (int dim = mask.rank() - 1; dim >= 0; --dim) {
      to[dim] = rest % mask.size(dim);
      rest /= mask.size(dim);
    }
    to += mask.rank();
  }
  return result;
}

}  // namespace gradus
