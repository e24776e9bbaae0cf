#include "core/ops/layout.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "core/autograd.hpp"
#include "core/kernels/elementwise.hpp"
#include "core/ops/detail/window.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"

namespace gradus {

using detail::Window;

Tensors split(const Tensor& x, std::span<const int64_t> sizes, int dim) {
  dim = x.shape().index(dim, "split");
  int64_t rest = x.size(dim);
  const bool fits = std::ranges::all_of(
      sizes, [&](int64_t size) { return size >= 0 && (rest -= std::min(size, rest + 1)) >= 0; });
  require(fits && rest == 0, "split",
          "sizes must be 0 or more with the sum {}, the extent of dimension {} of {}: ({})",
          x.size(dim), dim, x.shape(), fmt::join(sizes, ", "));
  Tensors parts;
  int64_t start = 0;
  for (const int64_t size : sizes) {
    parts.push_back(detail::extract("split", x, detail::window_of(x.shape(), dim, start, size)));
    start += size;
  }
  return parts;
}

Tensors split(const Tensor& x, int64_t size, int dim) {
  dim = x.shape().index(dim, "split");
  require(size >= 1, "split", "size must be 1 or more, got {}", size);
  const int64_t extent = x.size(dim);
  std::vector<int64_t> sizes;
  for (int64_t rest = extent; rest > 0 || sizes.empty(); rest -= sizes.back())
    sizes.push_back(std::min(size, rest));
  return split(x, sizes, dim);
}

Tensors chunk(const Tensor& x, int64_t chunks, int dim) {
  const OperationScope scope("chunk");
  dim = x.shape().index(dim, "chunk");
  require(chunks >= 1, "chunk", "chunks must be 1 or more, got {}", chunks);
  const int64_t extent = x.size(dim), size = extent / chunks + (extent % chunks != 0);
  return split(x, std::max<int64_t>(1, size), dim);
}

Tensor flip(const Tensor& x, const Dims& dims) {
  Window window{x.shape(), strides_of(x.shape()), 0};
  for (const int listed : dims) {
    const int dim = x.shape().index(listed, "flip");
    int64_t& stride = window.strides[dim];
    require(stride >= 0, "flip", "dimensions must differ: {} is listed twice", dim);
    window.offset += (x.size(dim) - 1) * stride;
    stride = -stride;
  }
  return detail::extract("flip", x, window);
}

namespace {

Tensor rolled(const Tensor& x, int64_t shift, int dim) {
  const Axis axis(x.shape(), dim);
  const int64_t length = axis.extent * axis.inner;
  const int64_t moved = axis.extent == 0 ? 0 : shift % axis.extent;
  const int64_t first = (moved > 0 ? axis.extent - moved : -moved) * axis.inner;
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch(x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    const int64_t grain = kernels::elementwise_grain / std::max<int64_t>(1, length);
    parallel_for(axis.outer, std::max<int64_t>(1, grain), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const T* row = from + i * length;
        std::rotate_copy(row, row + first, row + length, to + i * length);
      }
    });
  });
  return record("roll", {x}, y, [moved, dim](const Tensor& g) { return rolled(g, -moved, dim); });
}

// The elements at the columns first … last − 1 of row i of each matrix, given by columns(i), and 0
// elsewhere.
template <class Columns>
Tensor triangle(const char* operation, const Tensor& x, Columns columns) {
  require(x.rank() >= 2, operation, "needs matrices (…, n, m), got {}", x.shape());
  const int64_t n = x.size(-2), m = x.size(-1);
  Tensor y = Tensor::zeros(x.shape(), x.dtype());
  dispatch(x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    const int64_t grain = kernels::elementwise_grain / std::max<int64_t>(1, m);
    parallel_for(m == 0 ? 0 : x.numel() / m, std::max<int64_t>(1, grain),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t row = begin; row < end; ++row) {
                     const std::pair<int64_t, int64_t> kept = columns(row % n, m);
                     std::copy(from + row * m + kept.first, from + row * m + kept.second,
                               to + row * m + kept.first);
                   }
                 });
  });
  return record(operation, {x}, y,
                [operation, columns](const Tensor& g) { return triangle(operation, g, columns); });
}

// The column of `diagonal` in a row, limited to 0 … columns.
int64_t column_of(int64_t row, int64_t diagonal, int64_t columns) {
  return diagonal > columns ? columns : std::clamp<int64_t>(row + diagonal, 0, columns);
}

