#include "core/ops/norm/normalization.hpp"

#include <cmath>
#include <numeric>

#include "core/autograd.hpp"
#include "core/kernels/norm/normalization.hpp"
#include "core/kernels/norm/pooled_normalization.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

using detail::check_eps;
using detail::check_like;
using detail::data_or_null;
using kernels::GroupPlan;

// How values are divided into groups, with the shapes that the composed form broadcasts.
struct Grouping {
  GroupPlan plan;
  Shape view;        ///< of x; the other two broadcast to it
  Shape statistics;  ///< of mean and variance
  Shape affine;      ///< of weight and bias
};

Tensor reciprocal_deviation(const Tensor& variance, double eps) {
  return rsqrt(variance + eps);
}

// (x − mean)/√(variance + ε)·weight + bias in single operations: the reference for the fused form,
// and the source of its second derivatives.
Tensor scale_and_shift(const Tensor& normalized, const Grouping& grouping, const Tensor& weight,
                       const Tensor& bias) {
  Tensor y = reshape(normalized, grouping.view);
  if (weight.defined()) y = y * reshape(weight, grouping.affine);
  if (bias.defined()) y = y + reshape(bias, grouping.affine);
  return y;
}

Tensor composed(const Tensor& x, const Grouping& grouping, const Tensor& weight, const Tensor& bias,
                double eps) {
  const double n = static_cast<double>(grouping.plan.group_size());
  const Tensor values = reshape(x, grouping.view);
  const Tensor centred =
      grouping.plan.centred ? values - sum_to(values, grouping.statistics) / n : values;
  const Tensor variance = sum_to(square(centred), grouping.statistics) / n;
  return reshape(
      scale_and_shift(centred * reciprocal_deviation(variance, eps), grouping, weight, bias),
      x.shape());
}

Tensor apply(const Tensor& x, const Grouping& grouping, const Tensor& mean, const Tensor& rstd,
             const Tensor& weight, const Tensor& bias) {
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating("normalize", x.dtype(), [&]<class T>(T) {
    kernels::normalize(grouping.plan, x.data<T>(), mean.data<double>(), rstd.data<T>(),
                       data_or_null<T>(weight), data_or_null<T>(bias), y.mutable_data<T>());
  });
  return y;
}

// The required gradients of x, weight and bias; `write` gets them as pointers, null for the others.
template <class Write>
Tensors wanted_gradients(const Tensor& x, const Tensor& weight, const Tensor& bias, Write&& write) {
  const auto like = [](const Tensor& tensor) {
    return tensor.requires_grad() ? Tensor::empty(tensor.shape(), tensor.dtype()) : Tensor();
  };
  Tensors result{like(x), like(weight), like(bias)};
  dispatch_floating("normalize", x.dtype(), [&]<class T>(T) {
    const auto target = [&](std::size_t i) {
      return result[i].defined() ? result[i].mutable_data<T>() : nullptr;
    };
    write(target(0), target(1), target(2));
  });
  return result;
}

struct Moments {
  Tensor mean;  // f64: see kernels::Centre
  Tensor variance;

  Moments(int64_t groups, DType dtype)
      : mean(Tensor::empty({groups}, DType::f64)), variance(Tensor::empty({groups}, dtype)) {}
};

Moments moments(const Tensor& x, const GroupPlan& plan) {
  Moments result(plan.groups, x.dtype());
  dispatch_floating("normalize", x.dtype(), [&]<class T>(T) {
    kernels::moments(plan, x.data<T>(), result.mean.mutable_data<double>(),
                     result.variance.mutable_data<T>());
  });
  return result;
}

// Records y, the normalization of x by its own moments, with its gradient.
Tensor recorded(const char* operation, const Tensor& x, const Grouping& grouping, const Tensor& y,
                const Tensor& mean, const Tensor& rstd, const Tensor& weight, const Tensor& bias,
                double eps) {
  return record(
      operation, {x, weight, bias}, y,
      [x = save(x), weight = save(weight), bias = save(bias), mean, rstd, grouping,
       eps](const Tensor& g) {
        if (grad_enabled())
          return composed_gradients(
              [&](const Tensors& t) { return composed(t[0], grouping, t[1], t[2], eps); },
              {x, weight, bias}, g);
        return wanted_gradients(x, weight, bias, [&]<class T>(T* dx, T* dweight, T* dbias) {
          kernels::normalize_gradient(grouping.plan, g.data<T>(), x->data<T>(), mean.data<double>(),
                                      rstd.data<T>(), data_or_null<T>(weight), dx, dweight, dbias);
        });
      });
}

struct Normalized {
  Tensor y;
  Moments own;
};

