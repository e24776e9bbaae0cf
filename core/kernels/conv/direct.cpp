#include "core/kernels/conv/choose.hpp"

#include "core/kernels/conv/frame.hpp"
#include "core/kernels/gemm/transpose.hpp"
#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"
#include "core/parallel.hpp"

// Vectors run along pixels: a tile is a piece of a line of the result times a few filters. Each
// image is copied once into a frame of zeros. In it the values under (c, r, s) of a line's windows
// are contiguous: they are a row of the im2col matrix, which is never written.

namespace gradus::kernels {
namespace {

constexpr int64_t dots_at_once =
    2048;  // products per sum, enough to make the final addition of its vector cheap
constexpr int64_t bytes_at_once = 3 << 17;  // bytes of images that fit the second-level cache
constexpr int64_t work_at_once = 1 << 18;   // multiply-adds that are worth using a thread

// Windows are read in the order (r, c, s): then the rows in the padding are contiguous, and lines
// near the border skip them. body(i) gets the start of each line of a window in the order (c, r,
// s).
template <class Body>
void for_lines(const ConvolutionPlan& p, Body&& body) {
  const int64_t channels = p.c / p.groups;
  for (int64_t r = 0; r < p.kh; ++r)
    for (int64_t c = 0; c < channels; ++c) body((c * p.kh + r) * p.kw);
}

/// The weight (k, window) in tiles of filters, in the order of the multiplication:
/// packed[tile][p][filter].
template <class T>
class PackedWeight {
 public:
  PackedWeight(const ConvolutionPlan& p, const Frame& frame, int64_t highest, const T* weight)
      : window_(p.window()), height_(tile_height(frame.filters, highest)), packed_(p.k * window_) {
    T* to = packed_.data();
    for (int64_t first = 0; first < p.k; first += frame.filters)
      for (int64_t filter = 0; filter < frame.filters; filter += height_) {
        const int64_t rows = std::min(height_, frame.filters - filter);
        const T* tile = weight + (first + filter) * window_;
        for_lines(p, [&](int64_t i) {
          transpose(rows, p.kw, tile + i, window_, to, rows);
          to += p.kw * rows;
        });
      }
  }

  int64_t height() const { return height_; }
  /// The tile that starts with `filter`.
  const T* tile(int64_t filter) const { return packed_.data() + filter * window_; }