// The diagonal of dimensions dim0 and dim1 of a tensor of `shape`, as the last dimension of a
// window.
Window diagonal_of(const char* operation, const Shape& shape, int64_t offset, int dim0, int dim1) {
  const int row = shape.index(dim0, operation), column = shape.index(dim1, operation);
  require(row != column, operation, "the dimensions must differ, got {} and {} of {}", dim0, dim1,
          shape);
  const auto strides = strides_of(shape);
  const int64_t rows = shape[row], columns = shape[column];
  const int64_t below = offset < 0 ? -std::max(offset, -rows) : 0;
  const int64_t right = offset > 0 ? std::min(offset, columns) : 0;
  Window window;
  for (int dim = 0; dim < shape.rank(); ++dim) {
    if (dim == row || dim == column) continue;
    window.strides[window.shape.rank()] = strides[dim];
    window.shape = window.shape.inserted(window.shape.rank(), shape[dim]);
  }
  window.strides[window.shape.rank()] = strides[row] + strides[column];
  window.shape =
      window.shape.inserted(window.shape.rank(), std::min(rows - below, columns - right));
  window.offset = below * strides[row] + right * strides[column];
  return window;
}

}  // namespace

Tensor roll(const Tensor& x, std::span<const int64_t> shifts, const Dims& dims) {
  require(shifts.size() == dims.size(), "roll",
          "shifts must have one number for each dimension: ({}) for ({})", fmt::join(shifts, ", "),
          fmt::join(dims, ", "));
  Tensor y = x;
  for (std::size_t i = 0; i < dims.size(); ++i)
    y = rolled(y, shifts[i], x.shape().index(dims[i], "roll"));
  return y;
}

Tensor roll(const Tensor& x, int64_t shift) {
  const OperationScope scope("roll");
  return reshape(rolled(reshape(x, Shape{x.numel()}), shift, 0), x.shape());
}

Tensor repeat(const Tensor& x, std::span<const int64_t> repeats) {
  const OperationScope scope("repeat");
  require(std::ssize(repeats) >= x.rank() &&
              std::ranges::all_of(repeats, [](int64_t times) { return times >= 0; }),
          "repeat", "repeats must be 0 or more, at least one for each dimension: ({}) of {}",
          fmt::join(repeats, ", "), x.shape());
  Shape shape = x.shape();
  while (shape.rank() < std::ssize(repeats)) shape = shape.inserted(0, 1);
  Tensor y = reshape(x, shape);
  // The last dimension first: the largest copies are those of the longest rows.
  for (int dim = shape.rank() - 1; dim >= 0; --dim) {
    if (repeats[dim] == 1) continue;
    const Axis axis(y.shape(), dim);
    const int64_t length = axis.extent * axis.inner;
    shape = shape.with(dim, axis.extent * repeats[dim]);
    y = reshape(
        expand(reshape(y, Shape{axis.outer, 1, length}), Shape{axis.outer, repeats[dim], length}),
        shape);
  }
  return y;
}

Tensor tril(const Tensor& x, int64_t diagonal) {
  return triangle("tril", x, [diagonal](int64_t row, int64_t columns) {
    return std::pair(int64_t{0},
                     diagonal == INT64_MAX ? columns : column_of(row, diagonal + 1, columns));
  });
}

Tensor triu(const Tensor& x, int64_t diagonal) {
  return triangle("triu", x, [diagonal](int64_t row, int64_t columns) {
    return std::pair(column_of(row, diagonal, columns), columns);
  });
}

Tensor diagonal(const Tensor& x, int64_t offset, int dim0, int dim1) {
  return detail::extract("diagonal", x, diagonal_of("diagonal", x.shape(), offset, dim0, dim1));
}

Tensor diag_embed(const Tensor& x, int64_t offset, int dim0, int dim1) {
  require(x.rank() >= 1, "diag_embed", "needs at least one dimension, got {}", x.shape());
  constexpr int64_t most = int64_t{1} << 30;
  require(offset >= -most && offset <= most, "diag_embed", "offset must be -2^30 to 2^30, got {}",
          offset);
  const int64_t side = x.size(-1) + std::abs(offset);
  const int rank = x.rank() + 1;
  const auto from_front = [rank](int dim) { return dim < 0 ? dim + rank : dim; };
  const int first = std::min(from_front(dim0), from_front(dim1)),
            second = std::max(from_front(dim0), from_front(dim1));
  require(first >= 0 && second < rank && first != second, "diag_embed",
          "the dimensions must be two of {} to {}, got {} and {}", -rank, rank - 1, dim0, dim1);
  const Shape shape = x.shape().without(-1).inserted(first, side).inserted(second, side);
  return detail::place("diag_embed", x, diagonal_of("diag_embed", shape, offset, dim0, dim1), shape,
                       0);
}

}  // namespace gradus
