#include "core/tensor.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "core/autograd.hpp"

namespace gradus {

const Tensor::Impl& Tensor::impl() const {
  if (!impl_) [[unlikely]]
    misuse("tensor", "the tensor is undefined (default-constructed, or a gradient not computed)");
  return *impl_;
}

Tensor Tensor::empty(const Shape& shape, DType dtype) {
  auto impl = std::make_shared<Impl>();
  impl->shape = shape;
  impl->numel = shape.numel();
  impl->dtype = dtype;
  const auto bytes =
      static_cast<std::size_t>(impl->numel) * static_cast<std::size_t>(size_of(dtype));
  try {
    impl->storage = std::make_shared<Storage>(bytes);
  } catch (const std::bad_alloc&) {
    throw OutOfMemory(OperationScope::name_or("tensor"),
                      fmt::format("{} of shape {}", to_string(dtype), shape),
                      static_cast<double>(bytes));
  }
  return Tensor(std::move(impl));
}

Tensor Tensor::full(const Shape& shape, double value, DType dtype) {
  Tensor result = empty(shape, dtype);
  result.fill(value);
  return result;
}

Tensor Tensor::arange(int64_t n, DType dtype) {
  Tensor result = empty({n}, dtype);
  dispatch_numbers("arange", dtype, [&]<class T>(T) {
    T* data = result.mutable_data<T>();
    std::iota(data, data + n, T{0});
  });
  return result;
}

Tensor Tensor::copy_of(const void* values, int64_t count, DType dtype, const Shape& shape) {
  require(count == shape.numel(), "from",
          "the number of values must match the shape: {} values, shape {}", count, shape);
  Tensor result = empty(shape, dtype);
  if (count > 0)
    std::memcpy(result.mutable_elements(dtype), values,
                static_cast<std::size_t>(count * size_of(dtype)));
  return result;
}

const std::byte* Tensor::elements(DType dtype) const {
  const Impl& tensor = impl();
  require(tensor.dtype == dtype, "data", "the tensor has type {}, not {}", to_string(tensor.dtype),
          to_string(dtype));
  return tensor.storage->data() + tensor.offset * size_of(dtype);
}

std::byte* Tensor::mutable_elements(DType dtype) {
  const std::byte* values = elements(dtype);
  impl().storage->bump_version();
  return const_cast<std::byte*>(values);
}

double Tensor::item() const {
  require(numel() == 1, "item", "the tensor must have one element, got {}", shape());
  return dispatch(dtype(), [&]<class T>(T) { return static_cast<double>(*data<T>()); });
}

Tensor Tensor::clone() const {
  Tensor result = empty(shape(), dtype());
  result.copy_from(*this);
  return record("clone", {*this}, std::move(result), [](const Tensor& g) { return g; });
}

void Tensor::copy_from(const Tensor& source) {
  require_not_recorded("copy_from");
  require(shape() == source.shape() && dtype() == source.dtype(), "copy_from",
          "source must have the tensor's shape and type: source {} {}, tensor {} {}",
          source.shape(), to_string(source.dtype()), shape(), to_string(dtype()));
  dispatch(dtype(), [&]<class T>(T) {
    std::memmove(mutable_data<T>(), source.data<T>(),
                 static_cast<std::size_t>(numel()) * sizeof(T));
  });
}

void Tensor::fill(double value) {
  require_not_recorded("fill");
  dispatch(dtype(),
           [&]<class T>(T) { std::fill_n(mutable_data<T>(), numel(), static_cast<T>(value)); });
}

void Tensor::require_not_recorded(std::string_view operation) const {
  if (requires_grad() && grad_enabled())
    misuse(operation, "{} {} requires a gradient: change it in place only under NoGrad",
           is_leaf() ? "the leaf" : "the result", shape());
}

Tensor& Tensor::set_requires_grad(bool on) {
  if (!is_leaf())
    misuse("set_requires_grad",
           "only a leaf's requires_grad can be set; {} is the result of an operation", shape());
  require(!on || is_floating(dtype()), "set_requires_grad", "needs f32 or f64, got {}",
          to_string(dtype()));
  impl_->requires_grad = on;
  return *this;
}

void Tensor::set_grad(Tensor gradient) {
  impl();
  if (gradient.defined())
    require(gradient.shape() == shape() && gradient.dtype() == dtype(), "set_grad",
            "gradient must have the tensor's shape and type: gradient {} {}, tensor {} {}",
            gradient.shape(), to_string(gradient.dtype()), shape(), to_string(dtype()));
  impl_->grad = std::move(gradient);
}

Tensor Tensor::alias(const Shape& shape, int64_t offset) const {
  require(offset >= 0 && offset + shape.numel() <= numel(), "alias",
          "the view must be inside the tensor: {} from element {} of {}", shape, offset,
          this->shape());
  auto view = std::make_shared<Impl>();
  view->shape = shape;
  view->numel = shape.numel();
  view->dtype = dtype();
  view->storage = impl().storage;
  view->offset = impl().offset + offset;
  return Tensor(std::move(view));
}

Tensor Tensor::detach() const {
  return alias(shape());
}

bool Tensor::is_unique() const {
  return impl_.use_count() == 1 && impl().storage.use_count() == 1 && !impl().node;
}

}  // namespace gradus