Normalized normalize(const char* operation, const Tensor& x, const Grouping& grouping,
                     const Tensor& weight, const Tensor& bias, double eps) {
  const Moments own(grouping.plan.groups, x.dtype());
  const Tensor rstd = Tensor::empty(own.variance.shape(), x.dtype()),
               y = Tensor::empty(x.shape(), x.dtype());
  dispatch_floating(operation, x.dtype(), [&]<class T>(T) {
    const auto target = [](Tensor tensor) { return tensor.mutable_data<T>(); };
    kernels::standardize(grouping.plan, x.data<T>(), static_cast<T>(eps), data_or_null<T>(weight),
                         data_or_null<T>(bias), Tensor(own.mean).mutable_data<double>(),
                         target(own.variance), target(rstd), target(y));
  });
  return {recorded(operation, x, grouping, y, own.mean, rstd, weight, bias, eps), own};
}

// running ← (1 − momentum)·running + momentum·batch, with the unbiased variance of n values.
void update_running(Tensor& running_mean, Tensor& running_var, const Moments& batch,
                    double momentum, int64_t n) {
  const NoGrad no_grad;
  const double unbiased = static_cast<double>(n) / static_cast<double>(n - 1);
  const Tensor mean = cast(batch.mean, running_mean.dtype());
  running_mean.copy_from((1 - momentum) * running_mean + momentum * mean);
  running_var.copy_from((1 - momentum) * running_var + momentum * unbiased * batch.variance);
}

void check_channels(const char* operation, const Tensor& x, const Tensor& weight,
                    const Tensor& bias) {
  require(x.rank() >= 2, operation, "input must be (N, C, …), got {}", x.shape());
  check_like(operation, "weight", weight, {x.size(1)}, x);
  check_like(operation, "bias", bias, {x.size(1)}, x);
}

void check_running(const char* operation, const Tensor& x, const Tensor& running_mean,
                   const Tensor& running_var, double momentum) {
  require(momentum >= 0 && momentum <= 1, operation, "momentum must be 0 to 1, got {}", momentum);
  check_like(operation, "running_mean", running_mean, {x.size(1)}, x);
  check_like(operation, "running_var", running_var, {x.size(1)}, x);
  require(running_mean.defined() == running_var.defined(), operation,
          "running_mean and running_var must both be defined or both undefined");
}

int64_t pixels_of(const Tensor& x) {
  return std::accumulate(x.shape().begin() + 2, x.shape().end(), int64_t{1}, std::multiplies<>());
}

// Statistics of each channel over the batch.
Grouping by_channel(const Tensor& x) {
  const int64_t channels = x.size(1), pixels = pixels_of(x);
  return {{x.size(0), channels, pixels, channels, std::max<int64_t>(1, pixels)},
          {x.size(0), channels, pixels},
          {channels, 1},
          {channels, 1}};
}

// Statistics of each of `count` groups of channels of each sample.
Grouping by_sample(const Tensor& x, int64_t count) {
  const int64_t samples = x.size(0), channels = x.size(1) / count, pixels = pixels_of(x);
  return {{1, samples * count, channels * pixels, count, std::max<int64_t>(1, pixels)},
          {samples, count, channels, pixels},
          {samples, count, 1, 1},
          {count, channels, 1}};
}

// Statistics of each row; the last dimensions of x, `normalized_shape`, are its columns.
Grouping by_row(const char* operation, const Tensor& x, const Shape& normalized_shape) {
  const int kept = x.rank() - normalized_shape.rank();
  require(
      normalized_shape.rank() > 0 && kept >= 0 &&
          std::equal(normalized_shape.begin(), normalized_shape.end(), x.shape().begin() + kept),
      operation, "normalized_shape must be the last dimensions of the input: {} of {}",
      normalized_shape, x.shape());
  const int64_t columns = normalized_shape.numel();
  require(columns > 0, operation, "normalized_shape must have at least one element, got {}",
          normalized_shape);
  const int64_t rows = x.numel() / columns;
  return {{1, rows, columns, 1, 1}, {rows, columns}, {rows, 1}, {columns}};
}

// Statistics that don't depend on x: one affine map per channel.
Tensor normalize_by_running(const char* operation, const Tensor& x, const Tensor& weight,
                            const Tensor& bias, const Tensor& running_mean,
                            const Tensor& running_var, double eps) {
  const Grouping grouping = by_channel(x);
  const Tensor rstd = no_grad([&] { return reciprocal_deviation(running_var, eps); });
  if (grad_enabled() && (x.requires_grad() || weight.requires_grad() || bias.requires_grad())) {
    const Tensor centred = reshape(x, grouping.view) - reshape(running_mean, grouping.affine);
    return reshape(
        scale_and_shift(centred * reshape(rstd, grouping.affine), grouping, weight, bias),
        x.shape());
  }
  return record(operation, {x, weight, bias},
                apply(x, grouping, cast(running_mean, DType::f64), rstd, weight, bias),
                [](const Tensor&) { return Tensors(3); });
}

