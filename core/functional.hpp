// jacobian, hessian, hvp, jvp, vjp, vmap: derivatives of functions, and functions of batches; names
// and shapes are those of torch.func.
//
// A function takes a Tensor, or several (Tensors), and returns a Tensor. The tensors at which it is
// differentiated needn't require a gradient and don't change. A result that the function doesn't
// depend on is zero. Results can be differentiated again, by what requires a gradient: the tensors
// passed, and those that the function uses itself, such as the parameters of a module; under NoGrad
// they are values only. Errors: std::invalid_argument, also for tensors other than f32 and f64.
#pragma once

#include "core/autograd.hpp"

namespace gradus {

/// A function as an argument: anything that can be called with an Argument and returns a Tensor. It
/// refers to what it was made from, so that a module isn't copied.
template <class Argument>
class FunctionRef {
 public:
  /// From a lambda, function, std::function or module.
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, FunctionRef> &&
           std::is_invocable_r_v<Tensor, F&, const Argument&>) FunctionRef(F&& function)
      : call_(std::ref(function)) {}
  /// Calls the function.
  Tensor operator()(const Argument& argument) const { return call_(argument); }

 private:
  std::function<Tensor(const Argument&)> call_;
};

/// ∂f/∂x with the shape f(x).shape + x.shape; the gradient of a function whose result is a scalar.
/// One pass backward for each element of f(x).
Tensor jacobian(const FunctionRef<Tensor>& f, const Tensor& x);
/// The same for each of several inputs.
Tensors jacobian(const FunctionRef<Tensors>& f, const Tensors& x);

/// ∂²f/∂x∂x with the shape x.shape + x.shape. One pass backward for each element of x. Throws
/// unless f(x) has one element.
Tensor hessian(const FunctionRef<Tensor>& f, const Tensor& x);
/// ∂²f/∂xᵢ∂xⱼ at [i][j], with the shape xᵢ.shape + xⱼ.shape.
std::vector<Tensors> hessian(const FunctionRef<Tensors>& f, const Tensors& x);

/// The product of the Hessian with v, Σⱼ ∂²f/∂x∂xⱼ·vⱼ, with the shape of x; without the Hessian, by
/// two passes backward (Pearlmutter 1994). Throws unless f(x) has one element and v the shape and
/// type of x.
Tensor hvp(const FunctionRef<Tensor>& f, const Tensor& x, const Tensor& v);
/// The same for several inputs and one v for each.
Tensors hvp(const FunctionRef<Tensors>& f, const Tensors& x, const Tensors& v);

/// The product of the Jacobian with v, Σⱼ ∂f/∂xⱼ·vⱼ: the derivative of f in the direction v, with
/// the shape of f(x). By two passes backward, since the product of v with the Jacobian is linear in
/// v. Throws unless v has the shape and type of x.
Tensor jvp(const FunctionRef<Tensor>& f, const Tensor& x, const Tensor& v);
/// The same for several inputs and one v for each.
Tensor jvp(const FunctionRef<Tensors>& f, const Tensors& x, const Tensors& v);

/// The product of v with the Jacobian, Σᵢ vᵢ·∂fᵢ/∂x, with the shape of x; by one pass backward.
/// Throws unless v has the shape and type of f(x).
Tensor vjp(const FunctionRef<Tensor>& f, const Tensor& x, const Tensor& v);
/// The same for each of several inputs.
Tensors vjp(const FunctionRef<Tensors>& f, const Tensors& x, const Tensor& v);

/// A function that calls f with each slice of its argument along dimension `in_dim`, and stacks the
/// results along a new dimension `out_dim`. A negative dimension counts from the end. It is a loop:
/// f is called once for each slice, and the time is that of these calls. All of it is one graph, so
/// that vmap and derivatives can be nested: gradients of each sample are
///
///     vmap([&](const Tensor& x) { return jacobian(loss, x); })(batch)
///
/// The function keeps a copy of f; pass a module as std::ref(module). It throws for no slices,
/// since only a result of f has its shape, and for results of different shapes.
std::function<Tensor(const Tensor&)> vmap(std::function<Tensor(const Tensor&)> f, int in_dim = 0,
                                          int out_dim = 0);
/// The same for several arguments with a dimension for each; empty for one that every call gets as
/// a whole: vmap(f, {std::nullopt, 0}). No dimensions: 0 of every argument. The function throws
/// unless the dimensions have the same extent, and there is one.
Function vmap(Function f, std::vector<std::optional<int>> in_dims = {}, int out_dim = 0);

}  // namespace gradus
