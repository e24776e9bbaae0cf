#include "core/ops/shape.hpp"

#include <algorithm>
#include <vector>

#include <fmt/ranges.h>

#include "core/autograd.hpp"
#include "core/kernels/elementwise.hpp"
#include "core/ops/reduce.hpp"

namespace gradus {

Tensor reshape(const Tensor& x, const Shape& shape) {
  require(shape.numel() == x.numel(), "reshape", "{} has {} elements, {} has {}", x.shape(),
          x.numel(), shape, shape.numel());
  return record("reshape", {x}, x.alias(shape),
                [from = x.shape()](const Tensor& g) { return reshape(g, from); });
}

Tensor reshape(const Tensor& x, std::span<const int64_t> extents) {
  std::vector<int64_t> known(extents.begin(), extents.end());
  const auto open = std::find(known.begin(), known.end(), -1);
  if (open != known.end()) {
    *open = 1;
    const int64_t rest = Shape(known).numel();
    require(rest > 0 && x.numel() % rest == 0, "reshape", "{} doesn't divide into ({})", x.shape(),
            fmt::join(extents, ", "));
    *open = x.numel() / rest;
  }
  return reshape(x, Shape(known));
}

Tensor expand(const Tensor& x, const Shape& shape) {
  const kernels::Broadcast plan("expand", x.shape(), shape);
  require(plan.shape == shape, "expand", "{} doesn't broadcast to {}", x.shape(), shape);
  Tensor y = Tensor::empty(shape, x.dtype());
  dispatch(x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    const int64_t grain =
        std::max<int64_t>(1, kernels::elementwise_grain / std::max<int64_t>(1, plan.columns));
    parallel_for(plan.rows, grain, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const T* source = from + plan.offsets(row).first;
        if (plan.step_a == 1)
          std::copy_n(source, plan.columns, to + row * plan.columns);
        else
          std::fill_n(to + row * plan.columns, plan.columns, *source);
      }
    });
  });
  return record("expand", {x}, y, [from = x.shape()](const Tensor& g) { return sum_to(g, from); });
}

}  // namespace gradus
