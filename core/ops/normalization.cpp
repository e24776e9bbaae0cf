#include "core/ops/normalization.hpp"

#include <algorithm>
#include <cmath>

#include "core/autograd.hpp"
#include "core/kernels/normalization.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

using kernels::GroupPlan;

// How values fall into groups, and the shapes that make the composed form broadcast.
struct Grouping {
  GroupPlan plan;
  bool per_element;  ///< weight and bias have one value an element of a row, not one a group
  Shape statistics;  ///< of mean and variance, against x
  Shape affine;      ///< of weight and bias, against x
};

Tensor reciprocal_deviation(const Tensor& variance, double eps) {
  return rsqrt(variance + eps);
}

// (x − mean)/√(variance + ε)·weight + bias in single operations: what the fused form must equal,
// and what its second derivatives come from.
Tensor scale_and_shift(const Tensor& normalized, const Grouping& grouping, const Tensor& weight,
                       const Tensor& bias) {
  Tensor y = normalized;
  if (weight) y = y * reshape(weight, grouping.affine);
  if (bias) y = y + reshape(bias, grouping.affine);
  return y;
}

Tensor composed(const Tensor& x, const Grouping& grouping, const Tensor& weight, const Tensor& bias,
                double eps) {
  const double n = static_cast<double>(grouping.plan.group_size());
  const Tensor centred = x - sum_to(x, grouping.statistics) / n;
  const Tensor variance = sum_to(square(centred), grouping.statistics) / n;
  return scale_and_shift(centred * reciprocal_deviation(variance, eps), grouping, weight, bias);
}

template <class T>
const T* data_or_null(const Tensor& tensor) {
  return tensor ? tensor.data<T>() : nullptr;
}

Tensor apply(const Tensor& x, const Grouping& grouping, const Tensor& mean, const Tensor& rstd,
             const Tensor& weight, const Tensor& bias) {
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating("normalize", x.dtype(), [&]<class T>(T) {
    kernels::normalize(grouping.plan, grouping.per_element, x.data<T>(), mean.data<T>(),
                       rstd.data<T>(), data_or_null<T>(weight), data_or_null<T>(bias),
                       y.mutable_data<T>());
  });
  return y;
}

Tensors fused_gradients(const Tensor& g, const Tensor& x, const Grouping& grouping,
                        const Tensor& mean, const Tensor& rstd, const Tensor& weight,
                        const Tensor& bias) {
  const auto like = [](const Tensor& tensor) {
    return tensor.requires_grad() ? Tensor::empty(tensor.shape(), tensor.dtype()) : Tensor();
  };
  Tensors result{like(x), like(weight), like(bias)};
  dispatch_floating("normalize", x.dtype(), [&]<class T>(T) {
    const auto target = [&](std::size_t i) {
      return result[i] ? result[i].mutable_data<T>() : nullptr;
    };
    kernels::normalize_gradient(grouping.plan, grouping.per_element, g.data<T>(), x.data<T>(),
                                mean.data<T>(), rstd.data<T>(), data_or_null<T>(weight), target(0),
                                target(1), target(2));
  });
  return result;
}

struct Moments {
  Tensor mean, variance;
};

Moments moments(const Tensor& x, const GroupPlan& plan) {
  Moments result{Tensor::empty({plan.groups}, x.dtype()), Tensor::empty({plan.groups}, x.dtype())};
  dispatch_floating("normalize", x.dtype(), [&]<class T>(T) {
    kernels::moments(plan, x.data<T>(), result.mean.mutable_data<T>(),
                     result.variance.mutable_data<T>());
  });
  return result;
}

Tensor normalize(const char* operation, const Tensor& x, const Grouping& grouping,
                 const Moments& own, const Tensor& weight, const Tensor& bias, double eps) {
  const Tensor rstd =
      no_grad([&, variance = own.variance] { return reciprocal_deviation(variance, eps); });
  return record(operation, {x, weight, bias}, apply(x, grouping, own.mean, rstd, weight, bias),
                [x = save(x), weight = save(weight), bias = save(bias), mean = own.mean, rstd,
                 grouping, eps](const Tensor& g) {
                  if (!grad_enabled())
                    return fused_gradients(g, x, grouping, mean, rstd, weight, bias);
                  return composed_gradients(
                      [&](const Tensors& t) { return composed(t[0], grouping, t[1], t[2], eps); },
                      {x, weight, bias}, g);
                });
}

