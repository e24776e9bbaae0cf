#include "core/ops/reduce.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/autograd.hpp"
#include "core/kernels/reduce.hpp"
#include "core/kernels/softmax.hpp"
#include "core/ops/detail/map.hpp"
#include "core/ops/detail/window.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/shape.hpp"

namespace gradus {

// Sums over dimensions first … last-1 and removes them.
static Tensor sum_dims(const Tensor& x, int first, int last) {
  int64_t outer = 1, n = 1, inner = 1;
  Shape kept;
  for (int dim = 0; dim < x.rank(); ++dim) {
    (dim < first ? outer : dim < last ? n : inner) *= x.size(dim);
    if (dim < first || dim >= last) kept = kept.inserted(kept.rank(), x.size(dim));
  }
  Tensor y = Tensor::empty(kept, x.dtype());
  dispatch_numbers("sum", x.dtype(), [&]<class T>(T) {
    kernels::sum(outer, n, inner, x.data<T>(), y.mutable_data<T>());
  });
  return y;
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  require(shape.rank() <= x.rank() && broadcast("sum_to", x.shape(), shape) == x.shape(), "sum_to",
          "the shape must broadcast to that of x: {} and {}", shape, x.shape());
  // Ranges of repeated dimensions, from the last to the first, so that earlier positions stay
  // valid.
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

namespace {

// The shapes after a reduction: with the reduced dimensions as extent 1, and without them.
struct Reduced {
  Reduced(const char* operation, const Shape& shape, const Dims& dims) : kept(shape) {
    std::array<bool, Shape::max_rank> gone{};
    for (int dim : dims) {
      const int at = shape.index(dim, operation);
      require(!gone[at], operation, "dimensions must differ: {} is listed twice", at);
      gone[at] = true;
    }
    if (dims.empty()) gone.fill(true);
    for (int dim = 0; dim < shape.rank(); ++dim) {
      if (gone[dim]) {
        count *= shape[dim];
        kept = kept.with(dim, 1);
      } else {
        dropped = dropped.inserted(dropped.rank(), shape[dim]);
        order.push_back(dim);
      }
    }
    for (int dim = 0; dim < shape.rank(); ++dim)
      if (gone[dim]) order.push_back(dim);
  }
  Tensor finish(const Tensor& y, bool keepdim) const { return keepdim ? y : reshape(y, dropped); }

  Shape kept, dropped;
  int64_t count = 1;       // elements per result
  std::vector<int> order;  // the dimensions that stay, then the reduced ones
};

}  // namespace

Tensor sum(const Tensor& x, const Dims& dims, bool keepdim) {
  const OperationScope scope("sum");
  if (x.dtype() == DType::boolean) return sum(cast(x, DType::i64), dims, keepdim);
  const Reduced reduced("sum", x.shape(), dims);
  return reduced.finish(sum_to(x, reduced.kept), keepdim);
}

Tensor mean(const Tensor& x, const Dims& dims, bool keepdim) {
  const OperationScope scope("mean");
  require(is_floating(x.dtype()), "mean", "needs f32 or f64, got {}", to_string(x.dtype()));
  const Reduced reduced("mean", x.shape(), dims);
  require(reduced.count > 0, "mean", "at least one element is needed, got {}", x.shape());
  return reduced.finish(sum_to(x, reduced.kept) / static_cast<double>(reduced.count), keepdim);
}

// Checks the arguments in the name of `operation`.
static Tensor variance(const char* operation, const Tensor& x, const Dims& dims, bool keepdim,
                       bool unbiased) {
  const Reduced reduced(operation, x.shape(), dims);
  require(reduced.count > 0, operation, "at least one element is needed, got {}", x.shape());
  require(!unbiased || reduced.count > 1, operation,
          "at least two elements are needed if unbiased, got one of {}", x.shape());
  const double count = static_cast<double>(reduced.count);
  const Tensor mean = sum_to(x, reduced.kept) / count;
  return reduced.finish(sum_to(square(x - mean), reduced.kept) / (unbiased ? count - 1 : count),
                        keepdim);
}

Tensor var(const Tensor& x, const Dims& dims, bool keepdim, bool unbiased) {
  const OperationScope scope("var");
  // The differences from the mean would lose digits in f32.
  if (x.dtype() == DType::f32)
    return cast(var(cast(x, DType::f64), dims, keepdim, unbiased), DType::f32);
  return variance("var", x, dims, keepdim, unbiased);
}

Tensor std(const Tensor& x, const Dims& dims, bool keepdim, bool unbiased) {
  const OperationScope scope("std");
  if (x.dtype() == DType::f32)
    return cast(gradus::std(cast(x, DType::f64), dims, keepdim, unbiased), DType::f32);
  const Tensor squared = variance("std", x, dims, keepdim, unbiased);
  return record("std", {squared}, detail::map("std", squared, [](auto v) { return std::sqrt(v); }),
                [](const Tensor& g, const Tensor& y) {
                  const Tensor positive = step(y);
                  return g * positive / (y + y + (1 - positive));
                });
}

Tensor prod(const Tensor& x, const Dims& dims, bool keepdim) {
  const OperationScope scope("prod");
  require(x.dtype() != DType::boolean, "prod", "needs f32, f64 or i64, got bool");
  const Reduced reduced("prod", x.shape(), dims);
  // Parts of a product may overflow or underflow in f32 where the whole doesn't.
  if (x.dtype() == DType::f32) return cast(prod(cast(x, DType::f64), dims, keepdim), DType::f32);
  if (reduced.count == 0) return sum(x, dims, keepdim) + 1;
  std::vector<int> order = reduced.order;
  std::rotate(order.begin(), order.begin() + reduced.dropped.rank(), order.end());
  // Pairs of factors are multiplied until one is left; the derivative of a product of two has no
  // quotient. `rest` has the last factors of odd numbers.
  Tensor y = reshape(permute(x, order), {reduced.count, reduced.dropped.numel()}), rest;
  for (int64_t n = reduced.count; n > 1; n /= 2) {
    if (n % 2) {
      const Tensor last = row_view(y, n - 1, 1);
      rest = rest.defined() ? rest * last : last;
    }
    y = row_view(y, 0, n / 2) * row_view(y, n / 2, n / 2);
  }
  return reduced.finish(reshape(rest.defined() ? y * rest : y, reduced.kept), keepdim);
}

using ArgExtreme = Tensor (*)(const Tensor& x, int dim, bool keepdim);

// The elements at argmax or argmin, not recorded, with the reduced dimensions kept.
static Tensor at_extremes(const char* operation, ArgExtreme extreme, const Tensor& x,
                          const Reduced& reduced) {
  require(reduced.count > 0, operation, "at least one element is needed, got {}", x.shape());
  const NoGrad no_grad;
  const Tensor rows = reshape(permute(x, reduced.order), {reduced.dropped.numel(), reduced.count});
  return reshape(gather(rows, 1, extreme(rows, 1, true)), reduced.kept);
}

static Tensor amax_or_amin(const char* operation, ArgExtreme extreme, const Tensor& x,
                           const Dims& dims, bool keepdim) {
  const OperationScope scope(operation);
  const Reduced reduced(operation, x.shape(), dims);
  const Tensor y = record(operation, {x}, at_extremes(operation, extreme, x, reduced),
                          [x = save(x)](const Tensor& g, const Tensor& result) {
                            const Tensor equal = cast(eq(x, result), g.dtype());
                            return g * (equal / sum_to(equal, result.shape()));
                          });
  return reduced.finish(y, keepdim);
}

Tensor amax(const Tensor& x, const Dims& dims, bool keepdim) {
  return amax_or_amin("amax", argmax, x, dims, keepdim);
}

Tensor amin(const Tensor& x, const Dims& dims, bool keepdim) {
  return amax_or_amin("amin", argmin, x, dims, keepdim);
}

// Whether a row of the mask has an element equal to `wanted`.
static Tensor has(const char* operation, const Tensor& mask, bool wanted, const Dims& dims,
                  bool keepdim) {
  require(mask.dtype() == DType::boolean, operation, "needs bool, got {}: compare, as in x != 0",
          to_string(mask.dtype()));
  const Reduced reduced(operation, mask.shape(), dims);
  const Tensor rows = permute(mask, reduced.order);
  const bool* from = rows.data<bool>();
  Tensor y = Tensor::empty(reduced.kept, DType::boolean);
  bool* to = y.mutable_data<bool>();
  for (int64_t row = 0; row < y.numel(); ++row, from += reduced.count)
    to[row] = std::find(from, from + reduced.count, wanted) != from + reduced.count;
  return reduced.finish(y, keepdim);
}

Tensor any(const Tensor& mask, const Dims& dims, bool keepdim) {
  return has("any", mask, true, dims, keepdim);
}

Tensor all(const Tensor& mask, const Dims& dims, bool keepdim) {
  return !has("all", mask, false, dims, keepdim);
}

Tensor logsumexp(const Tensor& x, const Dims& dims, bool keepdim) {
  const OperationScope scope("logsumexp");
  const Reduced reduced("logsumexp", x.shape(), dims);
  const Tensor value = no_grad([&] {
    const Tensor shift = detail::map("logsumexp", at_extremes("logsumexp", argmax, x, reduced),
                                     [](auto v) { return std::isfinite(v) ? v : 0; });
    return log(sum_to(exp(x - shift), reduced.kept)) + shift;
  });
  const Tensor y =
      record("logsumexp", {x}, value, [x = save(x)](const Tensor& g, const Tensor& result) {
        // A row of −∞ alone has derivatives 0.
        const Tensor any = result != -std::numeric_limits<double>::infinity();
        return g * exp(x - where(any, result, 0));
      });
  return reduced.finish(y, keepdim);
}

namespace {

Tensor sum_of_powers(const Tensor& x, double p, const Shape& kept) {
  return p == 2 ? sum_to(square(x), kept) : sum_to(pow(abs(x), p), kept);
}

Tensor norm_of(const Tensor& x, double p, const Reduced& reduced) {
  const NoGrad no_grad;
  const auto root = [p](const Tensor& sums) { return p == 2 ? sqrt(sums) : pow(sums, 1 / p); };
  const Tensor sums = sum_of_powers(x, p, reduced.kept);
  const Tensor exact = detail::condition("norm", sums, []<class T>(T v) {
    // Below this, some powers may have underflowed.
    constexpr T least = std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon() /
                        std::numeric_limits<T>::epsilon();
    return v >= least && std::isfinite(v);
  });
  if (reduced.count == 0 || all(exact).item() != 0) return root(sums);
  const Tensor scale =
      detail::map("norm", at_extremes("norm", argmax, abs(x), reduced),
                  [](auto v) { return v > 0 && std::isfinite(v) ? v : decltype(v){1}; });
  return where(exact, root(sums), root(sum_of_powers(x / scale, p, reduced.kept)) * scale);
}

// sign(x)·|x|^(p − 1), 0 at 0.
Tensor norm_direction(const Tensor& x, double p) {
  if (p == 2) return x;
  const Tensor side = sign(x);
  return side * pow(abs(x) + (1 - square(side)), p - 1);
}

}  // namespace

Tensor norm(const Tensor& x, double p, const Dims& dims, bool keepdim) {
  const OperationScope scope("norm");
  require(p >= 0, "norm", "p must be 0 or more, got {}", p);
  const Reduced reduced("norm", x.shape(), dims);
  require(std::isfinite(p) || reduced.count > 0, "norm", "at least one element is needed, got {}",
          x.shape());
  if (std::isinf(p)) return amax(abs(x), dims, keepdim);
  if (p == 0) return sum(square(sign(x)), dims, keepdim);
  if (p == 1) return sum(abs(x), dims, keepdim);
  const Tensor y = record("norm", {x}, norm_of(x, p, reduced),
                          [x = save(x), p](const Tensor& g, const Tensor& result) {
                            const Tensor divisor = result + (1 - step(result));
                            return g * norm_direction(x, p) / pow(divisor, p - 1);
                          });
  return reduced.finish(y, keepdim);
}

static Tensor arg_extreme(const char* operation, bool smallest, const Tensor& x, int dim,
                          bool keepdim) {
  dim = x.shape().index(dim, operation);
  require(x.size(dim) > 0, operation, "at least one element is needed, got {}", x.shape());
  const Axis axis(x.shape(), dim);
  Tensor at = Tensor::empty(keepdim ? x.shape().with(dim, 1) : x.shape().without(dim), DType::i64);
  dispatch_numbers(operation, x.dtype(), [&]<class T>(T) {
    kernels::arg_extreme(axis.outer, axis.extent, axis.inner, smallest, x.data<T>(),
                         at.mutable_data<int64_t>());
  });
  return at;
}

Tensor argmax(const Tensor& x, int dim, bool keepdim) {
  return arg_extreme("argmax", false, x, dim, keepdim);
}

Tensor argmin(const Tensor& x, int dim, bool keepdim) {
  return arg_extreme("argmin", true, x, dim, keepdim);
}

// Calls kernel(rows, n, pointers to the tensors …, pointer to a new tensor) and returns the new
// tensor.
template <class Kernel, class... Rest>
static Tensor by_rows(const char* operation, Kernel kernel, const Tensor& x, const Rest&... rest) {
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  const int64_t n = x.size(-1), rows = n == 0 ? 0 : x.numel() / n;
  dispatch_floating(operation, x.dtype(), [&]<class T>(T) {
    kernel(rows, n, x.data<T>(), rest.template data<T>()..., y.mutable_data<T>());
  });
  return y;
}

Tensor softmax(const Tensor& x, int dim) {
  const OperationScope scope("softmax");
  dim = x.shape().index(dim, "softmax");
  if (dim != x.rank() - 1) return transpose(softmax(transpose(x, dim, -1), -1), dim, -1);
  const auto value = [](auto... arguments) { kernels::softmax(arguments...); };
  return record("softmax", {x}, by_rows("softmax", value, x), [](const Tensor& g, const Tensor& y) {
    if (grad_enabled()) return y * (g - sum(g * y, {-1}, true));
    return by_rows(
        "softmax", [](auto... arguments) { kernels::softmax_gradient(arguments...); }, g, y);
  });
}

Tensor log_softmax(const Tensor& x, int dim) {
  const OperationScope scope("log_softmax");
  dim = x.shape().index(dim, "log_softmax");
  if (dim != x.rank() - 1) return transpose(log_softmax(transpose(x, dim, -1), -1), dim, -1);
  const auto value = [](auto... arguments) { kernels::log_softmax(arguments...); };
  return record("log_softmax", {x}, by_rows("log_softmax", value, x),
                [](const Tensor& g, const Tensor& y) {
                  if (grad_enabled()) return g - exp(y) * sum(g, {-1}, true);
                  return by_rows(
                      "log_softmax",
                      [](auto... arguments) { kernels::log_softmax_gradient(arguments...); }, g, y);
                });
}

static Tensor running_sum(const Tensor& x, int dim, bool backward) {
  const Axis axis(x.shape(), dim);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_numbers("cumsum", x.dtype(), [&]<class T>(T) {
    kernels::cumsum(axis.outer, axis.extent, axis.inner, backward, x.data<T>(),
                    y.mutable_data<T>());
  });
  return record("cumsum", {x}, y,
                [dim, backward](const Tensor& g) { return running_sum(g, dim, !backward); });
}

Tensor cumsum(const Tensor& x, int dim) {
  return running_sum(x, x.shape().index(dim, "cumsum"), false);
}

// y[j] = x[j − 1] along `dim`, or x[j + 1] when `backward`; `fill` where there is none.
static Tensor shifted(const Tensor& x, int dim, bool backward, double fill) {
  const int64_t n = x.size(dim);
  if (n == 0) return x;
  std::vector<int64_t> padding(static_cast<std::size_t>(2 * (x.rank() - dim)));
  padding[padding.size() - (backward ? 1 : 2)] = 1;
  // Not slice(), which refuses the empty range of a single element.
  const auto rest = detail::window_of(x.shape(), dim, backward ? 1 : 0, n - 1);
  return pad(detail::extract("cumprod", x, rest), padding, fill);
}

// y[j] = a[j] + c[j]·y[j − 1] along `dim`, or y[j + 1] when `backward`; `start` where there is
// none. The derivatives are recurrences, too.
static Tensor recurrence(const Tensor& a, const Tensor& c, int dim, bool backward, double start) {
  const Axis axis(c.shape(), dim);
  Tensor y = Tensor::empty(c.shape(), c.dtype());
  dispatch_floating("cumprod", c.dtype(), [&]<class T>(T) {
    kernels::recurrence(axis.outer, axis.extent, axis.inner, backward, start, a.data<T>(),
                        c.data<T>(), y.mutable_data<T>());
  });
  return record(
      "cumprod", {a, c}, y,
      [c = save(c), dim, backward, start](const Tensor& g, const Tensor& result) {
        const Tensor slope = recurrence(g, shifted(c, dim, !backward, 0), dim, !backward, 0);
        return Tensors{
            slope, c.requires_grad() ? slope * shifted(result, dim, backward, start) : Tensor()};
      });
}

Tensor cumprod(const Tensor& x, int dim) {
  const OperationScope scope("cumprod");
  dim = x.shape().index(dim, "cumprod");
  return recurrence(Tensor::zeros(x.shape(), x.dtype()), x, dim, false, 1);
}

}  // namespace gradus
