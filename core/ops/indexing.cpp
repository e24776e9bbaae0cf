#include "core/ops/indexing.hpp"

#include "core/autograd.hpp"
#include "core/kernels/elementwise.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/detail/window.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"

namespace gradus {
namespace {

// The position as "3", or as "(1, 2)" for tensors of more dimensions.
std::string position(const Shape& shape, int64_t element) {
  if (shape.rank() == 1) return std::to_string(element);
  std::vector<int64_t> indices(static_cast<std::size_t>(shape.rank()));
  for (int dim = shape.rank() - 1; dim >= 0; --dim) {
    indices[static_cast<std::size_t>(dim)] = element % shape[dim];
    element /= shape[dim];
  }
  return to_string(Shape(indices));
}

// Calls body(offset of the indexed element, i) for elements i = begin … end − 1 of an index into
// dimension `dim` of a tensor of `shape`.
template <class Body>
void for_each_indexed(const Shape& shape, int dim, const Tensor& index, int64_t begin, int64_t end,
                      Body body) {
  const auto strides = strides_of(shape);
  const int64_t* chosen = index.data<int64_t>();
  for (int64_t i = begin; i < end; ++i) {
    int64_t offset = chosen[i] * strides[dim], rest = i;
    for (int d = shape.rank() - 1; d >= 0; --d) {
      if (d != dim) offset += rest % index.size(d) * strides[d];
      rest /= index.size(d);
    }
    body(offset, i);
  }
}

void check_gather(const char* operation, const Shape& shape, int dim, const Tensor& index) {
  bool fits = index.rank() == shape.rank();
  for (int d = 0; fits && d < shape.rank(); ++d) fits = d == dim || index.size(d) <= shape[d];
  require(
      fits, operation,
      "index must have the rank of x, and extents no larger except in dimension {}: index {}, x {}",
      dim, index.shape(), shape);
  check_indices(operation, "index", index, shape[dim]);
}

// Adds the elements of x, of the index's shape, where gather() reads them, in their order.
void add_indexed(Tensor& y, int dim, const Tensor& index, const Tensor& x) {
  dispatch_numbers("scatter_add", x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    for_each_indexed(y.shape(), dim, index, 0, index.numel(),
                     [&](int64_t offset, int64_t i) { detail::add_to(to[offset], from[i]); });
  });
}

}  // namespace

void check_indices(std::string_view operation, std::string_view what, const Tensor& index,
                   int64_t count) {
  require(index.dtype() == DType::i64, operation, "{} tensors must be i64, got {}", what,
          to_string(index.dtype()));
  const int64_t* values = index.data<int64_t>();
  // The position is written only where it is needed: that takes longer than all else.
  for (int64_t i = 0; i < index.numel(); ++i)
    if (values[i] < 0 || values[i] >= count) [[unlikely]]
      require(false, operation, "{} at position {} must be 0 to {}, got {}", what,
              position(index.shape(), i), count - 1, values[i]);
}

Tensor index_select(const Tensor& x, int dim, const Tensor& index) {
  const OperationScope scope("index_select");
  dim = x.shape().index(dim, "index_select");
  require(index.rank() == 1, "index_select", "index must be a vector, got {}", index.shape());
  const Axis axis(x.shape(), dim);
  check_indices("index_select", "index", index, axis.extent);
  const int64_t n = index.numel();
  const int64_t* chosen = index.data<int64_t>();
  Tensor y = Tensor::empty(x.shape().with(dim, n), x.dtype());
  dispatch(x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    const int64_t grain = kernels::elementwise_grain / std::max<int64_t>(1, axis.inner);
    parallel_for(axis.outer * n, std::max<int64_t>(1, grain), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row)
        std::copy_n(from + (row / n * axis.extent + chosen[row % n]) * axis.inner, axis.inner,
                    to + row * axis.inner);
    });
  });
  return record("index_select", {x}, y,
                [dim, index = save(index), from = x.shape()](const Tensor& g) {
                  return index_add(from, dim, index, g);
                });
}

