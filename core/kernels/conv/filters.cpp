#include "core/kernels/conv/choose.hpp"

#include <span>

#include "core/kernels/conv/frame.hpp"
#include "core/kernels/gemm/transpose.hpp"
#include "core/parallel.hpp"

// Vectors run along filters: a tile is a piece of a line of the result times a few vectors of
// filters. The weight is packed once, so that its vectors are read in order; values of the image
// are read in place, one at a time. The results of a strip of filters are transposed at the end.
// For the gradient of the weight the upstream gradient is transposed first; a tile is then a line
// of the window times filters, and sums over all windows.

namespace gradus::kernels {
namespace {

constexpr int64_t depth_at_once = 144;      // rows of packed weight that fit the first-level cache
constexpr int64_t work_at_once = 1 << 18;   // multiply-adds that are worth using a thread
constexpr int64_t bytes_at_once = 1 << 14;  // bytes of gradients that fit the first-level cache

/// The filters of all groups in strips as wide as a tile.
template <class T>
struct Strips {
  explicit Strips(const ConvolutionPlan& p)
      : filters(p.k / p.groups),
        vectors(tiles<T>().vectors(filters)),
        width(vectors * tiles<T>().vector),
        of_group(chunk_count(filters, width)),
        count(p.groups * of_group) {}

  int64_t first(int64_t strip) const {
    return strip / of_group * filters + strip % of_group * width;
  }
  int64_t size(int64_t strip) const { return std::min(width, filters - strip % of_group * width); }

  int64_t filters;  // per group
  int64_t vectors, width;
  int64_t of_group, count;
};

/// For each strip: the bias, then the weight (window, width).
template <class T>
class PackedFilters {
 public:
  PackedFilters(const ConvolutionPlan& p, const Strips<T>& strips, const T* weight, const T* bias)
      : width_(strips.width), size_((1 + p.window()) * width_), packed_(strips.count * size_) {
    for (int64_t strip = 0; strip < strips.count; ++strip) {
      const int64_t filter = strips.first(strip), filters = strips.size(strip);
      T* to = packed_.data() + strip * size_;
      if (bias) std::copy_n(bias + filter, filters, to);
      transpose(filters, p.window(), weight + filter * p.window(), p.window(), to + width_, width_);
    }
  }

  const T* bias(int64_t strip) const { return packed_.data() + strip * size_; }
  const T* weight(int64_t strip) const { return bias(strip) + width_; }

