#include "core/ops/pooling.hpp"

#include "core/autograd.hpp"
#include "core/kernels/pooling.hpp"

namespace gradus {
namespace {

using kernels::PoolingPlan;
using kernels::Windows;
// Shared by the recorded closures.
using Plan = std::shared_ptr<const PoolingPlan>;
using Positions = std::shared_ptr<const Storage>;

Windows sliding(const char* operation, int64_t extent, int64_t kernel, int64_t stride,
                int64_t padding, bool ceil_mode) {
  require_positive(operation, "kernel", kernel);
  require_at_least(0, operation, "stride", stride);
  require(padding >= 0 && 2 * padding <= kernel, operation,
          "padding must be 0 to half of the kernel: padding {}, kernel {}", padding, kernel);
  if (stride == 0) stride = kernel;
  const int64_t room = extent + 2 * padding - kernel + (ceil_mode ? stride - 1 : 0);
  require(room >= 0 && extent > 0, operation,
          "the kernel must not be larger than the padded image: kernel {}, image {} (padding {})",
          kernel, extent, padding);
  int64_t count = room / stride + 1;
  // A window that would start in the padding after the image is left out.
  if (ceil_mode && (count - 1) * stride >= extent + padding) --count;
  Windows windows;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t begin = i * stride - padding;
    windows.begin.push_back(static_cast<int32_t>(std::max<int64_t>(begin, 0)));
    windows.end.push_back(static_cast<int32_t>(std::min(begin + kernel, extent)));
    windows.full.push_back(
        static_cast<int32_t>(std::min(begin + kernel, extent + padding) - begin));
  }
  return windows;
}

Windows adaptive(const char* operation, int64_t extent, int64_t count) {
  require(count > 0 && count <= largest_count && extent > 0, operation,
          "an image of at least 1 pixel and 1 to 10^9 windows are needed: {} pixels, {} windows",
          extent, count);
  Windows windows;
  for (int64_t i = 0; i < count; ++i) {
    windows.begin.push_back(static_cast<int32_t>(i * extent / count));
    windows.end.push_back(static_cast<int32_t>(((i + 1) * extent + count - 1) / count));
    windows.full.push_back(windows.end.back() - windows.begin.back());
  }
  return windows;
}

Plan plan_for(const Tensor& x, Windows rows, Windows columns, bool count_padding = false) {
  return std::make_shared<PoolingPlan>(PoolingPlan{x.size(0) * x.size(1), x.size(2), x.size(3),
                                                   std::move(rows), std::move(columns),
                                                   count_padding});
}

void require_images(const char* operation, const Tensor& x) {
  require(x.rank() == 4, operation, "needs images (N, C, H, W), got {}", x.shape());
  require(x.size(2) * x.size(3) <= INT32_MAX, operation,
          "an image must have fewer than 2^31 pixels, got {}", x.shape());
}

Plan sliding_plan(const char* operation, const Tensor& x, const PoolingOptions& o) {
  require_images(operation, x);
  return plan_for(
      x,
      sliding(operation, x.size(2), o.kernel.height, o.stride.height, o.padding.height,
              o.ceil_mode),
      sliding(operation, x.size(3), o.kernel.width, o.stride.width, o.padding.width, o.ceil_mode),
      o.count_include_pad);
}

Plan adaptive_plan(const char* operation, const Tensor& x, Pair output) {
  require_images(operation, x);
  return plan_for(x, adaptive(operation, x.size(2), output.height),
                  adaptive(operation, x.size(3), output.width));
}

Shape pooled(const Tensor& x, const PoolingPlan& plan) {
  return x.shape().with(2, plan.rows.count()).with(3, plan.columns.count());
}

const int32_t* data(const Positions& positions) {
  return reinterpret_cast<const int32_t*>(positions->data());
}

// Reading values at positions and writing values there are each other's gradients.
Tensor take(const Tensor& x, const Plan& plan, const Positions& positions);

Tensor put(const Tensor& g, const Shape& shape, const Plan& plan, const Positions& positions) {
  Tensor x = Tensor::empty(shape, g.dtype());
  dispatch_floating("max_pool2d", g.dtype(), [&]<class T>(T) {
    kernels::max_pool_gradient(*plan, g.data<T>(), data(positions), x.mutable_data<T>());
  });
  return record("max_pool2d_by_input", {g}, x,
                [plan, positions](const Tensor& u) { return take(u, plan, positions); });
}

Tensor take(const Tensor& x, const Plan& plan, const Positions& positions) {
  Tensor y = Tensor::empty(pooled(x, *plan), x.dtype());
  dispatch_floating("max_pool2d", x.dtype(), [&]<class T>(T) {
    kernels::pick(*plan, x.data<T>(), data(positions), y.mutable_data<T>());
  });
  return record("max_pool2d", {x}, y, [back = x.shape(), plan, positions](const Tensor& u) {
    return put(u, back, plan, positions);
  });
}

Tensor max_pool(const Tensor& x, const Plan& plan) {
  Tensor y = Tensor::empty(pooled(x, *plan), x.dtype());
  const auto positions =
      std::make_shared<Storage>(static_cast<std::size_t>(y.numel()) * sizeof(int32_t));
  dispatch_floating("max_pool2d", x.dtype(), [&]<class T>(T) {
    kernels::max_pool(*plan, x.data<T>(), y.mutable_data<T>(),
                      reinterpret_cast<int32_t*>(positions->data()));
  });
  return record("max_pool2d", {x}, y, [back = x.shape(), plan, positions](const Tensor& g) {
    return put(g, back, plan, positions);
  });
}

// Averaging and distributing evenly, too.
Tensor average_pool(const Tensor& x, const Plan& plan);

Tensor share_out(const Tensor& g, const Shape& shape, const Plan& plan) {
  Tensor dx = Tensor::empty(shape, g.dtype());
  dispatch_floating("avg_pool2d", g.dtype(), [&]<class T>(T) {
    kernels::average_pool_gradient(*plan, g.data<T>(), dx.mutable_data<T>());
  });
  return record("avg_pool2d_by_input", {g}, dx,
                [plan](const Tensor& u) { return average_pool(u, plan); });
}

Tensor average_pool(const Tensor& x, const Plan& plan) {
  Tensor y = Tensor::empty(pooled(x, *plan), x.dtype());
  dispatch_floating("avg_pool2d", x.dtype(), [&]<class T>(T) {
    kernels::average_pool(*plan, x.data<T>(), y.mutable_data<T>());
  });
  return record("avg_pool2d", {x}, y,
                [back = x.shape(), plan](const Tensor& g) { return share_out(g, back, plan); });
}

}  // namespace

Tensor max_pool2d(const Tensor& x, const PoolingOptions& options) {
  return max_pool(x, sliding_plan("max_pool2d", x, options));
}

Tensor avg_pool2d(const Tensor& x, const PoolingOptions& options) {
  return average_pool(x, sliding_plan("avg_pool2d", x, options));
}

Tensor adaptive_avg_pool2d(const Tensor& x, Pair output) {
  const OperationScope scope("adaptive_avg_pool2d");
  return average_pool(x, adaptive_plan("adaptive_avg_pool2d", x, output));
}

Tensor adaptive_max_pool2d(const Tensor& x, Pair output) {
  const OperationScope scope("adaptive_max_pool2d");
  return max_pool(x, adaptive_plan("adaptive_max_pool2d", x, output));
}

}  // namespace gradus