Tensor index_add(const Shape& shape, int dim, const Tensor& index, const Tensor& x) {
  const OperationScope scope("index_add");
  dim = shape.index(dim, "index_add");
  require(index.rank() == 1, "index_add", "index must be a vector, got {}", index.shape());
  require(x.shape() == shape.with(dim, index.numel()), "index_add",
          "x must be {} with extent {} in dimension {}, got {}", shape, index.numel(), dim,
          x.shape());
  const Axis axis(shape, dim);
  check_indices("index_add", "index", index, axis.extent);
  const int64_t n = index.numel();
  const int64_t* chosen = index.data<int64_t>();
  Tensor y = Tensor::zeros(shape, x.dtype());
  dispatch_floating("index_add", x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    // An index may occur twice: threads divide the columns, and each adds in the order of the
    // index.
    const int64_t columns = 64, blocks = chunk_count(axis.inner, columns);
    const int64_t grain = kernels::elementwise_grain / std::max<int64_t>(1, n * columns);
    parallel_for(axis.outer * blocks, std::max<int64_t>(1, grain), [&](int64_t begin, int64_t end) {
      for (int64_t task = begin; task < end; ++task) {
        const int64_t o = task / blocks, first = task % blocks * columns;
        const int64_t last = std::min(axis.inner, first + columns);
        for (int64_t i = 0; i < n; ++i) {
          const T* source = from + (o * n + i) * axis.inner;
          T* sum = to + (o * axis.extent + chosen[i]) * axis.inner;
          for (int64_t j = first; j < last; ++j) sum[j] += source[j];
        }
      }
    });
  });
  return record("index_add", {x}, y, [dim, index = save(index)](const Tensor& g) {
    return index_select(g, dim, index);
  });
}

Tensor gather(const Tensor& x, int dim, const Tensor& index) {
  const OperationScope scope("gather");
  dim = x.shape().index(dim, "gather");
  check_gather("gather", x.shape(), dim, index);
  Tensor y = Tensor::empty(index.shape(), x.dtype());
  dispatch(x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    parallel_for(index.numel(), kernels::elementwise_grain, [&](int64_t begin, int64_t end) {
      for_each_indexed(x.shape(), dim, index, begin, end,
                       [&](int64_t offset, int64_t i) { to[i] = from[offset]; });
    });
  });
  return record("gather", {x}, y, [dim, index = save(index), from = x.shape()](const Tensor& g) {
    return scatter_add(from, dim, index, g);
  });
}

Tensor scatter_add(const Shape& shape, int dim, const Tensor& index, const Tensor& x) {
  dim = shape.index(dim, "scatter_add");
  require(x.shape() == index.shape(), "scatter_add",
          "index and x must have the same shape, got {} and {}", index.shape(), x.shape());
  check_gather("scatter_add", shape, dim, index);
  Tensor y = Tensor::zeros(shape, x.dtype());
  add_indexed(y, dim, index, x);
  return record("scatter_add", {x}, y,
                [dim, index = save(index)](const Tensor& g) { return gather(g, dim, index); });
}

Tensor scatter_add(const Tensor& x, int dim, const Tensor& index, const Tensor& src) {
  dim = x.shape().index(dim, "scatter_add");
  check_gather("scatter_add", x.shape(), dim, index);
  require(src.dtype() == x.dtype(), "scatter_add", "src must have the type {} of x, got {}",
          to_string(x.dtype()), to_string(src.dtype()));
  bool covers = src.rank() == index.rank();
  for (int d = 0; covers && d < src.rank(); ++d) covers = src.size(d) >= index.size(d);
  require(covers, "scatter_add",
          "src must have the rank of the index and extents no smaller: src {}, index {}",
          src.shape(), index.shape());
  const Tensor added =
      src.shape() == index.shape()
          ? src
          : detail::extract("scatter_add", src, {index.shape(), strides_of(src.shape()), 0});
  Tensor y = x.detach().clone();
  add_indexed(y, dim, index, added);
  return record("scatter_add", {x, added}, y, [dim, index = save(index)](const Tensor& g) {
    return Tensors{g, gather(g, dim, index)};
  });
}

Tensor one_hot(const Tensor& labels, int64_t classes, DType dtype) {
  const OperationScope scope("one_hot");
  check_indices("one_hot", "label", labels, classes);
  Tensor y = Tensor::zeros(labels.shape().inserted(labels.rank(), classes), dtype);
  dispatch(dtype, [&]<class T>(T) {
    T* to = y.mutable_data<T>();
    for (int64_t i = 0; i < labels.numel(); ++i) to[i * classes + labels.data<int64_t>()[i]] = 1;
  });
  return y;
}

Tensor embedding(const Tensor& index, const Tensor& weight) {
  const OperationScope scope("embedding");
  require(weight.rank() == 2, "embedding", "weight must be (rows, width), got {}", weight.shape());
  check_indices("embedding", "index", index, weight.size(0));
  return reshape(index_select(weight, 0, reshape(index, {-1})),
                 index.shape().inserted(index.rank(), weight.size(1)));
}

}  // namespace gradus