void check_eps(const char* operation, double eps) {
  require(eps > 0 && std::isfinite(eps), operation, "eps is positive, got {}", eps);
}

void check_like(const char* operation, const char* name, const Tensor& tensor, const Tensor& x,
                const Shape& shape) {
  if (!tensor) return;
  require(tensor.shape() == shape, operation, "{} {} isn't {}: input {}", name, tensor.shape(),
          shape, x.shape());
  require(tensor.dtype() == x.dtype(), operation, "{} is {}, input {}", name,
          to_string(tensor.dtype()), to_string(x.dtype()));
}

// running ← (1 − momentum)·running + momentum·batch, with the unbiased variance.
void update_running(Tensor& running_mean, Tensor& running_var, const Moments& batch,
                    double momentum, int64_t n) {
  const NoGrad no_grad;
  const double unbiased = static_cast<double>(n) / static_cast<double>(n - 1);
  running_mean.copy_from((1 - momentum) * running_mean + momentum * batch.mean);
  running_var.copy_from((1 - momentum) * running_var + momentum * unbiased * batch.variance);
}

}  // namespace

Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor running_mean,
                  Tensor running_var, const BatchNormOptions& options) {
  require(x.rank() >= 2, "batch_norm", "needs (N, C, …), got {}", x.shape());
  const Shape channels{x.size(1)};
  check_eps("batch_norm", options.eps);
  require(options.momentum >= 0 && options.momentum <= 1, "batch_norm",
          "momentum is 0 to 1, got {}", options.momentum);
  check_like("batch_norm", "weight", weight, x, channels);
  check_like("batch_norm", "bias", bias, x, channels);
  check_like("batch_norm", "running_mean", running_mean, x, channels);
  check_like("batch_norm", "running_var", running_var, x, channels);
  require(running_mean.defined() == running_var.defined(), "batch_norm",
          "running_mean and running_var go together");

  Shape broadcasting{x.size(1)};
  for (int dim = 2; dim < x.rank(); ++dim) broadcasting = broadcasting.inserted(dim - 1, 1);
  const int64_t pixels = x.numel() / std::max<int64_t>(1, x.size(0) * x.size(1));
  const Grouping grouping{{x.size(0), x.size(1), pixels}, false, broadcasting, broadcasting};

  if (options.training) {
    require(grouping.plan.group_size() > 1, "batch_norm",
            "needs more than one value per channel while training: input {}", x.shape());
    const Moments batch = moments(x, grouping.plan);
    if (running_mean)
      update_running(running_mean, running_var, batch, options.momentum,
                     grouping.plan.group_size());
    return normalize("batch_norm", x, grouping, batch, weight, bias, options.eps);
  }
  require(running_mean.defined(), "batch_norm", "needs running statistics to evaluate");
  const Tensor rstd = no_grad([&] { return reciprocal_deviation(running_var, options.eps); });
  if (grad_enabled() && (x.requires_grad() || weight.requires_grad() || bias.requires_grad()))
    return scale_and_shift((x - reshape(running_mean, broadcasting)) * reshape(rstd, broadcasting),
                           grouping, weight, bias);
  return record("batch_norm", {x, weight, bias},
                apply(x, grouping, running_mean, rstd, weight, bias),
                [](const Tensor&) { return Tensors(3); });
}

Tensor layer_norm(const Tensor& x, const Shape& normalized_shape, const Tensor& weight,
                  const Tensor& bias, double eps) {
  check_eps("layer_norm", eps);
  const int kept = x.rank() - normalized_shape.rank();
  require(
      normalized_shape.rank() > 0 && kept >= 0 &&
          std::equal(normalized_shape.begin(), normalized_shape.end(), x.shape().begin() + kept),
      "layer_norm", "normalized_shape {} isn't the end of input {}", normalized_shape, x.shape());
  check_like("layer_norm", "weight", weight, x, normalized_shape);
  check_like("layer_norm", "bias", bias, x, normalized_shape);
  Shape statistics = x.shape();
  for (int dim = kept; dim < x.rank(); ++dim) statistics = statistics.with(dim, 1);
  const int64_t columns = normalized_shape.numel();
  require(columns > 0, "layer_norm", "normalized_shape {} is empty", normalized_shape);
  const Grouping grouping{{1, x.numel() / columns, columns}, true, statistics, normalized_shape};
  return normalize("layer_norm", x, grouping, moments(x, grouping.plan), weight, bias, eps);
}

}  // namespace gradus
