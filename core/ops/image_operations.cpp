#include "core/ops/image_operations.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/autograd.hpp"
#include "core/kernels/elementwise.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/shape.hpp"
#include "core/parallel.hpp"

namespace gradus {
namespace {

// An element of a resized dimension: (1 − weight)·x[low] + weight·x[high], or x[low] alone.
struct Blend {
  int64_t low, high;
  double weight;
};

struct Resizing {
  Shape from, to;
  std::vector<Blend> rows, columns;
};
// Shared by the recorded closures.
using SharedResizing = std::shared_ptr<const Resizing>;

// The number of planes (H, W) of a tensor (N, C, H, W), or rows (N, C, L).
int64_t planes_of(const Shape& shape) {
  return shape[0] * shape[1];
}

// Calls body(plane) for each plane of a tensor of `shape`, in parallel; each is about `work`
// elements.
template <class Body>
void for_planes(const Shape& shape, int64_t work, Body body) {
  const int64_t grain = kernels::elementwise_grain / std::max<int64_t>(1, work);
  parallel_for(planes_of(shape), std::max<int64_t>(1, grain), [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) body(plane);
  });
}

// Weights are f64: the value is rounded once, and 0·∞ of a neighbour that doesn't count isn't NaN.
template <class T>
double blended(const Blend& blend, const T* x, int64_t step) {
  const double low = static_cast<double>(x[blend.low * step]);
  if (blend.weight == 0) return low;
  return (1 - blend.weight) * low + blend.weight * static_cast<double>(x[blend.high * step]);
}

template <class T>
void resize_plane(const Resizing& r, const T* x, T* y) {
  const int64_t width = r.from[-1];
  for (const Blend& row : r.rows)
    for (const Blend& column : r.columns) {
      double value = blended(column, x + row.low * width, 1);
      if (row.weight != 0)
        value = (1 - row.weight) * value + row.weight * blended(column, x + row.high * width, 1);
      *y++ = static_cast<T>(value);
    }
}

// Adds weight·g at the elements that the blend reads.
void add_blended(const Blend& blend, double g, double* sum) {
  sum[blend.low] += (1 - blend.weight) * g;
  if (blend.weight != 0) sum[blend.high] += blend.weight * g;
}

template <class T>
void resize_plane_gradient(const Resizing& r, const T* g, double* sum) {
  const int64_t width = r.from[-1];
  for (const Blend& row : r.rows)
    for (const Blend& column : r.columns) {
      const double slope = static_cast<double>(*g++);
      add_blended(column, (1 - row.weight) * slope, sum + row.low * width);
      if (row.weight != 0) add_blended(column, row.weight * slope, sum + row.high * width);
    }
}

// Each is the other's gradient.
Tensor resized(const Tensor& x, const SharedResizing& r);

Tensor resized_gradient(const Tensor& g, const SharedResizing& r) {
  Tensor x = Tensor::empty(r->from, g.dtype());
  const int64_t inputs = std::ssize(r->rows) * std::ssize(r->columns);
  const int64_t outputs = r->from.numel() / std::max<int64_t>(1, planes_of(r->from));
  dispatch_floating("interpolate", g.dtype(), [&]<class T>(T) {
    const T* from = g.data<T>();
    T* to = x.mutable_data<T>();
    for_planes(r->from, inputs, [&](int64_t plane) {
      std::vector<double> sum(static_cast<std::size_t>(outputs));
      resize_plane_gradient(*r, from + plane * inputs, sum.data());
      std::ranges::transform(sum, to + plane * outputs, [](double v) { return static_cast<T>(v); });
    });
  });
  return record("interpolate_by_input", {g}, x, [r](const Tensor& u) { return resized(u, r); });
}

Tensor resized(const Tensor& x, const SharedResizing& r) {
  Tensor y = Tensor::empty(r->to, x.dtype());
  const int64_t outputs = std::ssize(r->rows) * std::ssize(r->columns);
  const int64_t inputs = r->from.numel() / std::max<int64_t>(1, planes_of(r->from));
  dispatch_floating("interpolate", x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    for_planes(r->from, outputs, [&](int64_t plane) {
      resize_plane(*r, from + plane * inputs, to + plane * outputs);
    });
  });
  return record("interpolate", {x}, y, [r](const Tensor& g) { return resized_gradient(g, r); });
}

// The option's number for dimension 2 + i of x.
template <class T>
T option_at(const std::vector<T>& option, int i) {
  return option[option.size() == 1 ? 0 : static_cast<std::size_t>(i)];
}

