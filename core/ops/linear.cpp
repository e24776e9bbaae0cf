#include "core/ops/linear.hpp"

#include "core/autograd.hpp"
#include "core/kernels/gemm/gemm.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

using detail::leading;
using kernels::Matrix;

// A batch of products: a (B, m, k) or transposed (B, k, m), b (B, k, n) or (B, n, k) → (B, m, n).
Tensor batched_product(const Tensor& a, const Tensor& b, Transpose transpose) {
  const int64_t batch = a.size(0), m = a.size(transpose.a ? 2 : 1), k = a.size(transpose.a ? 1 : 2);
  const int64_t n = b.size(transpose.b ? 1 : 2);
  Tensor y = Tensor::empty({batch, m, n}, a.dtype());
  dispatch_floating("matmul", a.dtype(), [&]<class T>(T) {
    const T *from_a = a.data<T>(), *from_b = b.data<T>();
    T* to = y.mutable_data<T>();
    // If there are many small products, each thread computes whole products.
    parallel_for(batch, std::max<int64_t>(1, (1 << 18) / std::max<int64_t>(1, m * n * k)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t i = begin; i < end; ++i)
                     kernels::gemm(m, n, k, Matrix<T>{from_a + i * m * k, a.size(2), transpose.a},
                                   Matrix<T>{from_b + i * k * n, b.size(2), transpose.b},
                                   kernels::Update::replace, to + i * m * n, n);
                 });
  });
  return record("matmul", {a, b}, y, [a = save(a), b = save(b), transpose](const Tensor& g) {
    const auto [ta, tb] = transpose;
    Tensor by_a, by_b;
    if (a.requires_grad())
      by_a = ta ? batched_product(b, g, {tb, true}) : batched_product(g, b, {false, !tb});
    if (b.requires_grad())
      by_b = tb ? batched_product(g, a, {true, ta}) : batched_product(a, g, {!ta, false});
    return Tensors{by_a, by_b};
  });
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b, Transpose transpose) {
  const OperationScope scope("matmul");
  require(a.rank() > 0 && b.rank() > 0, "matmul", "needs vectors or matrices, got {} and {}",
          a.shape(), b.shape());
  require(a.dtype() == b.dtype(), "matmul", "both operands must have the same type, got {} and {}",
          to_string(a.dtype()), to_string(b.dtype()));
  const bool row = a.rank() == 1, column = b.rank() == 1;
  const Tensor left = row ? reshape(a, a.shape().inserted(transpose.a ? 1 : 0, 1)) : a;
  const Tensor right = column ? reshape(b, b.shape().inserted(transpose.b ? 0 : 1, 1)) : b;
  const int64_t m = left.size(transpose.a ? -1 : -2), k = left.size(transpose.a ? -2 : -1);
  const int64_t inner = right.size(transpose.b ? -1 : -2), n = right.size(transpose.b ? -2 : -1);
  require(k == inner, "matmul", "inner extents must be equal, got {} and {}: {}{} by {}{}", k,
          inner, a.shape(), transpose.a ? " transposed" : "", b.shape(),
          transpose.b ? " transposed" : "");

  const Shape batch = broadcast("matmul", leading(left.shape()), leading(right.shape()));
  const auto spread = [&](const Tensor& x) {
    const Shape matrix{x.size(-2), x.size(-1)};
    Shape full = batch;
    for (int64_t extent : matrix) full = full.inserted(full.rank(), extent);
    return reshape(x.shape() == full ? x : expand(x, full), {batch.numel(), matrix[0], matrix[1]});
  };
  // A single matrix on the right: all rows of the batch on the left form one product.
  const bool fold = right.rank() == 2 && !transpose.a;
  const Tensor y = fold ? batched_product(reshape(left, {1, batch.numel() * m, k}),
                                          reshape(right, right.shape().inserted(0, 1)), transpose)
                        : batched_product(spread(left), spread(right), transpose);
  Shape shape = batch;
  if (!row) shape = shape.inserted(shape.rank(), m);
  if (!column) shape = shape.inserted(shape.rank(), n);
  return reshape(y, shape);
}

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  require(x.rank() > 0 && weight.rank() == 2 && x.size(-1) == weight.size(1), "linear",
          "input must be (…, in) and weight (out, in), got {} and {}", x.shape(), weight.shape());
  const int64_t in = weight.size(1), out = weight.size(0);
  require(!bias.defined() || bias.shape() == Shape{out}, "linear", "bias must be ({}), got {}", out,
          bias.defined() ? bias.shape() : Shape{});
  require(x.dtype() == weight.dtype() && (!bias.defined() || bias.dtype() == weight.dtype()),
          "linear", "all types must be equal: input {}, weight {}{}", to_string(x.dtype()),
          to_string(weight.dtype()),
          bias.defined() ? fmt::format(", bias {}", to_string(bias.dtype())) : "");
  if (x.rank() != 2)
    return reshape(linear(reshape(x, {x.numel() / std::max<int64_t>(in, 1), in}), weight, bias),
                   x.shape().with(-1, out));

  const int64_t rows = x.size(0);
  Tensor y = Tensor::empty({rows, out}, x.dtype());
  dispatch_floating("linear", x.dtype(), [&]<class T>(T) {
    const T* added = detail::data_or_null<T>(bias);
    T* to = y.mutable_data<T>();
    kernels::gemm(rows, out, in, Matrix<T>{x.data<T>(), in}, Matrix<T>{weight.data<T>(), in, true},
                  kernels::Update::replace, to, out,
                  [&](int64_t row, int64_t count, int64_t column, int64_t width) {
                    if (!added) return;
                    for (int64_t i = row; i < row + count; ++i)
                      for (int64_t j = column; j < column + width; ++j) to[i * out + j] += added[j];
                  });
  });
  return record("linear", {x, weight, bias}, y,
                [x = save(x), weight = save(weight)](const Tensor& g) {
                  return Tensors{x.requires_grad() ? matmul(g, weight) : Tensor(),
                                 weight.requires_grad() ? matmul(g, x, {.a = true}) : Tensor(), g};
                });
}

}  // namespace gradus
