#include "core/kernels/direct_convolution.hpp"

#include <algorithm>
#include <vector>

#include "core/kernels/kernel.hpp"
#include "core/kernels/tile.hpp"
#include "core/parallel.hpp"
#include "core/storage.hpp"

// An image is copied once into a frame of zeros. Numbering the pixels of the result along the rows
// of the *framed* image, q = i·width + j, makes every window position a constant offset: the value
// under (c, r, s) for pixel q stands at offset(c, r, s) + q. So each position is a row of a matrix
// that nobody has to write, and vectors run along q. Pixels between ow and the frame's width are
// computed in vain; they are few.

namespace gradus::kernels {
namespace {

constexpr int64_t depth_at_once = 256;        // rows whose vectors stay in the first-level cache
constexpr int64_t bytes_at_once = 256 << 10;  // images that stay in the second
constexpr int64_t work_at_once = 1 << 18;     // multiply-adds worth a thread's while

struct Frame {
  Frame(const ConvolutionPlan& p, int64_t vector)
      : height(p.h + 2 * p.padding_h),
        width(p.w + 2 * p.padding_w),
        pixels((p.oh - 1) * width + p.ow),
        padded_pixels((pixels + vector - 1) / vector * vector),
        channels(p.c / p.groups),
        filters(p.k / p.groups),
        size(channels * height * width + padded_pixels - pixels) {}

  int64_t height, width;
  int64_t pixels, padded_pixels;  // q < pixels; whole vectors
  int64_t channels, filters;      // of a group
  int64_t size;                   // of a framed group, with what the last vector reads beyond it
};

std::vector<int64_t> window_offsets(const ConvolutionPlan& p, const Frame& frame) {
  std::vector<int64_t> offsets;
  for (int64_t c = 0; c < frame.channels; ++c)
    for (int64_t r = 0; r < p.kh; ++r)
      for (int64_t s = 0; s < p.kw; ++s)
        offsets.push_back((c * frame.height + r * p.dilation_h) * frame.width + s * p.dilation_w);
  return offsets;
}

template <class T>
class Scratch {
 public:
  explicit Scratch(int64_t count) : memory_(static_cast<std::size_t>(count) * sizeof(T)) {
    std::fill_n(data(), count, T{0});
  }
  T* data() { return reinterpret_cast<T*>(memory_.data()); }

