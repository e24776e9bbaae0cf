#include "core/ops/detail/window.hpp"

#include "core/autograd.hpp"

namespace gradus::detail {

Tensor extract(const char* operation, const Tensor& x, const Window& window) {
  const OperationScope scope(operation);
  Tensor y = Tensor::empty(window.shape, x.dtype());
  dispatch(x.dtype(), [&]<class T>(T) { kernels::read(window, x.data<T>(), y.mutable_data<T>()); });
  return record(operation, {x}, y, [operation, window, from = x.shape()](const Tensor& g) {
    return place(operation, g, window, from, 0);
  });
}

Tensor place(const char* operation, const Tensor& x, const Window& window, const Shape& shape,
             double value) {
  const OperationScope scope(operation);
  const bool covered = window.shape.numel() == shape.numel();
  Tensor y = covered ? Tensor::empty(shape, x.dtype()) : Tensor::full(shape, value, x.dtype());
  dispatch(x.dtype(),
           [&]<class T>(T) { kernels::write(window, x.data<T>(), y.mutable_data<T>()); });
  return record(operation, {x}, y,
                [operation, window](const Tensor& g) { return extract(operation, g, window); });
}

Window window_of(const Shape& shape, int dim, int64_t start, int64_t extent, int64_t step) {
  Window window{shape.with(dim, extent), strides_of(shape), 0};
  window.offset = start * window.strides[dim];
  window.strides[dim] *= step;
  return window;
}

}  // namespace gradus::detail