 private:
  int64_t width_, size_;
  ZeroScratch<T> packed_;
};

/// result (oh·ow, width) = windows of the framed image · weight (window, width) + bias (width)
template <class T>
void multiply_lines(const ConvolutionPlan& p, const Frame& frame,
                    const std::vector<int64_t>& offsets, int64_t vectors, const T* framed,
                    const T* weight, const T* bias, T* result) {
  const Tiles<T>& best = tiles<T>();
  const int64_t width = vectors * best.vector;
  const int64_t depth = tile_height(p.window(), depth_at_once);
  const int64_t length = tile_height(p.ow, best.rows(vectors));
  const TileKind kind = p.stride_w == 1 ? TileKind::windowed : TileKind::strided;
  for (int64_t place = 0; place < p.window(); place += depth)
    for (int64_t i = 0; i < p.oh; ++i)
      for (int64_t j = 0; j < p.ow; j += length)
        best.product(kind, vectors, std::min(length, p.ow - j))(
            {.depth = std::min(depth, p.window() - place),
             .a = framed + i * p.stride_h * frame.width + j * p.stride_w,
             .a_row = p.stride_w,
             .b = weight + place * width,
             .offsets = offsets.data() + place,
             .c = result + (i * p.ow + j) * width,
             .c_row = width,
             .start = place == 0 ? bias : nullptr,
             .add = place > 0});
}

/// A group of images: in frames in `memory`, or in place if it needs no frame.
template <class T>
const T* framed_images(const ConvolutionPlan& p, const Frame& frame, int64_t images, const T* x,
                       T* memory) {
  if (frame.is_image) return x;
  for (int64_t image = 0; image < images; ++image)
    put_in_frame(p, frame, x + image * p.c * p.h * p.w, memory + image * frame.size);
  return memory;
}

/// The starts of the windows in framed_images().
std::vector<int64_t> window_places(const ConvolutionPlan& p, const Frame& frame, int64_t images) {
  const int64_t size = frame.is_image ? p.c * p.h * p.w : frame.size;
  std::vector<int64_t> places;
  for (int64_t image = 0; image < images; ++image)
    for (int64_t i = 0; i < p.oh; ++i)
      for (int64_t j = 0; j < p.ow; ++j)
        places.push_back(image * size + i * p.stride_h * frame.width + j * p.stride_w);
  return places;
}

/// sums (window, width) += values under the windows (window, places) · g (places, width)
template <class T>
void multiply_windows(const ConvolutionPlan& p, const Frame& frame, int64_t vectors,
                      std::span<const int64_t> places, const T* framed, const T* g, T* sums) {
  const Tiles<T>& best = tiles<T>();
  const int64_t width = vectors * best.vector, height = tile_height(p.kw, best.rows(vectors));
  const TileKind kind = p.dilation_w == 1 ? TileKind::windowed : TileKind::strided;
  for (int64_t c = 0; c < frame.channels; ++c)
    for (int64_t r = 0; r < p.kh; ++r)
      for (int64_t s = 0; s < p.kw; s += height)
        best.product(kind, vectors, std::min(height, p.kw - s))(
            {.depth = std::ssize(places),
             .a = framed + (c * frame.height + r * p.dilation_h) * frame.width + s * p.dilation_w,
             .a_row = p.dilation_w,
             .b = g,
             .offsets = places.data(),
             .c = sums + ((c * p.kh + r) * p.kw + s) * width,
             .c_row = width,
             .add = true});
}

/// dw (k, window) = Σ sums (chunks, strips, window, width), in the order of the chunks
template <class T>
void add_chunks(const ConvolutionPlan& p, const Strips<T>& strips, int64_t chunks, T* sums, T* dw) {
  const int64_t strip_size = p.window() * strips.width, size = strips.count * strip_size;
  for (int64_t chunk = 1; chunk < chunks; ++chunk)
    for (int64_t i = 0; i < size; ++i) sums[i] += sums[chunk * size + i];
  for (int64_t strip = 0; strip < strips.count; ++strip)
    transpose(p.window(), strips.size(strip), sums + strip * strip_size, strips.width,
              dw + strips.first(strip) * p.window(), p.window());
}

int64_t images_of_thread(const ConvolutionPlan& p) {
  return std::max<int64_t>(1, work_at_once / p.work_per_image());
}

}  // namespace

template <class T>
void filter_convolution(const ConvolutionPlan& p, const T* x, const T* weight, const T* bias,
                        T* y) {
  const Frame frame(p, 1);
  const std::vector<int64_t> offsets = window_offsets(p, frame);
  const Strips<T> strips(p);
  const PackedFilters<T> packed(p, strips, weight, bias);
  parallel_for(p.n, images_of_thread(p), [&](int64_t begin, int64_t end) {
    ZeroScratch<T> memory(frame.is_image ? 0 : frame.size), result(p.pixels() * strips.width);
    for (int64_t part = begin * p.groups; part < end * p.groups; ++part) {
      const T* framed =
          framed_images(p, frame, 1, x + part * frame.channels * p.h * p.w, memory.data());
      for (int64_t of_group = 0; of_group < strips.of_group; ++of_group) {
        const int64_t strip = part % p.groups * strips.of_group + of_group;
        multiply_lines(p, frame, offsets, strips.vectors, framed, packed.weight(strip),
                       packed.bias(strip), result.data());
        transpose(p.pixels(), strips.size(strip), result.data(), strips.width,
                  y + (part / p.groups * p.k + strips.first(strip)) * p.pixels(), p.pixels());
      }
    }
  });
}

template <class T>
void filter_weight_gradient(const ConvolutionPlan& p, const T* x, const T* g, T* dw) {
  const Frame frame(p, 1);
  const Strips<T> strips(p);
  const int64_t strip_size = p.window() * strips.width, turned_size = p.pixels() * strips.width;
  // Images are summed in a fixed number of chunks, and the chunks' sums are added in order.
  const int64_t grain = std::max(images_of_thread(p), chunk_count(p.n, 16));
  const int64_t chunks = std::max<int64_t>(1, chunk_count(p.n, grain));
  // In common vectors: it determines the order of the sums.
  const Widths& widths = common_widths<T>;
  const int64_t bytes = p.pixels() *
                        std::min(strips.filters, widths.vectors(strips.filters) * widths.vector) *
                        static_cast<int64_t>(sizeof(T));
  const int64_t together = std::clamp<int64_t>(bytes_at_once / bytes, 1, grain);
  const std::vector<int64_t> places = window_places(p, frame, together);
  ZeroScratch<T> sums(chunks * strips.count * strip_size);
  parallel_for(p.n, grain, [&](int64_t begin, int64_t end) {
    ZeroScratch<T> memory(frame.is_image ? 0 : together * frame.size),
        turned(together * turned_size);
    T* to = sums.data() + begin / grain * strips.count * strip_size;
    for (int64_t image = begin; image < end; image += together) {
      const int64_t images = std::min(together, end - image);
      const std::span known(places.data(), static_cast<std::size_t>(images * p.pixels()));
      const T* framed = nullptr;
      for (int64_t strip = 0; strip < strips.count; ++strip) {
        if (strip % strips.of_group == 0) {
          const int64_t channel = strip / strips.of_group * frame.channels;
          framed = framed_images(p, frame, images, x + (image * p.c + channel) * p.h * p.w,
                                 memory.data());
        }
        for (int64_t i = 0; i < images; ++i)
          transpose(strips.size(strip), p.pixels(),
                    g + ((image + i) * p.k + strips.first(strip)) * p.pixels(), p.pixels(),
                    turned.data() + i * turned_size, strips.width);
        multiply_windows(p, frame, strips.vectors, known, framed, turned.data(),
                         to + strip * strip_size);
      }
    }
  });
  add_chunks(p, strips, chunks, sums.data(), dw);
}

#define GRADUS_INSTANTIATE(T)                                                                 \
  template void filter_convolution(const ConvolutionPlan&, const T*, const T*, const T*, T*); \
  template void filter_weight_gradient(const ConvolutionPlan&, const T*, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
