#include "core/kernels/conv/choose.hpp"

#include "core/kernels/conv/frame.hpp"
#include "core/kernels/gemm/gemm.hpp"
#include "core/kernels/simd/even_odd.hpp"
#include "core/kernels/simd/vectorized.hpp"

// Y = Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A for each tile d of 4×4 pixels and its 2×2 results. For many channels
// and filters, the products at each of the 16 places form one matrix product, (filters, channels) ·
// (channels, tiles).

namespace gradus::kernels {
namespace {

constexpr int64_t places = 16;
constexpr int64_t values_at_once = 1 << 16;  // transformed pixels that fit the second-level cache
constexpr int64_t filters_at_once = 24;      // filters whose products also fit there
constexpr int64_t tiles_at_once = 192;       // tiles per product of a weight gradient
constexpr int64_t chunks_at_most = 8;        // chunks of such a gradient, added at the end
constexpr int64_t work_at_once = 1 << 18;    // multiply-adds that are worth using a thread

/// The tiles of all images, line by line.
struct Tiling {
  explicit Tiling(const ConvolutionPlan& p)
      : lines((p.oh + 1) / 2), columns((p.ow + 1) / 2), count(p.n * lines) {}

  int64_t lines, columns;  ///< per image
  int64_t count;           ///< lines of all images
};

// Between the values of two places: without it their distance could be a power of two, which would
// map all places to the same few cache lines.
constexpr int64_t padding = 16;

/// An uninitialized matrix (rows, tiles) for each place.
class Matrices {
 public:
  Matrices(int64_t rows, int64_t tiles)
      : stride(tiles), place(rows * tiles + padding), memory_(places * place) {}

  float* data() { return memory_.data(); }
  const int64_t stride, place;  ///< distance between rows, distance between matrices

 private:
  Scratch<float> memory_;
};

/// U = G·g·Gᵀ of each filter and channel in tiles of filters: packed[place][tile][channel][filter]
class TransformedWeight {
 public:
  TransformedWeight(const ConvolutionPlan& p, int64_t highest, const float* weight)
      : channels_(p.c),
        height_(tile_height(p.k, highest)),
        place_(p.k * p.c + padding),
        packed_(places * place_) {
    for (int64_t filter = 0; filter < p.k; ++filter) {
      const int64_t first = filter / height_ * height_, rows = std::min(height_, p.k - first);
      float* const to = packed_.data() + first * p.c + filter - first;
      for (int64_t channel = 0; channel < p.c; ++channel, weight += 9)
        transform(weight, to + channel * rows, place_);
    }
  }

  int64_t height() const { return height_; }
  /// The tile that starts with `filter`.
  const float* tile(int64_t place, int64_t filter) const {
    return packed_.data() + place * place_ + filter * channels_;
  }

 private:
  static void transform(const float* g, float* u, int64_t step) {
    float half[4][3];
    for (int j = 0; j < 3; ++j) {
      const float a = g[j], b = g[3 + j], c = g[6 + j];
      half[0][j] = a;
      half[1][j] = (a + b + c) / 2;
      half[2][j] = (a - b + c) / 2;
      half[3][j] = c;
    }
    for (int i = 0; i < 4; ++i, u += 4 * step) {
      const auto [a, b, c] = half[i];
      u[0] = a;
      u[step] = (a + b + c) / 2;
      u[2 * step] = (a - b + c) / 2;
      u[3 * step] = c;
    }
  }

