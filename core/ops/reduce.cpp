#include "core/ops/reduce.hpp"

#include "core/autograd.hpp"
#include "core/kernels/reduce.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

// Σ over dimensions first … last-1, which disappear.
Tensor sum_dims(const Tensor& x, int first, int last) {
  int64_t outer = 1, n = 1, inner = 1;
  Shape kept;
  for (int dim = 0; dim < x.rank(); ++dim) {
    (dim < first ? outer : dim < last ? n : inner) *= x.size(dim);
    if (dim < first || dim >= last) kept = kept.inserted(kept.rank(), x.size(dim));
  }
  Tensor y = Tensor::empty(kept, x.dtype());
  dispatch_floating("sum", x.dtype(), [&]<class T>(T) {
    kernels::sum(outer, n, inner, x.data<T>(), y.mutable_data<T>());
  });
  return y;
}

}  // namespace

Tensor sum_to(const Tensor& x, const Shape& shape) {
  require(shape.rank() <= x.rank() && broadcast("sum_to", x.shape(), shape) == x.shape(), "sum_to",
          "{} doesn't broadcast to {}", shape, x.shape());
  // Runs of repeated dimensions, from the last one forward, so that positions before stay valid.
  Tensor y = x.detach();
  for (int last = x.rank(); last > 0;) {
    const auto repeated = [&](int dim) {
      const int own = dim - (x.rank() - shape.rank());
      return own < 0 || (shape[own] == 1 && x.size(dim) != 1);
    };
    int first = last;
    while (first > 0 && repeated(first - 1)) --first;
    if (first < last) y = sum_dims(y, first, last);
    last = first - 1;
  }
  return record("sum_to", {x}, y.alias(shape),
                [from = x.shape()](const Tensor& g) { return expand(g, from); });
}

Tensor sum(const Tensor& x) {
  return sum_to(x, {});
}

Tensor mean(const Tensor& x) {
  return sum(x) / static_cast<double>(x.numel());
}

}  // namespace gradus
