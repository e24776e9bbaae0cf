#include "core/kernels/direct_convolution.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/kernels/frame.hpp"
#include "core/kernels/kernel.hpp"
#include "core/kernels/lanes.hpp"
#include "core/kernels/tile.hpp"
#include "core/parallel.hpp"

// An image is copied once into a frame of zeros. The value under (c, r, s) for pixel q of the
// framed image stands at offset(c, r, s) + q: each place is a row of a matrix that nobody has to
// write, and vectors run along q. Pixels between ow and the frame's width are computed in vain;
// they are few.

namespace gradus::kernels {
namespace {

constexpr int64_t depth_at_once = 512;  // rows whose vectors stay in the first-level cache
constexpr int64_t strip_width = 64;     // pixels whose results do
constexpr int64_t dots_at_once = 2048;  // products in a sum that make adding up its vector cheap
constexpr int64_t bytes_at_once = 1 << 20;  // images that stay in the second-level cache
constexpr int64_t work_at_once = 1 << 18;   // multiply-adds worth a thread's while

// Pixels of one line of the result that lie side by side in a strip.
struct Stretch {
  int64_t at;     // in the strip
  int64_t pixel;  // the first, of the result
  int64_t count;
};

// The stretches of each strip of the pixels q.
std::vector<std::vector<Stretch>> cut_into_stretches(const ConvolutionPlan& p, const Frame& frame) {
  std::vector<std::vector<Stretch>> strips(
      static_cast<std::size_t>(chunk_count(frame.pixels, strip_width)));
  for (int64_t i = 0; i < p.oh; ++i)
    for (int64_t j = 0; j < p.ow;) {
      const int64_t q = i * frame.width + j, at = q % strip_width;
      const int64_t count = std::min(p.ow - j, strip_width - at);
      strips[static_cast<std::size_t>(q / strip_width)].push_back({at, i * p.ow + j, count});
      j += count;
    }
  return strips;
}

/// The weight (k, window) in tiles of filters as they are multiplied: packed[tile][p][filter].
template <class T>
class PackedWeight {
 public:
  PackedWeight(const ConvolutionPlan& p, const Frame& frame, const T* weight)
      : window_(p.window()),
        height_(tile_height(frame.filters, tiles<T>().rows)),
        packed_(p.k * window_) {
    T* to = packed_.data();
    for (int64_t first = 0; first < p.k; first += frame.filters)
      for (int64_t filter = 0; filter < frame.filters; filter += height_)
        for (int64_t i = 0, rows = std::min(height_, frame.filters - filter); i < window_; ++i)
          for (int64_t row = 0; row < rows; ++row)
            *to++ = weight[(first + filter + row) * window_ + i];
  }

  int64_t window() const { return window_; }
  int64_t height() const { return height_; }
  /// The tile that starts with `filter`.
  const T* tile(int64_t filter) const { return packed_.data() + filter * window_; }