  int64_t channels_, height_, place_;
  ZeroScratch<float> packed_;
};

/// evens[k] = x[2k], odds[k] = x[2k + 1]; n elements of x
void split(int64_t n, const float* x, float* evens, float* odds) {
  const int64_t pairs = n / 2;
  if (pairs < 4)
    for (int64_t k = 0; k < pairs; ++k) {
      evens[k] = x[2 * k];
      odds[k] = x[2 * k + 1];
    }
  else
    for_groups<8>(pairs, [&](int64_t k, auto size) {
      const auto [left, right] = load_even_odd(x + 2 * k, std::make_index_sequence<size>{});
      std::memcpy(evens + k, &left, sizeof left);
      std::memcpy(odds + k, &right, sizeof right);
    });
  if (n % 2) evens[pairs] = x[n - 1];
}

/// V = Bᵀ·d·B of a line's tiles; lines (4, width) of pixels, with the even ones before the odd
/// ones;
/// v (places, columns)
void transform_pixels(int64_t columns, int64_t width, const float* lines, int64_t place, float* v) {
  for_groups<8>(
      columns, [&](int64_t j, auto size) __attribute__((always_inline)) {
        using Values = LaneGroup<float, size>;
        Values d[4][4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i)
#pragma GCC unroll 4
          for (int k = 0; k < 4; ++k)
            std::memcpy(&d[i][k], lines + i * width + k % 2 * (width / 2) + j + k / 2,
                        sizeof d[i][k]);
        const auto store = [&](int at, const Values& value) {
          std::memcpy(v + at * place + j, &value, sizeof value);
        };
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
          Values row[4];
#pragma GCC unroll 4
          for (int k = 0; k < 4; ++k)
            row[k] = i == 0   ? d[0][k] - d[2][k]
                     : i == 1 ? d[1][k] + d[2][k]
                     : i == 2 ? d[2][k] - d[1][k]
                              : d[1][k] - d[3][k];
          store(4 * i, row[0] - row[2]);
          store(4 * i + 1, row[1] + row[2]);
          store(4 * i + 2, row[2] - row[1]);
          store(4 * i + 3, row[1] - row[3]);
        }
      });
}

/// Y = Aᵀ·m·A + bias of a line's tiles; m (places, columns), y (2, 2·columns), with a distance of
/// `width` values between lines
void transform_products(int64_t columns, const float* m, int64_t place, float bias, float* y,
                        int64_t width) {
  for_groups<8>(
      columns, [&](int64_t j, auto size) __attribute__((always_inline)) {
        constexpr std::make_index_sequence<size> each;
        using Values = LaneGroup<float, size>;
        Values upper[4], lower[4];
#pragma GCC unroll 4
        for (int k = 0; k < 4; ++k) {
          Values row[4];
#pragma GCC unroll 4
          for (int i = 0; i < 4; ++i)
            std::memcpy(&row[i], m + (4 * i + k) * place + j, sizeof row[i]);
          upper[k] = row[0] + row[1] + row[2];
          lower[k] = row[1] - row[2] - row[3];
        }
        const auto store = [&](const Values(&t)[4], float* to) {
          interleave(t[0] + t[1] + t[2] + bias, t[1] - t[2] - t[3] + bias, to + 2 * j, each);
        };
        store(upper, y);
        store(lower, y + width);
      });
}

/// V of a block of lines of tiles: (channels, tiles) for each place.
class PixelLanes {
 public:
  PixelLanes(const ConvolutionPlan& p, const Tiling& tiling, int64_t lines, int64_t tiles)
      : p_(p),
        tiling_(tiling),
        width_(2 * (tiling.columns + 9)),
        v_(p.c, tiles),
        lines_((2 * lines + 2) * width_) {}

  Matrices& load(int64_t begin, int64_t end, const float* x) {
    for (int64_t channel = 0; channel < p_.c; ++channel)
      for (int64_t line = begin, next; line < end; line = next) {
        next = std::min(end, (line / tiling_.lines + 1) * tiling_.lines);
        load(channel, line, next - line, (line - begin) * tiling_.columns, x);
      }
    return v_;
  }

