// The members of Tensor that are operations.
#include "core/autograd.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus {

Tensor Tensor::operator[](int64_t i) const {
  return at({i});
}

Tensor Tensor::operator[](const Tensor& chosen) const {
  return chosen.dtype() == DType::boolean ? masked_select(*this, chosen)
                                          : index_select(*this, 0, chosen);
}

Tensor Tensor::at(std::initializer_list<Index> indices) const {
  return index(*this, std::span(indices.begin(), indices.size()));
}

void Tensor::assign(std::initializer_list<Index> indices, const Tensor& value) {
  require_not_recorded("assign");
  detail::write_at(*this, std::span(indices.begin(), indices.size()), value);
}

void Tensor::assign(std::initializer_list<Index> indices, double value) {
  detail::require_constant("assign", dtype(), value);
  assign(indices, scalar(value, dtype()));
}

Tensor Tensor::sum(Dims dims, bool keepdim) const {
  return gradus::sum(*this, dims, keepdim);
}

Tensor Tensor::mean(Dims dims, bool keepdim) const {
  return gradus::mean(*this, dims, keepdim);
}

Tensor Tensor::var(Dims dims, bool keepdim, bool unbiased) const {
  return gradus::var(*this, dims, keepdim, unbiased);
}

Tensor Tensor::amax(Dims dims, bool keepdim) const {
  return gradus::amax(*this, dims, keepdim);
}

Tensor Tensor::amin(Dims dims, bool keepdim) const {
  return gradus::amin(*this, dims, keepdim);
}

Tensor Tensor::any(Dims dims, bool keepdim) const {
  return gradus::any(*this, dims, keepdim);
}

Tensor Tensor::all(Dims dims, bool keepdim) const {
  return gradus::all(*this, dims, keepdim);
}

Tensor Tensor::argmax(int dim, bool keepdim) const {
  return gradus::argmax(*this, dim, keepdim);
}

Tensor Tensor::argmin(int dim, bool keepdim) const {
  return gradus::argmin(*this, dim, keepdim);
}

Tensor Tensor::softmax(int dim) const {
  return gradus::softmax(*this, dim);
}

Tensor Tensor::log_softmax(int dim) const {
  return gradus::log_softmax(*this, dim);
}

Tensor Tensor::reshape(std::initializer_list<int64_t> extents) const {
  return gradus::reshape(*this, extents);
}

Tensor Tensor::flatten(int start_dim) const {
  return gradus::flatten(*this, start_dim);
}

Tensor Tensor::squeeze(int dim) const {
  return gradus::squeeze(*this, dim);
}

Tensor Tensor::unsqueeze(int dim) const {
  return gradus::unsqueeze(*this, dim);
}

Tensor Tensor::expand(const Shape& shape) const {
  return gradus::expand(*this, shape);
}

Tensor Tensor::permute(std::initializer_list<int> dims) const {
  return gradus::permute(*this, dims);
}

Tensor Tensor::transpose(int dim0, int dim1) const {
  return gradus::transpose(*this, dim0, dim1);
}

Tensor Tensor::matmul(const Tensor& other) const {
  return gradus::matmul(*this, other);
}

Tensor Tensor::pow(double exponent) const {
  return gradus::pow(*this, exponent);
}

Tensor Tensor::clamp(double low, double high) const {
  return gradus::clamp(*this, low, high);
}

Tensor Tensor::exp() const {
  return gradus::exp(*this);
}

Tensor Tensor::log() const {
  return gradus::log(*this);
}

Tensor Tensor::sqrt() const {
  return gradus::sqrt(*this);
}

Tensor Tensor::abs() const {
  return gradus::abs(*this);
}

Tensor Tensor::square() const {
  return gradus::square(*this);
}

Tensor Tensor::sin() const {
  return gradus::sin(*this);
}

Tensor Tensor::cos() const {
  return gradus::cos(*this);
}

Tensor Tensor::tanh() const {
  return gradus::tanh(*this);
}

Tensor Tensor::sigmoid() const {
  return gradus::sigmoid(*this);
}

Tensor Tensor::relu() const {
  return gradus::relu(*this);
}

Tensor Tensor::t() const {
  require(rank() == 2, "t", "needs a matrix, got {}", shape());
  return gradus::transpose(*this, 0, 1);
}

Tensor Tensor::to(DType dtype) const {
  return cast(*this, dtype);
}

// a = a + x in place, for any operator.
template <class Value>
static Tensor& update(Tensor& a, char sign, bool is_recorded, Value value) {
  if (grad_enabled() && (a.requires_grad() || is_recorded))
    misuse(
        fmt::format("{}=", sign),
        "the tensor {} can't be changed in place, since a gradient is recorded: write a = a {} x, "
        "or use NoGrad to change a parameter",
        a.shape(), sign);
  const NoGrad no_grad;
  const Tensor result = value();
  require(result.shape() == a.shape(), fmt::format("{}=", sign),
          "x must broadcast to the tensor's shape {}, not to {}", a.shape(), result.shape());
  a.copy_from(result);
  return a;
}

Tensor& Tensor::operator+=(const Tensor& x) {
  return update(*this, '+', x.requires_grad(), [&] { return *this + x; });
}

Tensor& Tensor::operator+=(double c) {
  return update(*this, '+', false, [&] { return *this + c; });
}

Tensor& Tensor::operator-=(const Tensor& x) {
  return update(*this, '-', x.requires_grad(), [&] { return *this - x; });
}

Tensor& Tensor::operator-=(double c) {
  return update(*this, '-', false, [&] { return *this - c; });
}

Tensor& Tensor::operator*=(const Tensor& x) {
  return update(*this, '*', x.requires_grad(), [&] { return *this * x; });
}

Tensor& Tensor::operator*=(double c) {
  return update(*this, '*', false, [&] { return *this * c; });
}

Tensor& Tensor::operator/=(const Tensor& x) {
  return update(*this, '/', x.requires_grad(), [&] { return *this / x; });
}

Tensor& Tensor::operator/=(double c) {
  return update(*this, '/', false, [&] { return *this / c; });
}

Tensor Tensor::of_rows(const std::vector<Tensor>& rows) {
  require(!rows.empty(), "from", "a list of rows needs a row");
  for (const Tensor& row : rows)
    require(row.shape() == rows[0].shape(), "from",
            "all rows must have the same shape, got {} and {}", rows[0].shape(), row.shape());
  return stack(rows);
}

}  // namespace gradus