std::vector<Blend> blends(int64_t extent, int i, const InterpolateOptions& options) {
  // The places of the result are `over`/`under` of those of x apart: quotients that are whole
  // numbers are exact, as products with 1/3 aren't.
  double over = 1, under;
  int64_t count = 0;
  if (!options.size.empty()) {
    count = option_at(options.size, i);
    over = static_cast<double>(extent);
    under = static_cast<double>(count);
  } else {
    under = option_at(options.scale_factor, i);
    const double length = std::floor(static_cast<double>(extent) * under);
    if (length >= 1 && length <= static_cast<double>(largest_count))
      count = static_cast<int64_t>(length);
  }
  require(extent >= 1 && count >= 1 && count <= largest_count, "interpolate",
          "extents must be 1 to 10^9 before and after: dimension {} of {} for size ({}), "
          "scale_factor ({})",
          i + 2, extent, fmt::join(options.size, ", "), fmt::join(options.scale_factor, ", "));
  if (options.align_corners) {
    over = static_cast<double>(extent - 1);
    under = static_cast<double>(std::max<int64_t>(1, count - 1));
  }
  const bool bilinear = options.mode == Interpolation::bilinear;
  const double half = bilinear && !options.align_corners ? 0.5 : 0;
  std::vector<Blend> result;
  for (int64_t j = 0; j < count; ++j) {
    const double place = std::max(0.0, (static_cast<double>(j) + half) * over / under - half);
    const int64_t low = std::min(static_cast<int64_t>(place), extent - 1);
    const bool between = bilinear && low + 1 < extent;
    result.push_back({low, low + between, between ? place - static_cast<double>(low) : 0});
  }
  return result;
}

// The places of patches along one direction.
int64_t patch_places(const char* operation, int64_t extent, int64_t kernel, int64_t dilation,
                     int64_t padding, int64_t stride) {
  const int64_t room = extent + 2 * padding - dilation * (kernel - 1) - 1;
  require(room >= 0, operation,
          "a patch must not be larger than the padded image: {} pixels for {} of the image and "
          "padding {}",
          dilation * (kernel - 1) + 1, extent, padding);
  return room / stride + 1;
}

// Patches of images (N, C, H, W).
struct Patches {
  Patches(const char* operation, const Shape& images_, const UnfoldOptions& options)
      : images(images_), o(options) {
    require_positive(operation, "kernel", o.kernel);
    require_positive(operation, "dilation", o.dilation);
    require_at_least(0, operation, "padding", o.padding);
    require_positive(operation, "stride", o.stride);
    rows = patch_places(operation, images[2], o.kernel.height, o.dilation.height, o.padding.height,
                        o.stride.height);
    columns = patch_places(operation, images[3], o.kernel.width, o.dilation.width, o.padding.width,
                           o.stride.width);
  }

  int64_t elements() const { return o.kernel.height * o.kernel.width; }
  Shape shape() const { return {images[0], images[1] * elements(), rows * columns}; }

  // Calls body(pixel in the plane, place) for element `e` of the patches, where it lies in the
  // image, in the order of the places.
  template <class Body>
  void for_places(int64_t e, Body body) const {
    const int64_t top = e / o.kernel.width * o.dilation.height - o.padding.height;
    const int64_t left = e % o.kernel.width * o.dilation.width - o.padding.width;
    // The columns first … last − 1 of the places lie in the image.
    const int64_t stride = o.stride.width;
    const int64_t first = std::min(columns, left < 0 ? (stride - 1 - left) / stride : 0);
    const int64_t last =
        std::min(columns, (std::max<int64_t>(0, images[3] - left) + stride - 1) / stride);
    for (int64_t i = 0; i < rows; ++i) {
      const int64_t row = top + i * o.stride.height;
      if (row < 0 || row >= images[2]) continue;
      const int64_t pixel = row * images[3] + left, place = i * columns;
      if (stride == 1)
        for (int64_t j = first; j < last; ++j) body(pixel + j, place + j);
      else
        for (int64_t j = first; j < last; ++j) body(pixel + j * stride, place + j);
    }
  }

  int64_t work() const { return elements() * rows * columns; }

  Shape images;
  UnfoldOptions o;
  int64_t rows = 0, columns = 0;
};

Tensor folded(const Tensor& x, const Patches& patches);

Tensor unfolded(const Tensor& x, const Patches& patches) {
  Tensor y = Tensor::zeros(patches.shape(), x.dtype());
  const int64_t pixels = x.size(2) * x.size(3), places = patches.rows * patches.columns;
  dispatch(x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    for_planes(patches.images, patches.work(), [&](int64_t plane) {
      for (int64_t e = 0; e < patches.elements(); ++e) {
        const T* image = from + plane * pixels;
        T* row = to + (plane * patches.elements() + e) * places;
        patches.for_places(e, [&](int64_t pixel, int64_t place) { row[place] = image[pixel]; });
      }
    });
  });
  return record("unfold", {x}, y, [patches](const Tensor& g) { return folded(g, patches); });
}