 private:
  // Loads a channel of some lines of an image.
  void load(int64_t channel, int64_t line, int64_t lines, int64_t tile, const float* x) {
    const int64_t image = line / tiling_.lines, first = line % tiling_.lines * 2 - p_.padding_h;
    const float* const plane = x + (image * p_.c + channel) * p_.h * p_.w;
    // Prefetches the next channel's lines, whose addresses the processor can't predict.
    if (channel + 1 < p_.c)
      for (int64_t i = std::max<int64_t>(first, 0) * p_.w,
                   end = std::min(p_.h, first + 2 * lines + 2) * p_.w;
           i < end; i += 16)
        __builtin_prefetch(plane + p_.h * p_.w + i);
    // With padding 1 the first pixel is odd.
    const int64_t half = width_ / 2, pad = p_.padding_w;
    const int64_t evens = pad % 2 ? half + pad / 2 : pad / 2,
                  odds = pad % 2 ? pad / 2 + 1 : half + pad / 2;
    for (int64_t i = 0; i < 2 * lines + 2; ++i) {
      float* const to = lines_.data() + i * width_;
      const int64_t row = first + i;
      if (row >= 0 && row < p_.h)
        split(p_.w, plane + row * p_.w, to + evens, to + odds);
      else
        std::fill_n(to, width_, 0.0F);
    }
    for (int64_t i = 0; i < lines; ++i)
      vectorized<transform_pixels>(tiling_.columns, width_, lines_.data() + 2 * i * width_,
                                   v_.place,
                                   v_.data() + channel * v_.stride + tile + i * tiling_.columns);
  }

  const ConvolutionPlan& p_;
  const Tiling& tiling_;
  int64_t width_;  // of a line of pixels, including those that tiles read beyond it
  Matrices v_;
  ZeroScratch<float> lines_;
};

/// The results of a block of lines of tiles, with the memory a thread needs for them.
class OutputBlock {
 public:
  OutputBlock(const ConvolutionPlan& p, const Tiling& tiling, int64_t lines,
              const TransformedWeight& weight)
      : p_(p),
        tiling_(tiling),
        weight_(weight),
        vectors_(tiles<float>().vectors(lines * tiling.columns)),
        filters_(std::max<int64_t>(1, filters_at_once / weight.height()) * weight.height()),
        pixels_(p, tiling, lines, tiles<float>().covered(lines * tiling.columns, vectors_)),
        m_(filters_, tiles<float>().covered(lines * tiling.columns, vectors_)),
        results_(4 * tiling.columns) {
    for (int64_t channel = 0; channel < p.c; ++channel) offsets_.push_back(channel * m_.stride);
  }

  void compute(int64_t begin, int64_t end, const float* x, const float* bias, float* y) {
    Matrices& v = pixels_.load(begin, end, x);
    for (int64_t filter = 0; filter < p_.k; filter += filters_) {
      const int64_t last = std::min(p_.k, filter + filters_);
      multiply(filter, last, (end - begin) * tiling_.columns, v);
      for (int64_t i = filter; i < last; ++i)
        for (int64_t line = begin; line < end; ++line)
          store(i, (i - filter) * m_.stride + (line - begin) * tiling_.columns, line,
                bias ? bias[i] : 0, y);
    }
  }

 private:
  // M = U·V at each place.
  void multiply(int64_t filter, int64_t end, int64_t count, Matrices& v) {
    const Tiles<float>& best = tiles<float>();
    for (int64_t place = 0; place < places; ++place)
      for (int64_t row = filter; row < end; row += weight_.height()) {
        const auto product =
            best.product(TileKind::gathered, vectors_, std::min(weight_.height(), end - row));
        for (int64_t tile = 0; tile < count; tile += vectors_ * best.vector)
          product({.depth = p_.c,
                   .a = weight_.tile(place, row),
                   .b = v.data() + place * v.place + tile,
                   .offsets = offsets_.data(),
                   .c = m_.data() + place * m_.place + (row - filter) * m_.stride + tile,
                   .c_row = m_.stride});
      }
  }

