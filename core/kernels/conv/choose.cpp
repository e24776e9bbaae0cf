#include "core/kernels/conv/choose.hpp"

#include <type_traits>

#include "core/kernels/conv/frame.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

constexpr double transposing = 16;  // cost of transposing one value, in multiply-adds
constexpr double most_waste = 1.4;  // of filters; above it, columns are faster
constexpr int64_t cache = 1 << 18;  // bytes of images that fit the second-level cache

// The results of a sample must not depend on its batch: forward_kind() only looks at the number of
// images to choose between kernels with the same order of sums, which images and direct are.

// Whether there are enough channels, filters and pixels to outweigh the transforms.
template <class T>
bool is_for_winograd(const ConvolutionPlan& p) {
  return std::is_same_v<T, float> && p.is_direct() && p.kh == 3 && p.kw == 3 && p.dilation_h == 1 &&
         p.dilation_w == 1 && p.groups == 1 && p.c >= 16 && p.k >= 16 && p.c * p.k >= 512 &&
         p.oh >= 7 && p.ow >= 7;
}

// The computed work divided by the needed work if vectors cover `extent`.
template <class T>
double waste(int64_t extent) {
  const Widths& widths = common_widths<T>;
  return static_cast<double>(widths.covered(extent, widths.vectors(extent))) /
         static_cast<double>(extent);
}

// Whether vectors along filters (with the transposing) waste less work than direct convolutions.
template <class T>
bool is_for_filters(const ConvolutionPlan& p, double direct_waste) {
  const int64_t filters = p.k / p.groups;
  if (p.window() == 0 || filters == 0 || p.is_pointwise()) return false;
  if (!p.is_direct()) return waste<T>(filters) < most_waste;
  return waste<T>(filters) * (1 + transposing / static_cast<double>(p.window())) < direct_waste;
}

// Whether vectors along images (with the transposing) cost less than vectors along pixels.
template <class T>
bool is_for_images(const ConvolutionPlan& p) {
  const Widths& widths = common_widths<T>;
  const int64_t width = images_together, size = p.c * p.h * p.w;
  if (!p.is_direct() || size * width * static_cast<int64_t>(sizeof(T)) > cache) return false;
  int64_t rows = 0, columns = 0;
  for (int64_t i = 0; i < p.oh; ++i) rows += rows_inside(p, i).count();
  for (int64_t j = 0; j < p.ow; ++j) columns += columns_inside(p, j).count();
  // Multiply-adds of a row of places; direct convolutions compute all columns.
  const double row = static_cast<double>(p.k * (p.c / p.groups) * rows);
  const double here = row * static_cast<double>(columns) +
                      transposing * static_cast<double>(size + p.k * p.pixels());
  const double direct =
      row * static_cast<double>(p.kw * widths.covered(p.ow, widths.vectors(p.ow)));
  return here * static_cast<double>(chunk_count(p.n, width) * width) <
         direct * static_cast<double>(p.n);
}

}  // namespace

template <class T>
ConvolutionKind forward_kind(const ConvolutionPlan& p) {
  if (is_for_winograd<T>(p)) return ConvolutionKind::winograd;
  if (is_for_filters<T>(p, waste<T>(p.ow))) return ConvolutionKind::filters;
  if (is_for_images<T>(p)) return ConvolutionKind::images;
  if (p.is_direct()) return ConvolutionKind::direct;
  return ConvolutionKind::columns;
}

template <class T>
ConvolutionKind weight_gradient_kind(const ConvolutionPlan& p) {
  if (is_for_winograd<T>(p) && p.n * p.pixels() >= 1024) return ConvolutionKind::winograd;
  const int64_t computed = common_widths<T>.covered(Frame(p, 1).pixels, 1);
  const double direct_waste = static_cast<double>(computed) / static_cast<double>(p.pixels());
  // Tiles of one row would have to wait for their sums.
  if (p.kw > 1 && is_for_filters<T>(p, direct_waste)) return ConvolutionKind::filters;
  if (p.is_direct()) return ConvolutionKind::direct;
  return ConvolutionKind::columns;
}

template ConvolutionKind forward_kind<float>(const ConvolutionPlan&);
template ConvolutionKind forward_kind<double>(const ConvolutionPlan&);
template ConvolutionKind weight_gradient_kind<float>(const ConvolutionPlan&);
template ConvolutionKind weight_gradient_kind<double>(const ConvolutionPlan&);

}  // namespace gradus::kernels