Tensor folded(const Tensor& x, const Patches& patches) {
  Tensor y = Tensor::zeros(patches.images, x.dtype());
  const int64_t pixels = y.size(2) * y.size(3), places = patches.rows * patches.columns;
  dispatch_numbers("fold", x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    T* to = y.mutable_data<T>();
    for_planes(patches.images, patches.work(), [&](int64_t plane) {
      for (int64_t e = 0; e < patches.elements(); ++e) {
        const T* row = from + (plane * patches.elements() + e) * places;
        T* image = to + plane * pixels;
        patches.for_places(
            e, [&](int64_t pixel, int64_t place) { detail::add_to(image[pixel], row[place]); });
      }
    });
  });
  return record("fold", {x}, y, [patches](const Tensor& g) { return unfolded(g, patches); });
}

// The element that stands `at` places after the first, which may be before it or after the last.
int64_t mirrored(int64_t at, int64_t extent, PadMode mode) {
  switch (mode) {
    case PadMode::reflect:
      return at < 0 ? -at : at < extent ? at : 2 * (extent - 1) - at;
    case PadMode::replicate:
      return std::clamp<int64_t>(at, 0, extent - 1);
    case PadMode::circular:
      return at < 0 ? at + extent : at < extent ? at : at - extent;
  }
  return at;
}

}  // namespace

Tensor interpolate(const Tensor& x, const InterpolateOptions& options) {
  const int dims = x.rank() - 2;
  const bool bilinear = options.mode == Interpolation::bilinear;
  require(dims == 2 || (dims == 1 && !bilinear), "interpolate", "needs {}(N, C, H, W), got {}",
          bilinear ? "" : "(N, C, L) or ", x.shape());
  require(bilinear || !options.align_corners, "interpolate",
          "align_corners needs the mode bilinear");
  const int64_t numbers = std::ssize(options.size) + std::ssize(options.scale_factor);
  require(options.size.empty() != options.scale_factor.empty() && (numbers == 1 || numbers == dims),
          "interpolate", "either size or scale_factor must have 1 or {} numbers, got ({}) and ({})",
          dims, fmt::join(options.size, ", "), fmt::join(options.scale_factor, ", "));
  Resizing r{x.shape(), x.shape(), {{0, 0, 0}}, {}};
  if (dims == 2) r.rows = blends(x.size(2), 0, options);
  r.columns = blends(x.size(-1), dims - 1, options);
  if (dims == 2) r.to = r.to.with(2, std::ssize(r.rows));
  r.to = r.to.with(-1, std::ssize(r.columns));
  return resized(x, std::make_shared<const Resizing>(std::move(r)));
}

Tensor unfold(const Tensor& x, const UnfoldOptions& options) {
  require(x.rank() == 4, "unfold", "needs images (N, C, H, W), got {}", x.shape());
  return unfolded(x, Patches("unfold", x.shape(), options));
}

Tensor fold(const Tensor& x, Pair size, const UnfoldOptions& options) {
  require_at_least(0, "fold", "size", size);
  require_positive("fold", "kernel", options.kernel);
  const int64_t elements = options.kernel.height * options.kernel.width;
  require(x.rank() == 3 && x.size(1) % elements == 0, "fold",
          "needs patches (N, C·{}, places), got {}", elements, x.shape());
  const Patches patches("fold", {x.size(0), x.size(1) / elements, size.height, size.width},
                        options);
  require(x.shape() == patches.shape(), "fold", "images of size {} have {} places, got {}",
          to_string(size), patches.rows * patches.columns, x.shape());
  return folded(x, patches);
}

Tensor pad(const Tensor& x, std::span<const int64_t> padding, PadMode mode) {
  const OperationScope scope("pad");
  require(padding.size() % 2 == 0 && std::ssize(padding) <= 2 * x.rank(), "pad",
          "padding must have two numbers for each padded dimension: ({}) for {}",
          fmt::join(padding, ", "), x.shape());
  Tensor y = x;
  for (std::size_t i = 0; i < padding.size(); i += 2) {
    const int64_t before = padding[i], after = padding[i + 1];
    if (before == 0 && after == 0) continue;
    const int dim = x.rank() - 1 - static_cast<int>(i) / 2;
    const int64_t extent = x.size(dim);
    const int64_t most = mode == PadMode::reflect    ? extent - 1
                         : mode == PadMode::circular ? extent
                         : extent > 0                ? largest_count
                                                     : 0;
    require(before >= 0 && after >= 0 && before <= most && after <= most, "pad",
            "{} of dimension {} of {} must be 0 to {}, got {} and {}",
            mode == PadMode::reflect    ? "reflection"
            : mode == PadMode::circular ? "circular padding"
                                        : "replication",
            dim, x.shape(), std::max<int64_t>(0, most), before, after);
    Tensor index = Tensor::empty({before + extent + after}, DType::i64);
    int64_t* to = index.mutable_data<int64_t>();
    for (int64_t j = 0; j < index.numel(); ++j) to[j] = mirrored(j - before, extent, mode);
    y = index_select(y, dim, index);
  }
  return y;
}

}  // namespace gradus