void check_batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                      const Tensor& running_mean, const Tensor& running_var,
                      const BatchNormOptions& options) {
  check_eps("batch_norm", options.eps);
  check_channels("batch_norm", x, weight, bias);
  check_running("batch_norm", x, running_mean, running_var, options.momentum);
  if (!options.training)
    require(running_mean.defined(), "batch_norm", "evaluation needs running statistics");
  else
    require(x.size(0) * pixels_of(x) > 1, "batch_norm",
            "batch statistics need more than one value per channel, got input {}", x.shape());
}

// Whether windows are 2×2 and adjacent.
bool has_adjacent_pairs(const PoolingOptions& o) {
  const auto is_two = [](int64_t extent) { return extent == 2; };
  return is_two(o.kernel.height) && is_two(o.kernel.width) &&
         (o.stride.height == 0 || is_two(o.stride.height)) &&
         (o.stride.width == 0 || is_two(o.stride.width)) && o.padding == Pair(0) && !o.ceil_mode;
}

// Normalizes the images x by their batch, takes the maxima of windows of 2×2, and records the
// gradient.
Normalized normalize_max_pool(const Tensor& x, const Grouping& grouping, const Tensor& weight,
                              const Tensor& bias, double eps) {
  const kernels::PooledPlan plan{grouping.plan, x.size(3)};
  const Moments own(grouping.plan.groups, x.dtype());
  const Tensor rstd = Tensor::empty(own.variance.shape(), x.dtype()),
               y = Tensor::empty(x.shape().with(2, plan.rows()).with(3, plan.columns()), x.dtype());
  dispatch_floating("batch_norm", x.dtype(), [&]<class T>(T) {
    const auto target = [](Tensor tensor) { return tensor.mutable_data<T>(); };
    kernels::standardize_max_pool(plan, x.data<T>(), static_cast<T>(eps), data_or_null<T>(weight),
                                  data_or_null<T>(bias), Tensor(own.mean).mutable_data<double>(),
                                  target(own.variance), target(rstd), target(y));
  });
  return {record("batch_norm_max_pool2d", {x, weight, bias}, y,
                 [x = save(x), weight = save(weight), bias = save(bias), mean = own.mean, rstd,
                  grouping, plan, eps](const Tensor& g) {
                   if (grad_enabled())
                     return composed_gradients(
                         [&](const Tensors& t) {
                           return max_pool2d(composed(t[0], grouping, t[1], t[2], eps));
                         },
                         {x, weight, bias}, g);
                   return wanted_gradients(
                       x, weight, bias, [&]<class T>(T* dx, T* dweight, T* dbias) {
                         kernels::standardize_max_pool_gradient(
                             plan, g.data<T>(), x->data<T>(), mean.data<double>(), rstd.data<T>(),
                             data_or_null<T>(weight), data_or_null<T>(bias), dx, dweight, dbias);
                       });
                 }),
          own};
}

// Averages the moments of each channel over the samples.
Moments over_samples(const Moments& each, int64_t samples, int64_t channels) {
  Moments result(channels, each.variance.dtype());
  result.mean = mean(reshape(each.mean, {samples, channels}), {0});
  result.variance = mean(reshape(each.variance, {samples, channels}), {0});
  return result;
}

}  // namespace

Tensor batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor running_mean,
                  Tensor running_var, const BatchNormOptions& options) {
  check_batch_norm(x, weight, bias, running_mean, running_var, options);
  if (!options.training)
    return normalize_by_running("batch_norm", x, weight, bias, running_mean, running_var,
                                options.eps);
  const Grouping grouping = by_channel(x);
  const auto [y, batch] = normalize("batch_norm", x, grouping, weight, bias, options.eps);
  if (running_mean.defined())
    update_running(running_mean, running_var, batch, options.momentum, grouping.plan.group_size());
  return y;
}

Tensor batch_norm_max_pool2d(const Tensor& x, const Tensor& weight, const Tensor& bias,
                             Tensor running_mean, Tensor running_var,
                             const BatchNormOptions& options, const PoolingOptions& pooling) {
  if (!options.training || x.rank() != 4 || x.size(2) < 2 || x.size(3) < 8 ||
      !has_adjacent_pairs(pooling))
    return max_pool2d(batch_norm(x, weight, bias, running_mean, running_var, options), pooling);
  check_batch_norm(x, weight, bias, running_mean, running_var, options);
  const Grouping grouping = by_channel(x);
  const auto [y, batch] = normalize_max_pool(x, grouping, weight, bias, options.eps);
  if (running_mean.defined())
    update_running(running_mean, running_var, batch, options.momentum, grouping.plan.group_size());
  return y;
}