  // Writes a filter's two lines of results.
  void store(int64_t filter, int64_t product, int64_t line, float bias, float* y) {
    const int64_t image = line / tiling_.lines, row = line % tiling_.lines * 2;
    const bool whole = 2 * tiling_.columns == p_.ow && row + 1 < p_.oh;
    float* const to = y + ((image * p_.k + filter) * p_.oh + row) * p_.ow;
    float* const at = whole ? to : results_.data();
    vectorized<transform_products>(tiling_.columns, m_.data() + product, m_.place, bias, at,
                                   2 * tiling_.columns);
    if (whole) return;
    copy_line(at, p_.ow, to);
    if (row + 1 < p_.oh) copy_line(at + 2 * tiling_.columns, p_.ow, to + p_.ow);
  }

  const ConvolutionPlan& p_;
  const Tiling& tiling_;
  const TransformedWeight& weight_;
  int64_t vectors_, filters_;
  PixelLanes pixels_;
  Matrices m_;
  ZeroScratch<float> results_;
  std::vector<int64_t> offsets_;
};

/// A·g·Aᵀ of a line's tiles, the gradient of M; g (2, 2·columns), m (places, columns)
void transform_gradient(int64_t columns, const float* g, int64_t width, int64_t place, float* m) {
  for_groups<8>(
      columns, [&](int64_t j, auto size) __attribute__((always_inline)) {
        constexpr std::make_index_sequence<size> each;
        using Values = LaneGroup<float, size>;
        const auto [a, b] = load_even_odd(g + 2 * j, each);
        const auto [c, d] = load_even_odd(g + width + 2 * j, each);
        const auto store = [&](int at, const Values& left, const Values& right) {
          const Values row[4] = {left, left + right, left - right, -right};
#pragma GCC unroll 4
          for (int k = 0; k < 4; ++k) std::memcpy(m + (at + k) * place + j, &row[k], sizeof row[k]);
        };
        store(0, a, b);
        store(4, a + c, b + d);
        store(8, a - c, b - d);
        store(12, -c, -d);
      });
}

/// Gᵀ·u·G, the gradient of a filter's 3×3 weights; u (places) at distances of `step`
void transform_weight_gradient(const float* u, int64_t step, float* dw) {
  float half[3][4];
  for (int k = 0; k < 4; ++k) {
    const float a = u[k * step], b = u[(4 + k) * step], c = u[(8 + k) * step],
                d = u[(12 + k) * step];
    half[0][k] = a + (b + c) / 2;
    half[1][k] = (b - c) / 2;
    half[2][k] = (b + c) / 2 + d;
  }
  for (const auto& [a, b, c, d] : half) {
    *dw++ = a + (b + c) / 2;
    *dw++ = (b - c) / 2;
    *dw++ = (b + c) / 2 + d;
  }
}

/// The gradient of U, (places, filters, channels), summed over lines of tiles.
class WeightBlock {
 public:
  WeightBlock(const ConvolutionPlan& p, const Tiling& tiling, int64_t lines)
      : p_(p),
        tiling_(tiling),
        pixels_(p, tiling, lines, lines * tiling.columns),
        m_(p.k, lines * tiling.columns),
        lines_(4 * tiling.columns) {}

  void add(int64_t begin, int64_t end, const float* x, const float* g, float* du) {
    Matrices& v = pixels_.load(begin, end, x);
    for (int64_t filter = 0; filter < p_.k; ++filter)
      for (int64_t line = begin; line < end; ++line)
        load(filter, line, (line - begin) * tiling_.columns, g);
    for (int64_t place = 0; place < places; ++place)
      gemm_serial(p_.k, p_.c, (end - begin) * tiling_.columns,
                  Matrix<float>{m_.data() + place * m_.place, m_.stride},
                  Matrix<float>{v.data() + place * v.place, v.stride, true}, Update::add,
                  du + place * p_.k * p_.c, p_.c);
  }

