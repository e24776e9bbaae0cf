#include "core/functional.hpp"

#include <algorithm>

#include "core/ops/creation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/layout.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

using OfOne = FunctionRef<Tensor>;
using OfSeveral = FunctionRef<Tensors>;

Shape joined(const Shape& a, const Shape& b) {
  std::vector<int64_t> extents(a.begin(), a.end());
  extents.insert(extents.end(), b.begin(), b.end());
  return Shape(std::span<const int64_t>(extents));
}

bool any_requires_grad(const Tensors& tensors) {
  return std::ranges::any_of(tensors, [](const Tensor& x) { return x.requires_grad(); });
}

void require_result(const char* operation, const Tensor& value) {
  require(value.defined(), operation, "f must return a tensor, got an undefined one");
}

// v must be a direction of `of`.
void require_like(const char* operation, const char* what, const Tensor& v, const Tensor& of) {
  require(v.shape() == of.shape() && v.dtype() == of.dtype(), operation,
          "v must have the shape and type of {}: v {} {}, {} {} {}", what, v.shape(),
          to_string(v.dtype()), what, of.shape(), to_string(of.dtype()));
}

void require_like(const char* operation, const Tensors& v, const Tensors& x) {
  require(v.size() == x.size(), operation, "one v per input is needed, got {} for {}", v.size(),
          x.size());
  for (std::size_t i = 0; i < x.size(); ++i) require_like(operation, "x", v[i], x[i]);
}

// f at x, recorded whatever the mode of the caller.
class PointOfFunction {
 public:
  PointOfFunction(const char* operation, const OfSeveral& f, const Tensors& x)
      : is_recording_(grad_enabled()), mode_(true) {
    require(!x.empty(), operation, "at least one x is needed");
    for (const Tensor& input : x) {
      require(is_floating(input.dtype()), operation, "x must be f32 or f64, got {}",
              to_string(input.dtype()));
      // Passes backward stop at these fresh operations: they neither visit nor free the graph that
      // x comes from.
      inputs_.push_back(detail::recorded_alias(
          input.requires_grad() ? input : input.detach().set_requires_grad()));
    }
    value_ = f(inputs_);
    require_result(operation, value_);
    require(is_floating(value_.dtype()), operation, "f must return f32 or f64, got {}",
            to_string(value_.dtype()));
    is_differentiable_ = any_requires_grad(x) || detail::depends_on_others(value_, inputs_);
  }

  const Tensors& inputs() const { return inputs_; }
  const Tensor& value() const { return value_; }

  // Whether derivatives are recorded that also depend on `vectors`.
  bool records(const Tensors& vectors) const {
    return is_recording_ && (is_differentiable_ || any_requires_grad(vectors));
  }

  // vᵀ·∂f/∂x for each input.
  Tensors pull(const Tensor& v, bool create_graph) const {
    Tensors products(inputs_.size());
    if (value_.requires_grad())
      products = grad({value_}, inputs_,
                      {.grad_outputs = {v},
                       .create_graph = create_graph,
                       .retain_graph = true,
                       .allow_unused = true});
    for (std::size_t i = 0; i < products.size(); ++i)
      if (!products[i].defined()) products[i] = zeros_like(inputs_[i]);
    return products;
  }
  Tensors pull(const Tensor& v) const { return pull(v, records({v})); }

 private:
  bool is_recording_, is_differentiable_ = false;
  GradMode mode_;
  Tensors inputs_;
  Tensor value_;
};

Tensors jacobians(const char* operation, const OfSeveral& f, const Tensors& x) {
  const PointOfFunction at(operation, f, x);
  const Tensor& y = at.value();
  std::vector<Tensors> rows(x.size());
  for (int64_t i = 0; i < y.numel(); ++i) {
    const Tensor unit =
        one_hot(Tensor::full({}, static_cast<double>(i), DType::i64), y.numel(), y.dtype());
    const Tensors row = at.pull(reshape(unit, y.shape()));
    for (std::size_t j = 0; j < x.size(); ++j) rows[j].push_back(row[j]);
  }
  Tensors result;
  for (std::size_t j = 0; j < x.size(); ++j) {
    const Shape shape = joined(y.shape(), x[j].shape());
    result.push_back(rows[j].empty() ? Tensor::zeros(shape, x[j].dtype())
                                     : reshape(stack(rows[j]), shape));
  }
  return result;
}

Tensors gradients(const char* operation, const OfSeveral& f, const Tensors& x) {
  const PointOfFunction at(operation, f, x);
  require(at.value().numel() == 1, operation, "f must return one element, got {}",
          at.value().shape());
  return at.pull(ones_like(at.value()));
}

// The slices of x along dimension `dim`, which they lack. Halves of halves: the gradient of each
// part is placed into zeros of the size of the whole, which for all slices at once would take
// quadratic time.
void append_slices(const Tensor& x, int dim, Tensors& slices) {
  const int64_t extent = x.size(dim);
  if (extent == 1) {
    slices.push_back(squeeze(x, dim));
    return;
  }
  for (const Tensor& half : split(x, {extent / 2, extent - extent / 2}, dim))
    append_slices(half, dim, slices);
}

}  // namespace