 private:
  int64_t window_, height_;
  ZeroScratch<T> packed_;
};

/// y (filters, oh, ow) = weight (filters, window) · windows of the framed image + bias (filters)
template <class T>
void multiply_filters(const ConvolutionPlan& p, const Frame& frame,
                      const std::vector<int64_t>& offsets, int64_t vectors, const T* framed,
                      const PackedWeight<T>& weight, int64_t first, const T* bias, T* y) {
  const Tiles<T>& best = tiles<T>();
  const int64_t width = vectors * best.vector, row_size = frame.channels * p.kw;
  alignas(64) T edge[Tiles<T>::highest * 64];  // for a tile that is wider than a line
  for (int64_t filter = 0; filter < frame.filters; filter += weight.height()) {
    const int64_t rows = std::min(weight.height(), frame.filters - filter);
    for (int64_t i = 0; i < p.oh; ++i) {
      const int64_t above = chunk_count(std::max<int64_t>(0, p.padding_h - i), p.dilation_h);
      const int64_t inside = chunk_count(std::max<int64_t>(0, p.padding_h + p.h - i), p.dilation_h);
      const int64_t skipped = std::min(above, p.kh) * row_size,
                    depth = std::min(inside, p.kh) * row_size - skipped;
      for (int64_t tile = 0; tile < p.ow; tile += width) {
        // A line's last tile ends with the line and computes a few pixels again.
        const int64_t j = std::max<int64_t>(0, std::min(tile, p.ow - width));
        T* to = y + filter * p.pixels() + i * p.ow + j;
        const bool fits = width <= p.ow;
        best.product(TileKind::gathered, vectors,
                     rows)({.depth = depth,
                            .a = weight.tile(first + filter) + skipped * rows,
                            .b = framed + i * frame.width + j,
                            .offsets = offsets.data() + skipped,
                            .c = fits ? to : edge,
                            .c_row = fits ? p.pixels() : width,
                            .start = bias ? bias + filter : nullptr});
        if (fits) continue;
        for (int64_t row = 0; row < rows; ++row)
          std::copy_n(edge + row * width, p.ow, to + row * p.pixels());
      }
    }
  }
}

/// spread[filter, i·width + j] = g[filter, i, j], rows of `stride`; the rest is zero already
template <class T>
void spread_gradient(const ConvolutionPlan& p, const Frame& frame, int64_t stride, const T* g,
                     T* spread) {
  for (int64_t filter = 0; filter < frame.filters; ++filter)
    for (int64_t i = 0; i < p.oh; ++i, g += p.ow)
      copy_line(g, p.ow, spread + filter * stride + i * frame.width);
}

}  // namespace

template <class T>
void direct_convolution(const ConvolutionPlan& p, const T* x, const T* weight, const T* bias,
                        T* y) {
  const Tiles<T>& best = tiles<T>();
  const int64_t vectors = best.vectors(p.ow);
  const Frame frame(p, vectors * best.vector);
  const std::vector<int64_t> by_channels = window_offsets(p, frame);
  std::vector<int64_t> offsets;
  for_lines(p, [&](int64_t i) {
    for (int64_t s = 0; s < p.kw; ++s) offsets.push_back(by_channels[i + s]);
  });
  const PackedWeight<T> packed(p, frame, best.rows(vectors), weight);
  const int64_t group_size = frame.channels * p.h * p.w;
  parallel_for(p.n, std::max<int64_t>(1, work_at_once / p.work_per_image()),
               [&](int64_t begin, int64_t end) {
                 ZeroScratch<T> memory(frame.size);
                 for (int64_t part = begin * p.groups; part < end * p.groups; ++part) {
                   const T* framed = x + part * group_size;
                   // Without padding an image is its own frame, if memory after it may be read.
                   if (!frame.is_image || part * group_size + frame.size > p.n * p.c * p.h * p.w) {
                     put_in_frame(p, frame, framed, memory.data());
                     framed = memory.data();
                   }
                   const int64_t filter = part % p.groups * frame.filters;
                   multiply_filters(p, frame, offsets, vectors, framed, packed, filter,
                                    bias ? bias + filter : nullptr,
                                    y + part * frame.filters * p.pixels());
                 }
               });
}

template <class T>
void direct_weight_gradient(const ConvolutionPlan& p, const T* x, const T* g, T* dw) {
  const Tiles<T>& best = tiles<T>();
  const Frame frame(p, common_widths<T>.vector);
  const std::vector<int64_t> offsets = window_offsets(p, frame);
  const int64_t height = tile_height(frame.filters, best.dot_rows);
  const int64_t width = tile_height(p.window(), best.dot_columns);
  const int64_t length = common_widths<T>.covered(frame.pixels, 1),
                spread_size = frame.filters * length;
  const int64_t image_bytes = (frame.size + spread_size) * static_cast<int64_t>(sizeof(T));
  // Images are summed in a fixed number of chunks, and the chunks' sums are added in order.
  const int64_t grain =
      std::max<int64_t>({1, work_at_once / p.work_per_image(), chunk_count(p.n, 16)});
  const int64_t chunks = chunk_count(p.n, grain), size = p.k * p.window();
  ZeroScratch<T> sums(chunks * size);
  parallel_for(p.n, grain, [&](int64_t begin, int64_t end) {
    const int64_t together = std::clamp<int64_t>(
        std::min(chunk_count(dots_at_once, length), bytes_at_once / image_bytes), 1, end - begin);
    ZeroScratch<T> framed(together * frame.size), spread(together * spread_size);
    for (int64_t image = begin; image < end; image += together)
      for (int64_t group = 0; group < p.groups; ++group) {
        const int64_t count = std::min(together, end - image), filter = group * frame.filters;
        for (int64_t i = 0; i < count; ++i) {
          put_in_frame(p, frame, x + ((image + i) * p.c + group * frame.channels) * p.h * p.w,
                       framed.data() + i * frame.size);
          vectorized<spread_gradient<T>>(p, frame, length,
                                         g + ((image + i) * p.k + filter) * p.pixels(),
                                         spread.data() + i * spread_size);
        }
        T* to = sums.data() + begin / grain * size + filter * p.window();
        for (int64_t row = 0; row < frame.filters; row += height)
          for (int64_t column = 0; column < p.window(); column += width)
            best.dot(std::min(height, frame.filters - row),
                     std::min(width, p.window() - column))({.depth = length,
                                                            .count = count,
                                                            .a = spread.data() + row * length,
                                                            .a_row = length,
                                                            .a_step = spread_size,
                                                            .b = framed.data(),
                                                            .offsets = offsets.data() + column,
                                                            .b_step = frame.size,
                                                            .c = to + row * p.window() + column,
                                                            .c_row = p.window()});
      }
  });
  for (int64_t i = 0; i < size; ++i) {
    T total = 0;
    for (int64_t chunk = 0; chunk < chunks; ++chunk) total += sums.data()[chunk * size + i];
    dw[i] = total;
  }
}

#define GRADUS_INSTANTIATE(T)                                                                 \
  template void direct_convolution(const ConvolutionPlan&, const T*, const T*, const T*, T*); \
  template void direct_weight_gradient(const ConvolutionPlan&, const T*, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