 private:
  void load(int64_t filter, int64_t line, int64_t tile, const float* g) {
    const int64_t image = line / tiling_.lines, row = line % tiling_.lines * 2;
    const int64_t width = 2 * tiling_.columns;
    const float* from = g + ((image * p_.k + filter) * p_.oh + row) * p_.ow;
    if (width != p_.ow || row + 1 == p_.oh) {
      copy_line(from, p_.ow, lines_.data());
      if (row + 1 < p_.oh)
        copy_line(from + p_.ow, p_.ow, lines_.data() + width);
      else
        std::fill_n(lines_.data() + width, width, 0.0F);
      from = lines_.data();
    }
    vectorized<transform_gradient>(tiling_.columns, from, width, m_.place,
                                   m_.data() + filter * m_.stride + tile);
  }

  const ConvolutionPlan& p_;
  const Tiling& tiling_;
  PixelLanes pixels_;
  Matrices m_;
  ZeroScratch<float> lines_;
};

// Lines per block: as many as the cache holds, or a few less if vectors then fit better.
int64_t lines_at_once(const ConvolutionPlan& p, const Tiling& tiling) {
  const Tiles<float>& best = tiles<float>();
  const int64_t most = std::max<int64_t>(1, values_at_once / (places * p.c * tiling.columns));
  const auto waste = [&](int64_t lines) {
    const int64_t count = lines * tiling.columns;
    return static_cast<double>(best.covered(count, best.vectors(count))) /
           static_cast<double>(count);
  };
  int64_t chosen = most;
  for (int64_t lines = most; lines > most / 2; --lines)
    if (waste(lines) < waste(chosen)) chosen = lines;
  return chosen;
}

}  // namespace

void winograd_convolution(const ConvolutionPlan& p, const float* x, const float* weight,
                          const float* bias, float* y) {
  const Tiling tiling(p);
  const int64_t lines = lines_at_once(p, tiling);
  const int64_t vectors = tiles<float>().vectors(lines * tiling.columns);
  const TransformedWeight transformed(p, tiles<float>().rows(vectors), weight);
  const int64_t work = places * p.c * p.k * lines * tiling.columns;
  const int64_t blocks = std::max<int64_t>(1, work_at_once / work);
  parallel_for(tiling.count, lines * blocks, [&](int64_t begin, int64_t end) {
    OutputBlock block(p, tiling, lines, transformed);
    for (int64_t line = begin; line < end; line += lines)
      block.compute(line, std::min(end, line + lines), x, bias, y);
  });
}

void winograd_weight_gradient(const ConvolutionPlan& p, const float* x, const float* g, float* dw) {
  const Tiling tiling(p);
  const int64_t lines = std::max<int64_t>(1, tiles_at_once / tiling.columns);
  // Lines are summed in a fixed number of chunks, and the chunks' sums are added in order.
  const int64_t grain = std::max(lines, chunk_count(tiling.count, chunks_at_most));
  const int64_t chunks = chunk_count(tiling.count, grain), size = p.k * p.c;
  ZeroScratch<float> sums(chunks * places * size);
  parallel_for(tiling.count, grain, [&](int64_t begin, int64_t end) {
    WeightBlock block(p, tiling, lines);
    for (int64_t line = begin; line < end; line += lines)
      block.add(line, std::min(end, line + lines), x, g,
                sums.data() + begin / grain * places * size);
  });
  parallel_for(size, 1 << 10, [&](int64_t begin, int64_t end) {
    for (int64_t chunk = 1; chunk < chunks; ++chunk)
      for (int64_t place = 0; place < places; ++place)
        for (int64_t i = place * size + begin; i < place * size + end; ++i)
          sums.data()[i] += sums.data()[chunk * places * size + i];
    for (int64_t i = begin; i < end; ++i)
      transform_weight_gradient(sums.data() + i, size, dw + 9 * i);
  });
}

}  // namespace gradus::kernels