Tensors jacobian(const OfSeveral& f, const Tensors& x) {
  return jacobians("jacobian", f, x);
}

std::vector<Tensors> hessian(const OfSeveral& f, const Tensors& x) {
  std::vector<Tensors> rows;
  for (std::size_t i = 0; i < x.size(); ++i)
    rows.push_back(jacobians(
        "hessian", [&](const Tensors& point) { return gradients("hessian", f, point)[i]; }, x));
  return rows;
}

Tensors hvp(const OfSeveral& f, const Tensors& x, const Tensors& v) {
  require_like("hvp", v, x);
  const auto slope = [&](const Tensors& point) {
    const Tensors g = gradients("hvp", f, point);
    Tensor total = sum(g[0] * v[0]);
    for (std::size_t i = 1; i < g.size(); ++i) total = total + sum(g[i] * v[i]);
    return total;
  };
  return gradients("hvp", slope, x);
}

Tensor jvp(const OfSeveral& f, const Tensors& x, const Tensors& v) {
  require_like("jvp", v, x);
  const PointOfFunction at("jvp", f, x);
  const Tensor& y = at.value();
  const Tensor u = detail::recorded_alias(zeros_like(y).set_requires_grad());
  Tensors products, directions;
  const Tensors pulled = at.pull(u, true);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!pulled[i].requires_grad()) continue;
    products.push_back(pulled[i]);
    directions.push_back(v[i]);
  }
  const Tensor result =
      grad(products, {u},
           {.grad_outputs = directions, .create_graph = at.records(v), .allow_unused = true})[0];
  return result.defined() ? result : zeros_like(y);
}

Tensors vjp(const OfSeveral& f, const Tensors& x, const Tensor& v) {
  const PointOfFunction at("vjp", f, x);
  require_like("vjp", "f(x)", v, at.value());
  return at.pull(v);
}

// The functions of one tensor.

static auto of_several(const OfOne& f) {
  return [&f](const Tensors& x) { return f(x[0]); };
}

Tensor jacobian(const OfOne& f, const Tensor& x) {
  return jacobian(of_several(f), Tensors{x})[0];
}

Tensor hessian(const OfOne& f, const Tensor& x) {
  return hessian(of_several(f), Tensors{x})[0][0];
}

Tensor hvp(const OfOne& f, const Tensor& x, const Tensor& v) {
  return hvp(of_several(f), Tensors{x}, Tensors{v})[0];
}

Tensor jvp(const OfOne& f, const Tensor& x, const Tensor& v) {
  return jvp(of_several(f), Tensors{x}, Tensors{v});
}

Tensor vjp(const OfOne& f, const Tensor& x, const Tensor& v) {
  return vjp(of_several(f), Tensors{x}, v)[0];
}

Function vmap(Function f, std::vector<std::optional<int>> in_dims, int out_dim) {
  return [f = std::move(f), in_dims = std::move(in_dims), out_dim](const Tensors& arguments) {
    require(in_dims.empty() || in_dims.size() == arguments.size(), "vmap",
            "one dimension per argument is needed, got {} for {}", in_dims.size(),
            arguments.size());
    std::vector<Tensors> slices(arguments.size());
    std::optional<std::size_t> first;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::optional<int> listed = in_dims.empty() ? 0 : in_dims[i];
      if (!listed) continue;
      const int dim = arguments[i].shape().index(*listed, "vmap");
      require(arguments[i].size(dim) > 0, "vmap",
              "argument {} must have a slice, got extent 0 in dimension {} of {}", i, dim,
              arguments[i].shape());
      append_slices(arguments[i], dim, slices[i]);
      if (!first) first = i;
      require(slices[i].size() == slices[*first].size(), "vmap",
              "arguments must have the same number of slices: {} of argument {}, {} of argument {}",
              slices[*first].size(), *first, slices[i].size(), i);
    }
    require(first.has_value(), "vmap", "at least one argument must have a dimension to map");
    Tensors results;
    for (std::size_t n = 0; n < slices[*first].size(); ++n) {
      Tensors point;
      for (std::size_t i = 0; i < arguments.size(); ++i)
        point.push_back(slices[i].empty() ? arguments[i] : slices[i][n]);
      results.push_back(f(point));
      require_result("vmap", results.back());
      require(results[n].shape() == results[0].shape(), "vmap",
              "results of f must have the same shape: {} for slice 0, {} for slice {}",
              results[0].shape(), results[n].shape(), n);
    }
    return stack(results, out_dim);
  };
}

std::function<Tensor(const Tensor&)> vmap(std::function<Tensor(const Tensor&)> f, int in_dim,
                                          int out_dim) {
  const Function mapped =
      vmap([f = std::move(f)](const Tensors& x) { return f(x[0]); }, {in_dim}, out_dim);
  return [mapped](const Tensor& x) { return mapped({x}); };
}

}  // namespace gradus