Tensor batch_renorm(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor running_mean,
                    Tensor running_var, const BatchRenormOptions& options) {
  check_eps("batch_renorm", options.eps);
  check_channels("batch_renorm", x, weight, bias);
  check_running("batch_renorm", x, running_mean, running_var, options.momentum);
  require(running_mean.defined(), "batch_renorm", "needs running statistics");
  require(options.r_max >= 1, "batch_renorm", "r_max must be 1 or more, got {}", options.r_max);
  require(options.d_max >= 0, "batch_renorm", "d_max must be 0 or more, got {}", options.d_max);
  if (!options.training)
    return normalize_by_running("batch_renorm", x, weight, bias, running_mean, running_var,
                                options.eps);
  const Grouping grouping = by_channel(x);
  const int64_t n = grouping.plan.group_size();
  require(n > 1, "batch_renorm",
          "normalizing by the batch needs more than one value per channel: input {}", x.shape());
  const Moments batch = moments(x, grouping.plan);
  const auto [r, d] = no_grad([&] {
    const Tensor rstd = reciprocal_deviation(running_var, options.eps);
    return std::pair(
        clamp(sqrt(batch.variance + options.eps) * rstd, 1 / options.r_max, options.r_max),
        clamp(cast(batch.mean - cast(running_mean, DType::f64), x.dtype()) * rstd, -options.d_max,
              options.d_max));
  });
  if (options.update) update_running(running_mean, running_var, batch, options.momentum, n);
  // r and d become part of the affine map: (x̂·r + d)·γ + β = x̂·(rγ) + (dγ + β).
  const Tensor scale = weight.defined() ? r * weight : r,
               scaled = weight.defined() ? d * weight : d;
  const Tensor shift = bias.defined() ? scaled + bias : scaled;
  const Tensor rstd = no_grad([&] { return reciprocal_deviation(batch.variance, options.eps); });
  return recorded("batch_renorm", x, grouping, apply(x, grouping, batch.mean, rstd, scale, shift),
                  batch.mean, rstd, scale, shift, options.eps);
}

Tensor layer_norm(const Tensor& x, const Shape& normalized_shape, const Tensor& weight,
                  const Tensor& bias, double eps) {
  check_eps("layer_norm", eps);
  const Grouping grouping = by_row("layer_norm", x, normalized_shape);
  check_like("layer_norm", "weight", weight, normalized_shape, x);
  check_like("layer_norm", "bias", bias, normalized_shape, x);
  return normalize("layer_norm", x, grouping, weight, bias, eps).y;
}

Tensor rms_norm(const Tensor& x, const Shape& normalized_shape, const Tensor& weight, double eps) {
  check_eps("rms_norm", eps);
  Grouping grouping = by_row("rms_norm", x, normalized_shape);
  grouping.plan.centred = false;
  check_like("rms_norm", "weight", weight, normalized_shape, x);
  return normalize("rms_norm", x, grouping, weight, Tensor(), eps).y;
}

Tensor group_norm(const Tensor& x, int64_t groups, const Tensor& weight, const Tensor& bias,
                  double eps) {
  check_eps("group_norm", eps);
  check_channels("group_norm", x, weight, bias);
  require(groups >= 1, "group_norm", "groups must be 1 or more, got {}", groups);
  require(x.size(1) % groups == 0, "group_norm",
          "groups must divide the channels: {} groups, {} channels", groups, x.size(1));
  const Grouping grouping = by_sample(x, groups);
  require(grouping.plan.group_size() > 1, "group_norm",
          "a group must have more than one value: input {}, {} groups", x.shape(), groups);
  return normalize("group_norm", x, grouping, weight, bias, eps).y;
}

Tensor instance_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, Tensor running_mean,
                     Tensor running_var, const InstanceNormOptions& options) {
  check_eps("instance_norm", options.eps);
  check_channels("instance_norm", x, weight, bias);
  check_running("instance_norm", x, running_mean, running_var, options.momentum);
  if (!options.use_input_stats) {
    require(running_mean.defined(), "instance_norm",
            "running statistics are needed unless use_input_stats is set");
    return normalize_by_running("instance_norm", x, weight, bias, running_mean, running_var,
                                options.eps);
  }
  const int64_t channels = std::max<int64_t>(1, x.size(1));
  const Grouping grouping = by_sample(x, channels);
  const int64_t n = grouping.plan.group_size();
  require(n > 1, "instance_norm", "a channel of a sample must have more than one value: input {}",
          x.shape());
  const auto [y, own] = normalize("instance_norm", x, grouping, weight, bias, options.eps);
  if (running_mean.defined() && x.size(0) > 0)
    update_running(running_mean, running_var, over_samples(own, x.size(0), channels),
                   options.momentum, n);
  return y;
}

}  // namespace gradus
