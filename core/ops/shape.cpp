#include "core/ops/shape.hpp"

#include <fmt/ranges.h>

#include "core/autograd.hpp"
#include "core/kernels/broadcast.hpp"
#include "core/kernels/elementwise.hpp"
#include "core/ops/detail/window.hpp"
#include "core/ops/reduce.hpp"
#include "core/parallel.hpp"

namespace gradus {

using detail::extract;
using detail::place;
using detail::window_of;
using kernels::Window;

Tensor reshape(const Tensor& x, const Shape& shape) {
  require(shape.numel() == x.numel(), "reshape",
          "both shapes must have the same number of elements: {} has {}, {} has {}", x.shape(),
          x.numel(), shape, shape.numel());
  return record("reshape", {x}, x.alias(shape),
                [from = x.shape()](const Tensor& g) { return reshape(g, from); });
}

Tensor reshape(const Tensor& x, std::span<const int64_t> extents) {
  std::vector<int64_t> known(extents.begin(), extents.end());
  const auto open = std::ranges::find(known, -1);
  if (open != known.end()) {
    *open = 1;
    const int64_t rest = Shape(known).numel();
    require(rest > 0 && x.numel() % rest == 0, "reshape",
            "no extent fits in place of -1: {} to ({})", x.shape(), fmt::join(extents, ", "));
    *open = x.numel() / rest;
  }
  return reshape(x, Shape(known));
}

Tensor flatten(const Tensor& x, int start_dim) {
  const int first = x.rank() == 0 ? 0 : x.shape().index(start_dim, "flatten");
  Shape shape;
  int64_t rest = 1;
  for (int dim = 0; dim < x.rank(); ++dim) {
    if (dim < first)
      shape = shape.inserted(dim, x.size(dim));
    else
      rest *= x.size(dim);
  }
  return reshape(x, shape.inserted(first, rest));
}

Tensor squeeze(const Tensor& x, int dim) {
  dim = x.shape().index(dim, "squeeze");
  require(x.size(dim) == 1, "squeeze", "the dimension must have extent 1: dimension {} of {}", dim,
          x.shape());
  return reshape(x, x.shape().without(dim));
}

Tensor unsqueeze(const Tensor& x, int dim) {
  require(dim >= -x.rank() - 1 && dim <= x.rank(), "unsqueeze",
          "the dimension must be {} to {}, got {}", -x.rank() - 1, x.rank(), dim);
  return reshape(x, x.shape().inserted(dim < 0 ? dim + x.rank() + 1 : dim, 1));
}

Tensor expand(const Tensor& x, const Shape& shape) {
  const kernels::Broadcast plan("expand", x.shape(), shape);
  require(plan.shape == shape, "expand", "x must broadcast to the shape: {} to {}", x.shape(),
          shape);
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

Tensor permute(const Tensor& x, std::span<const int> dims) {
  require(static_cast<int>(dims.size()) == x.rank(), "permute",
          "dims must contain each dimension once: ({}) of {}", fmt::join(dims, ", "), x.shape());
  const auto strides = strides_of(x.shape());
  Window window;
  std::array<bool, Shape::max_rank> named{};
  bool same_order = true;
  for (int i = 0; i < x.rank(); ++i) {
    const int dim = x.shape().index(dims[i], "permute");
    require(!named[dim], "permute", "dims must contain each dimension once: ({}) has {} twice",
            fmt::join(dims, ", "), dim);
    named[dim] = true;
    same_order = same_order && dim == i;
    window.shape = window.shape.inserted(i, x.size(dim));
    window.strides[i] = strides[dim];
  }
  if (same_order) return x;
  return extract("permute", x, window);
}

Tensor transpose(const Tensor& x, int dim0, int dim1) {
  Window window{x.shape(), strides_of(x.shape()), 0};
  dim0 = x.shape().index(dim0, "transpose");
  dim1 = x.shape().index(dim1, "transpose");
  window.shape = window.shape.with(dim0, x.size(dim1)).with(dim1, x.size(dim0));
  std::swap(window.strides[dim0], window.strides[dim1]);
  return extract("transpose", x, window);
}

Tensor slice(const Tensor& x, int dim, int64_t start, int64_t stop, int64_t step) {
  require(step >= 1, "slice", "step must be 1 or more, got {}", step);
  dim = x.shape().index(dim, "slice");
  const int64_t extent = x.size(dim);
  const auto from_front = [extent](int64_t at) {
    return std::clamp<int64_t>(at < 0 ? at + extent : at, 0, extent);
  };
  start = from_front(start);
  const int64_t length = std::max<int64_t>(0, from_front(stop) - start);
  const int64_t count = length / step + (length % step != 0);
  const Window window = window_of(x.shape(), dim, start, count, step);
  if (dim != 0 || step != 1) return extract("slice", x, window);
  return record(
      "slice", {x}, x.alias(window.shape, window.offset),
      [window, from = x.shape()](const Tensor& g) { return place("slice", g, window, from, 0); });
}

Tensor cat(std::span<const Tensor> tensors, int dim) {
  require(!tensors.empty(), "cat", "at least one tensor is needed");
  const Tensor& first = tensors[0];
  dim = first.shape().index(dim, "cat");
  int64_t extent = 0;
  for (const Tensor& x : tensors) {
    require(x.rank() == first.rank() && x.shape().with(dim, 0) == first.shape().with(dim, 0), "cat",
            "extents must be equal except in dimension {}: {} and {}", dim, first.shape(),
            x.shape());
    require(x.dtype() == first.dtype(), "cat", "all tensors must have the same type, got {} and {}",
            to_string(first.dtype()), to_string(x.dtype()));
    extent += x.size(dim);
  }
  Tensor y = Tensor::empty(first.shape().with(dim, extent), first.dtype());
  std::vector<Window> windows;
  int64_t start = 0;
  dispatch(y.dtype(), [&]<class T>(T) {
    T* to = y.mutable_data<T>();
    for (const Tensor& x : tensors) {
      windows.push_back(window_of(y.shape(), dim, start, x.size(dim)));
      kernels::write(windows.back(), x.data<T>(), to);
      start += x.size(dim);
    }
  });
  return record("cat", tensors, y, [windows = std::move(windows)](const Tensor& g) {
    Tensors gradients;
    for (const Window& window : windows) gradients.push_back(extract("cat", g, window));
    return gradients;
  });
}

Tensor stack(std::span<const Tensor> tensors, int dim) {
  require(!tensors.empty(), "stack", "at least one tensor is needed");
  Tensors rows;
  for (const Tensor& x : tensors) {
    require(x.shape() == tensors[0].shape(), "stack",
            "all tensors must have the same shape, got {} and {}", tensors[0].shape(), x.shape());
    rows.push_back(unsqueeze(x, dim));
  }
  return cat(rows, dim);
}

Tensor pad(const Tensor& x, std::span<const int64_t> padding, double value) {
  require(padding.size() % 2 == 0 && static_cast<int>(padding.size()) <= 2 * x.rank(), "pad",
          "padding must have two numbers for each padded dimension: ({}) for {}",
          fmt::join(padding, ", "), x.shape());
  require(std::ranges::all_of(padding, [](int64_t n) { return n >= 0; }), "pad",
          "padding must be 0 or more, got ({})", fmt::join(padding, ", "));
  Shape shape = x.shape();
  const int pairs = static_cast<int>(padding.size()) / 2;
  for (int i = 0; i < pairs; ++i)
    shape = shape.with(-1 - i, shape[-1 - i] + padding[2 * i] + padding[2 * i + 1]);
  Window window{x.shape(), strides_of(shape), 0};
  for (int i = 0; i < pairs; ++i)
    window.offset += padding[2 * i] * window.strides[x.rank() - 1 - i];
  return place("pad", x, window, shape, value);
}

}  // namespace gradus
