#include "core/kernels/filter_convolution.hpp"

#include "core/kernels/direct_convolution.hpp"
#include "core/kernels/frame.hpp"
#include "core/kernels/tile.hpp"
#include "core/kernels/transpose.hpp"
#include "core/parallel.hpp"

// Vectors run along filters: a tile is a piece of a line of the result times a few vectors of
// filters. The weight is packed once, so vectors are read in order, and values of the image are
// read where they lie, one at a time. The results of a strip of filters are turned over when all
// are there.

namespace gradus::kernels {
namespace {

constexpr int64_t depth_at_once = 144;  // rows of packed weight that stay in the first-level cache
constexpr double turning = 16;      // values under a window that cost as much as turning a result
constexpr double most_waste = 1.4;  // of filters, below which other convolutions are no better
constexpr int64_t work_at_once = 1 << 18;  // multiply-adds worth a thread's while

/// Strips of filters as wide as a tile: of each the bias, then the weight (window, width).
template <class T>
class FilterStrips {
 public:
  FilterStrips(const ConvolutionPlan& p, const T* weight, const T* bias)
      : filters_(p.k / p.groups),
        vectors_(tiles<T>().vectors(filters_)),
        width_(vectors_ * tiles<T>().vector),
        window_(p.window()),
        packed_(p.groups * count() * size()) {
    for (int64_t group = 0; group < p.groups; ++group)
      for (int64_t strip = 0; strip < count(); ++strip) {
        const int64_t filter = group * filters_ + strip * width_;
        T* to = packed_.data() + (group * count() + strip) * size();
        if (bias) std::copy_n(bias + filter, filters(strip), to);
        transpose(filters(strip), window_, weight + filter * window_, window_, to + width_, width_);
      }
  }

  int64_t vectors() const { return vectors_; }
  int64_t width() const { return width_; }
  int64_t count() const { return (filters_ + width_ - 1) / width_; }
  int64_t filters(int64_t strip) const { return std::min(width_, filters_ - strip * width_); }
  const T* bias(int64_t group, int64_t strip) const {
    return packed_.data() + (group * count() + strip) * size();
  }
  const T* weight(int64_t group, int64_t strip) const { return bias(group, strip) + width_; }

 private:
  int64_t size() const { return (1 + window_) * width_; }

  int64_t filters_, vectors_, width_, window_;
  Scratch<T> packed_;
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

}  // namespace

template <class T>
bool is_for_filters(const ConvolutionPlan& p) {
  const Tiles<T>& best = tiles<T>();
  const auto waste = [&](int64_t extent) {
    return static_cast<double>(best.covered(extent, best.vectors(extent))) /
           static_cast<double>(extent);
  };
  const int64_t filters = p.k / p.groups;
  if (p.window() == 0 || filters == 0 || p.is_pointwise()) return false;
  if (!is_direct(p)) return waste(filters) < most_waste;
  return waste(filters) * (1 + turning / static_cast<double>(p.window())) < waste(p.ow);
}

template <class T>
void filter_convolution(const ConvolutionPlan& p, const T* x, const T* weight, const T* bias,
                        T* y) {
  const Frame frame(p, 1);
  const std::vector<int64_t> offsets = window_offsets(p, frame);
  const FilterStrips<T> strips(p, weight, bias);
  const int64_t work = std::max<int64_t>(1, p.k * p.window() * p.pixels());
  parallel_for(p.n, std::max<int64_t>(1, work_at_once / work), [&](int64_t begin, int64_t end) {
    Scratch<T> memory(frame.is_image ? 0 : frame.size), result(p.pixels() * strips.width());
    for (int64_t part = begin * p.groups; part < end * p.groups; ++part) {
      const T* framed = x + part * frame.channels * p.h * p.w;
      if (!frame.is_image) {
        put_in_frame(p, frame, framed, memory.data());
        framed = memory.data();
      }
      const int64_t group = part % p.groups;
      for (int64_t strip = 0; strip < strips.count(); ++strip) {
        multiply_lines(p, frame, offsets, strips.vectors(), framed, strips.weight(group, strip),
                       strips.bias(group, strip), result.data());
        transpose(p.pixels(), strips.filters(strip), result.data(), strips.width(),
                  y + (part * frame.filters + strip * strips.width()) * p.pixels(), p.pixels());
      }
    }
  });
}

#define GRADUS_INSTANTIATE(T)                              \
  template bool is_for_filters<T>(const ConvolutionPlan&); \
  template void filter_convolution(const ConvolutionPlan&, const T*, const T*, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
