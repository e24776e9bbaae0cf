#include "core/kernels/conv/choose.hpp"

#include "core/kernels/conv/frame.hpp"
#include "core/kernels/gemm/transpose.hpp"
#include "core/parallel.hpp"

// Vectors run along images, which are transposed before and after: a tile is one pixel of a few
// filters. No pixel is computed twice, and each skips the part of its window in the padding.

namespace gradus::kernels {
namespace {

// Pixels of a line, from `first` to `last`, whose windows have the same columns in the image.
struct PixelSpan {
  PixelSpan(const ConvolutionPlan& p, int64_t j) : first(j), last(j), inside(columns_inside(p, j)) {
    const auto goes_on = [&](const WindowSide& next) {
      return next.begin == inside.begin && next.end == inside.end;
    };
    while (last + 1 < p.ow && goes_on(columns_inside(p, last + 1))) ++last;
  }

  int64_t first, last;
  WindowSide inside;
};

/// The weight for the windows of a span, packed[tile of filters][(r, c, s)][filter], and the
/// offsets of the values (r, c, s) of `width` images from a window's first.
template <class T>
struct SpanWeight : PixelSpan {
  SpanWeight(const ConvolutionPlan& p, const PixelSpan& span, int64_t height, int64_t width,
             const T* weight)
      : PixelSpan(span) {
    const int64_t filters = p.k / p.groups;
    for_window(p, [&](int64_t c, int64_t r, int64_t s) {
      offsets.push_back(((c * p.h + r * p.dilation_h) * p.w + s * p.dilation_w) * width);
    });
    for (int64_t filter = 0; filter < p.k; filter += filters)
      for (int64_t tile = filter; tile < filter + filters; tile += height)
        for_window(p, [&](int64_t c, int64_t r, int64_t s) {
          const T* at = weight + (c * p.kh + r) * p.kw + inside.begin + s;
          for (int64_t row = tile; row < std::min(filter + filters, tile + height); ++row)
            packed.push_back(at[row * p.window()]);
        });
  }

  int64_t row_size(const ConvolutionPlan& p) const { return p.c / p.groups * inside.count(); }

  std::vector<int64_t> offsets;
  std::vector<T> packed;

 private:
  template <class Body>
  void for_window(const ConvolutionPlan& p, Body&& body) {
    for (int64_t r = 0; r < p.kh; ++r)
      for (int64_t c = 0; c < p.c / p.groups; ++c)
        for (int64_t s = 0; s < inside.count(); ++s) body(c, r, s);
  }
};

// Vectors of a tile: those of all images, unless they are so narrow that these need several tiles.
template <class T>
int64_t tile_vectors() {
  return std::min(Tiles<T>::widest, images_together / tiles<T>().vector);
}

/// y (rows of filters from `filter` on, oh, ow, width) = weight · windows of x (c, h, w, width)
template <class T>
void multiply_span(const ConvolutionPlan& p, const SpanWeight<T>& span, int64_t filter,
                   int64_t rows, const T* x, const T* bias, T* y) {
  const int64_t width = images_together, vectors = tile_vectors<T>();
  const int64_t row_size = span.row_size(p), channel = filter / (p.k / p.groups) * (p.c / p.groups);
  const T* weight = span.packed.data() + filter * p.kh * row_size;
  const auto multiply = tiles<T>().product(TileKind::gathered, vectors, rows);
  for (int64_t j = span.first; j <= span.last; ++j)
    for (int64_t i = 0; i < p.oh; ++i) {
      const WindowSide down = rows_inside(p, i);
      const int64_t pixel = (channel * p.h + down.pixel) * p.w + columns_inside(p, j).pixel;
      for (int64_t image = 0; image < width; image += vectors * tiles<T>().vector)
        multiply({.depth = down.count() * row_size,
                  .a = weight + down.begin * row_size * rows,
                  .b = x + pixel * width + image,
                  .offsets = span.offsets.data(),
                  .c = y + ((filter * p.oh + i) * p.ow + j) * width + image,
                  .c_row = p.pixels() * width,
                  .start = bias ? bias + filter : nullptr});
    }
}

}  // namespace

template <class T>
void image_convolution(const ConvolutionPlan& p, const T* x, const T* weight, const T* bias, T* y) {
  const int64_t width = images_together, filters = p.k / p.groups;
  const int64_t height = tile_height(filters, tiles<T>().rows(tile_vectors<T>()));
  const int64_t in = p.c * p.h * p.w, out = p.k * p.pixels();
  std::vector<SpanWeight<T>> spans;
  for (int64_t j = 0; j < p.ow; j = spans.back().last + 1)
    spans.emplace_back(p, PixelSpan(p, j), height, width, weight);
  parallel_for(p.n, width, [&](int64_t begin, int64_t end) {
    ZeroScratch<T> turned(in * width), result(out * width);
    transpose(end - begin, in, x + begin * in, in, turned.data(), width);
    for (int64_t group = 0; group < p.k; group += filters)
      for (int64_t filter = group; filter < group + filters; filter += height)
        for (const SpanWeight<T>& span : spans)
          multiply_span(p, span, filter, std::min(height, group + filters - filter), turned.data(),
                        bias, result.data());
    transpose(out, end - begin, result.data(), width, y + begin * out, out);
  });
}

template void image_convolution(const ConvolutionPlan&, const float*, const float*, const float*,
                                float*);
template void image_convolution(const ConvolutionPlan&, const double*, const double*, const double*,
                                double*);

}  // namespace gradus::kernels