 private:
  Storage memory_;
};

/// framed[c, padding + i, padding + j] = x[c, i, j]; the frame is zero already
template <class T>
void put_in_frame(const ConvolutionPlan& p, const Frame& frame, const T* x, T* framed) {
  for (int64_t c = 0; c < frame.channels; ++c)
    for (int64_t i = 0; i < p.h; ++i)
      std::copy_n(x + (c * p.h + i) * p.w, p.w,
                  framed + (c * frame.height + p.padding_h + i) * frame.width + p.padding_w);
}

/// raw (filters, padded_pixels) = weight (filters, window) · windows of the framed image
template <class T>
void multiply_windows(const Frame& frame, const std::vector<int64_t>& offsets, const T* weight,
                      const T* framed, T* raw) {
  const Tiles<T>& best = tiles<T>();
  const int64_t window = static_cast<int64_t>(offsets.size());
  const int64_t height = tile_height(frame.filters, best.rows);
  for (int64_t q = 0; q < frame.padded_pixels; q += best.width())
    for (int64_t p = 0; p < window; p += depth_at_once)
      for (int64_t filter = 0; filter < frame.filters; filter += height) {
        const int64_t rows = std::min(height, frame.filters - filter);
        best.gathered[rows - 1]({.depth = std::min(depth_at_once, window - p),
                                 .a = weight + filter * window + p,
                                 .a_row = window,
                                 .a_column = 1,
                                 .b = framed + q,
                                 .offsets = offsets.data() + p,
                                 .c = raw + filter * frame.padded_pixels + q,
                                 .c_row = frame.padded_pixels,
                                 .add = p > 0});
      }
}

/// y[filter, i, j] = raw[filter, i·width + j] + bias[filter]
template <class T>
GRADUS_KERNEL void take_from_frame(const ConvolutionPlan& p, const Frame& frame, const T* raw,
                                   const T* bias, T* y) {
  for (int64_t filter = 0; filter < frame.filters; ++filter) {
    const T added = bias ? bias[filter] : T{0};
    for (int64_t i = 0; i < p.oh; ++i) {
      const T* from = raw + filter * frame.padded_pixels + i * frame.width;
      for (int64_t j = 0; j < p.ow; ++j) *y++ = from[j] + added;
    }
  }
}

/// spread[filter, i·width + j] = g[filter, i, j]; the rest is zero already
template <class T>
void spread_gradient(const ConvolutionPlan& p, const Frame& frame, const T* g, T* spread) {
  for (int64_t filter = 0; filter < frame.filters; ++filter)
    for (int64_t i = 0; i < p.oh; ++i, g += p.ow)
      std::copy_n(g, p.ow, spread + filter * frame.padded_pixels + i * frame.width);
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
  parallel_for(p.n, std::max<int64_t>(1, work_at_once / work_per_image(p)),
               [&](int64_t begin, int64_t end) {
                 Scratch<T> framed(frame.size), raw(frame.filters * frame.padded_pixels);
                 for (int64_t image = begin; image < end; ++image)
                   for (int64_t group = 0; group < p.groups; ++group) {
                     const int64_t filter = group * frame.filters;
                     put_in_frame(p, frame, x + (image * p.c + group * frame.channels) * p.h * p.w,
                                  framed.data());
                     multiply_windows(frame, offsets, weight + filter * p.window(), framed.data(),
                                      raw.data());
                     take_from_frame(p, frame, raw.data(), bias ? bias + filter : nullptr,
                                     y + (image * p.k + filter) * p.pixels());
                   }
               });
}

template <class T>
void direct_weight_gradient(const ConvolutionPlan& p, const T* x, const T* g, T* dw) {
  const Tiles<T>& best = tiles<T>();
  const Frame frame(p, best.vector);
  std::vector<int64_t> offsets = window_offsets(p, frame);
  const int64_t columns = chunk_count(p.window(), best.dot_columns) * best.dot_columns;
  offsets.resize(static_cast<std::size_t>(columns), offsets.back());
  const int64_t height = tile_height(frame.filters, best.dot_rows);
  const int64_t spread_size = frame.filters * frame.padded_pixels;
  const int64_t image_bytes = (frame.size + spread_size) * static_cast<int64_t>(sizeof(T));
  // Images are summed in a fixed number of chunks, and these in their order.
  const int64_t grain =
      std::max<int64_t>({1, work_at_once / work_per_image(p), chunk_count(p.n, 16)});
  const int64_t chunks = chunk_count(p.n, grain);
  Scratch<T> sums(chunks * p.k * columns);
  parallel_for(p.n, grain, [&](int64_t begin, int64_t end) {
    const int64_t together = std::clamp<int64_t>(bytes_at_once / image_bytes, 1, end - begin);
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
        T* to = sums.data() + (begin / grain * p.k + filter) * columns;
        for (int64_t row = 0; row < frame.filters; row += height)
          for (int64_t column = 0; column < columns; column += best.dot_columns)
            best.dot[std::min(height, frame.filters - row) - 1](
                {.depth = frame.padded_pixels,
                 .count = count,
                 .a = spread.data() + row * frame.padded_pixels,
                 .a_row = frame.padded_pixels,
                 .a_step = spread_size,
                 .b = framed.data(),
                 .offsets = offsets.data() + column,
                 .b_step = frame.size,
                 .c = to + row * columns + column,
                 .c_row = columns});
      }
  });
  for (int64_t filter = 0; filter < p.k; ++filter)
    for (int64_t i = 0; i < p.window(); ++i) {
      T total = 0;
      for (int64_t chunk = 0; chunk < chunks; ++chunk)
        total += sums.data()[(chunk * p.k + filter) * columns + i];
      dw[filter * p.window() + i] = total;
    }
}

ConvolutionPlan input_gradient_plan(const ConvolutionPlan& p) {
  ConvolutionPlan back = p;
  back.c = p.k;
  back.k = p.c;
  back.h = p.oh;
  back.w = p.ow;
  back.oh = p.h;
  back.ow = p.w;
  back.padding_h = (p.kh - 1) * p.dilation_h - p.padding_h;
  back.padding_w = (p.kw - 1) * p.dilation_w - p.padding_w;
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