 private:
  int64_t window_, height_;
  Scratch<T> packed_;
};

/// strip (filters, strip_width) = weight (filters, window) · windows at the pixels from `q` on
template <class T>
void multiply_windows(const Frame& frame, const std::vector<int64_t>& offsets,
                      const PackedWeight<T>& weight, int64_t first_filter, const T* framed,
                      int64_t q, T* strip) {
  const Tiles<T>& best = tiles<T>();
  const int64_t depth = tile_height(weight.window(), depth_at_once);
  const int64_t end = std::min(q + strip_width, frame.padded_pixels);
  for (; q < end; q += best.width(), strip += best.width())
    for (int64_t p = 0; p < weight.window(); p += depth)
      for (int64_t filter = 0; filter < frame.filters; filter += weight.height()) {
        const int64_t rows = std::min(weight.height(), frame.filters - filter);
        best.gathered[rows - 1]({.depth = std::min(depth, weight.window() - p),
                                 .a = weight.tile(first_filter + filter) + p * rows,
                                 .a_row = 1,
                                 .a_column = rows,
                                 .b = framed + q,
                                 .offsets = offsets.data() + p,
                                 .c = strip + filter * strip_width,
                                 .c_row = strip_width,
                                 .add = p > 0});
      }
}

/// y[filter, pixel…] = strip[filter, at…] + bias[filter]; strip (filters, strip_width), y (filters,
/// pixels)
template <class T>
GRADUS_KERNEL void take_stretch(const Stretch& stretch, int64_t filters, int64_t pixels,
                                const T* strip, const T* bias, T* y) {
  // Whole vectors: what they write beyond the stretch is written over by the next ones.
  const bool whole = stretch.pixel + chunk_count(stretch.count, lanes) * lanes <= pixels;
  for (int64_t filter = 0; filter < filters; ++filter) {
    const T added = bias ? bias[filter] : T{0};
    const T* from = strip + filter * strip_width + stretch.at;
    T* to = y + filter * pixels + stretch.pixel;
    if (!whole) {
      for (int64_t j = 0; j < stretch.count; ++j) to[j] = from[j] + added;
      continue;
    }
    for (int64_t j = 0; j < stretch.count; j += lanes) {
      Lanes<T> values;
      std::memcpy(&values, from + j, sizeof values);
      values += added;
      std::memcpy(to + j, &values, sizeof values);
    }
  }
}

/// spread[filter, i·width + j] = g[filter, i, j]; the rest is zero already
template <class T>
GRADUS_KERNEL void spread_gradient(const ConvolutionPlan& p, const Frame& frame, const T* g,
                                   T* spread) {
  for (int64_t filter = 0; filter < frame.filters; ++filter)
    for (int64_t i = 0; i < p.oh; ++i, g += p.ow)
      copy_line(g, p.ow, spread + filter * frame.padded_pixels + i * frame.width);
}

int64_t work_per_image(const ConvolutionPlan& p) {
  return std::max<int64_t>(1, p.k * p.window() * p.pixels());
}

}  // namespace

bool is_direct(const ConvolutionPlan& p) {
  const bool pointwise = p.kh == 1 && p.kw == 1 && p.padding_h == 0 && p.padding_w == 0;
  return p.stride_h == 1 && p.stride_w == 1 && p.padding_h >= 0 && p.padding_w >= 0 && !pointwise;
}

template <class T>
void direct_convolution(const ConvolutionPlan& p, const T* x, const T* weight, const T* bias,
                        T* y) {
  const Frame frame(p, tiles<T>().width());
  const std::vector<int64_t> offsets = window_offsets(p, frame);
  const std::vector<std::vector<Stretch>> strips = cut_into_stretches(p, frame);
  const PackedWeight<T> packed(p, frame, weight);
  const int64_t group_size = frame.channels * p.h * p.w;
  // Without padding an image is its own frame, if there is something to read beyond it.
  parallel_for(p.n, std::max<int64_t>(1, work_at_once / work_per_image(p)),
               [&](int64_t begin, int64_t end) {
                 Scratch<T> memory(frame.size), strip(frame.filters * strip_width + lanes);
                 for (int64_t part = begin * p.groups; part < end * p.groups; ++part) {
                   const T* framed = x + part * group_size;
                   if (!frame.is_image || part * group_size + frame.size > p.n * p.c * p.h * p.w) {
                     put_in_frame(p, frame, framed, memory.data());
                     framed = memory.data();
                   }
                   const int64_t filter = part % p.groups * frame.filters;
                   T* to = y + part * frame.filters * p.pixels();
                   for (std::size_t i = 0; i < strips.size(); ++i) {
                     multiply_windows(frame, offsets, packed, filter, framed,
                                      static_cast<int64_t>(i) * strip_width, strip.data());
                     for (const Stretch& stretch : strips[i])
                       take_stretch(stretch, frame.filters, p.pixels(), strip.data(),
                                    bias ? bias + filter : nullptr, to);
                   }
                 }
               });
}

template <class T>
void direct_weight_gradient(const ConvolutionPlan& p, const T* x, const T* g, T* dw) {
  const Tiles<T>& best = tiles<T>();
  const Frame frame(p, best.vector);
  const std::vector<int64_t> offsets = window_offsets(p, frame);
  const int64_t height = tile_height(frame.filters, best.dot_rows);
  const int64_t width = tile_height(p.window(), best.dot_columns);
  const int64_t spread_size = frame.filters * frame.padded_pixels;
  const int64_t image_bytes = (frame.size + spread_size) * static_cast<int64_t>(sizeof(T));
  // Images are summed in a fixed number of chunks, and these in their order.
  const int64_t grain =
      std::max<int64_t>({1, work_at_once / work_per_image(p), chunk_count(p.n, 16)});
  const int64_t chunks = chunk_count(p.n, grain), size = p.k * p.window();
  Scratch<T> sums(chunks * size);
  parallel_for(p.n, grain, [&](int64_t begin, int64_t end) {
    const int64_t together = std::clamp<int64_t>(
        std::min(chunk_count(dots_at_once, frame.padded_pixels), bytes_at_once / image_bytes), 1,
        end - begin);
    Scratch<T> framed(together * frame.size), spread(together * spread_size);
    for (int64_t image = begin; image < end; image += together)
      for (int64_t group = 0; group < p.groups; ++group) {
        const int64_t count = std::min(together, end - image), filter = group * frame.filters;
        for (int64_t i = 0; i < count; ++i) {
          put_in_frame(p, frame, x + ((image + i) * p.c + group * frame.channels) * p.h * p.w,
                       framed.data() + i * frame.size);
          spread_gradient(p, frame, g + ((image + i) * p.k + filter) * p.pixels(),
                          spread.data() + i * spread_size);
        }
        T* to = sums.data() + begin / grain * size + filter * p.window();
        for (int64_t row = 0; row < frame.filters; row += height)
          for (int64_t column = 0; column < p.window(); column += width)
            best.dot(std::min(height, frame.filters - row), std::min(width, p.window() - column))(
                {.depth = frame.padded_pixels,
                 .count = count,
                 .a = spread.data() + row * frame.padded_pixels,
                 .a_row = frame.padded_pixels,
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

std::optional<ConvolutionPlan> input_gradient_plan(const ConvolutionPlan& p) {
  ConvolutionPlan back = p;
  back.c = p.k;
  back.k = p.c;
  back.h = p.oh;
  back.w = p.ow;
  back.oh = p.h;
  back.ow = p.w;
  back.padding_h = (p.kh - 1) * p.dilation_h - p.padding_h;
  back.padding_w = (p.kw - 1) * p.dilation_w - p.padding_w;
  if (p.stride_h != 1 || p.stride_w != 1 || back.padding_h < 0 || back.padding_w < 0) return {};
  return back;
}

template <class T>
void rotate_weight(const ConvolutionPlan& p, const T* weight, T* rotated) {
  const int64_t channels = p.c / p.groups, filters = p.k / p.groups, area = p.kh * p.kw;
  for (int64_t group = 0; group < p.groups; ++group)
    for (int64_t filter = 0; filter < filters; ++filter)
      for (int64_t channel = 0; channel < channels; ++channel) {
        T* to = rotated + ((group * channels + channel) * filters + filter) * area;
        std::reverse_copy(weight, weight + area, to);
        weight += area;
      }
}

#define GRADUS_INSTANTIATE(T)                                                                 \
  template void direct_convolution(const ConvolutionPlan&, const T*, const T*, const T*, T*); \
  template void direct_weight_gradient(const ConvolutionPlan&, const T*, const T*, T*);       \
  template void rotate_weight(const ConvolutionPlan&, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
