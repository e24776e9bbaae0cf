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
  const OperationScope scope("flatten");
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
  const OperationScope scope("squeeze");
  dim = x.shape().index(dim, "squeeze");
  require(x.size(dim) == 1, "squeeze", "the dimension must have extent 1: dimension {} of {}", dim,
          x.shape());
  return reshape(x, x.shape().without(dim));
}

Tensor unsqueeze(const Tensor& x, int dim) {
  const OperationScope scope("unsqueeze");
  require(dim >= -x.rank() - 1 && dim <= x.rank(), "unsqueeze",
          "the dimension must be {} to {}, got {}", -x.rank() - 1, x.rank(), dim);
  return reshape(x, x.shape().inserted(dim < 0 ? dim + x.rank() + 1 : dim, 1));
}

Tensor expand(const Tensor& x, const Shape& shape) {
  const OperationScope scope("expand");
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

namespace {

// The window with only the chosen elements of its dimension `dim`, which belongs to a tensor of
// `shape`.
void choose(const char* operation, const Shape& shape, Window& window, int dim,
            const Slice& slice) {
  require(slice.step >= 1, operation, "step must be 1 or more, got {}", slice.step);
  const int64_t extent = window.shape[dim];
  const auto from_front = [extent](int64_t at) { return at < 0 ? at + extent : at; };
  const int64_t start = from_front(slice.start.value_or(0)),
                stop = from_front(slice.stop.value_or(extent));
  require(start >= 0 && start < stop && stop <= extent, operation,
          "the range {} to {} must have an element and be within 0 to {} in dimension {} of {}",
          slice.start.value_or(0), slice.stop.value_or(extent), extent, dim, shape);
  window.shape = window.shape.with(dim, (stop - start - 1) / slice.step + 1);
  window.offset += start * window.strides[dim];
  window.strides[dim] *= slice.step;
}

// The part of a tensor of `shape` at `indices`; see index().
Window window_at(const char* operation, const Shape& shape, std::span<const Index> indices) {
  require(std::ssize(indices) <= shape.rank(), operation,
          "there must be at most one index for each dimension, got {} for {}", indices.size(),
          shape);
  Window window{shape, strides_of(shape), 0};
  // From the last dimension on, so that those that are left keep their numbers.
  for (int dim = static_cast<int>(indices.size()) - 1; dim >= 0; --dim) {
    const Index& index = indices[static_cast<std::size_t>(dim)];
    if (index.slice()) {
      choose(operation, shape, window, dim, *index.slice());
      continue;
    }
    const int64_t at = *index.number(), extent = shape[dim], place = at < 0 ? at + extent : at;
    require(place >= 0 && place < extent, operation,
            "the index of dimension {} of {} must be {} to {}, got {}", dim, shape, -extent,
            extent - 1, at);
    window.offset += place * window.strides[dim];
    window.shape = window.shape.without(dim);
    std::copy(window.strides.begin() + dim + 1, window.strides.end(), window.strides.begin() + dim);
  }
  return window;
}

}  // namespace

Tensor slice(const Tensor& x, int dim, int64_t start, int64_t stop, int64_t step) {
  Window window{x.shape(), strides_of(x.shape()), 0};
  choose("slice", x.shape(), window, x.shape().index(dim, "slice"), {start, stop, step});
  return extract("slice", x, window);
}

Tensor index(const Tensor& x, std::span<const Index> indices) {
  return extract("index", x, window_at("index", x.shape(), indices));
}

void detail::write_at(Tensor& x, std::span<const Index> indices, const Tensor& value) {
  const NoGrad no_grad;
  const Window window = window_at("assign", x.shape(), indices);
  require(value.dtype() == x.dtype(), "assign", "the value must have the type {}, got {}",
          to_string(x.dtype()), to_string(value.dtype()));
  require(broadcast("assign", value.shape(), window.shape) == window.shape, "assign",
          "the value must broadcast to the part: value {}, part {} of {}", value.shape(),
          window.shape, x.shape());
  // A copy: the value may be a part of x.
  const Tensor values = expand(value, window.shape);
  dispatch(x.dtype(),
           [&]<class T>(T) { kernels::write(window, values.data<T>(), x.mutable_data<T>()); });
}

Tensor row_view(const Tensor& x, int64_t first, int64_t count) {
  require(x.rank() > 0 && first >= 0 && count >= 0 && first <= x.size(0) - count, "row_view",
          "rows {} to {} must be within {}", first, first + count, x.shape());
  Window window{x.shape().with(0, count), strides_of(x.shape()), 0};
  window.offset = first * window.strides[0];
  return record("row_view", {x}, x.alias(window.shape, window.offset),
                [window, from = x.shape()](const Tensor& g) {
                  return place("row_view", g, window, from, 0);
                });
}

Tensor cat(std::span<const Tensor> tensors, int dim) {
  const OperationScope scope("cat");
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
  const OperationScope scope("stack");
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
