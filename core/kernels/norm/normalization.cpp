#include "core/kernels/norm/normalization.hpp"

#include <cmath>

#include "core/kernels/norm/channel_normalization.hpp"
#include "core/kernels/simd/lanes.hpp"
#include "core/kernels/simd/vectorized.hpp"

namespace gradus::kernels {
namespace {

constexpr int64_t grain = 1 << 14;

// Groups that are columns of a matrix (inner = 1) are processed together, this many at a time.
constexpr int64_t block = 64;

/// moments of `width` ≤ block columns; x (rows, stride), mean and variance (width)
template <class T>
void column_moments(int64_t rows, int64_t width, int64_t stride, const T* x, double* mean,
                    T* variance) {
  T first[block] = {}, second[block] = {};
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t j = 0; j < width; ++j) {
      const T v = x[row * stride + j] - x[j];
      first[j] += v;
      second[j] = fma(v, v, second[j]);
    }
  for (int64_t j = 0; j < width; ++j) {
    const T shifted = first[j] / static_cast<T>(rows);
    mean[j] = static_cast<double>(x[j]) + shifted;
    variance[j] = std::max(T{0}, second[j] / static_cast<T>(rows) - shifted * shifted);
  }
}

/// y = (x − mean)·rstd·weight + bias in `width` ≤ block columns; x, y (rows, stride)
template <class T>
void normalize_columns(int64_t rows, int64_t width, int64_t stride, const T* x, const double* mean,
                       const T* rstd, const T* weight, const T* bias, T* y) {
  T head[block], scale[block], shift[block];
  for (int64_t j = 0; j < width; ++j) {
    const Centre<T> centre(mean[j]);
    head[j] = centre.head;
    scale[j] = weight ? rstd[j] * weight[j] : rstd[j];
    shift[j] = (bias ? bias[j] : T{0}) - centre.rest * scale[j];
  }
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t j = 0; j < width; ++j)
      y[row * stride + j] = fma(x[row * stride + j] - head[j], scale[j], shift[j]);
}

/// the gradients of normalize_columns; g, x, dx (rows, stride), the others (width); the sums are
/// returned in `by_bias` (Σ g) and `by_weight` (Σ g·x̂)
template <class T>
void column_gradient(int64_t rows, int64_t width, int64_t stride, const T* g, const T* x,
                     const double* mean, const T* rstd, const T* weight, T* dx, T* by_weight,
                     T* by_bias) {
  T head[block], rest[block];
  for (int64_t j = 0; j < width; ++j) {
    const Centre<T> centre(mean[j]);
    head[j] = centre.head;
    rest[j] = centre.rest;
  }
  std::fill_n(by_weight, width, T{0});
  std::fill_n(by_bias, width, T{0});
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t j = 0; j < width; ++j) {
      by_bias[j] += g[row * stride + j];
      by_weight[j] = fma(g[row * stride + j], x[row * stride + j] - head[j], by_weight[j]);
    }
  T a[block], c[block], scale[block];
  for (int64_t j = 0; j < width; ++j) {
    by_weight[j] -= rest[j] * by_bias[j];
    c[j] = by_weight[j] * rstd[j] * rstd[j] / static_cast<T>(rows);
    a[j] = by_bias[j] / static_cast<T>(rows) - rest[j] * c[j];
    scale[j] = weight ? rstd[j] * weight[j] : rstd[j];
    by_weight[j] *= rstd[j];
  }
  if (!dx) return;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t j = 0; j < width; ++j) {
      const int64_t at = row * stride + j;
      dx[at] = fma(x[at] - head[j], -c[j], g[at] - a[j]) * scale[j];
    }
}

// Calls body(group) for each group.
template <class Body>
void for_groups(const GroupPlan& p, Body&& body) {
  parallel_for(p.groups, std::max<int64_t>(1, grain / std::max<int64_t>(1, p.group_size())),
               [&](int64_t begin, int64_t end) {
                 for (int64_t group = begin; group < end; ++group) body(group);
               });
}

// The memory layout of a group's values.
enum class Layout {
  pieces,    ///< contiguous
  columns,   ///< one in each row of a matrix
  channels,  ///< a plane in each image
};
Layout layout_of(const GroupPlan& p) {
  // A batch of one sample has the layout of every other batch, so that it is computed in the same
  // way.
  const bool is_row = p.inner == 1 && p.sets == p.groups;
  if (p.outer == 1 && !is_row) return Layout::pieces;
  return p.inner == 1 ? Layout::columns : Layout::channels;
}

// Calls columns(first, width) for blocks of groups that are columns, otherwise whole(group) for
// each group.
template <class Columns, class Whole>
void for_parts(const GroupPlan& p, Columns&& columns, Whole&& whole) {
  if (layout_of(p) == Layout::pieces) return for_groups(p, whole);
  parallel_for(p.groups, block, [&](int64_t begin, int64_t end) { columns(begin, end - begin); });
}

// The first weight (or bias) of a group.
template <class T>
T* of_group(const GroupPlan& p, T* affine, int64_t group) {
  return affine ? affine + group % p.sets * p.spans() : nullptr;
}

// Near the mean of x (n), so that little is lost when squares of sums are subtracted.
template <class T>
T typical(int64_t n, const T* x) {
  const int64_t few = std::min<int64_t>(n, lanes);
  T sum = 0;
  for (int64_t i = 0; i < few; ++i) sum += x[i];
  return sum / static_cast<T>(few);
}

/// moments of one group
template <class T>
void group_moments(const GroupPlan& p, const T* x, int64_t group, double& mean, T& variance) {
  const T* const own = x + group * p.inner;
  const T shift = p.centred ? typical(p.inner, own) : T{0};
  const RowSums<T> sums = shifted_sums(p.inner, own, shift);
  moments_from_sums(p, shift, sums.first, sums.second, mean, variance);
}

/// normalize one group
template <class T>
void normalize_group(const GroupPlan& p, const T* x, int64_t group, Centre<T> mean, T rstd,
                     const T* weight, const T* bias, T* y) {
  const T *w = of_group(p, weight, group), *b = of_group(p, bias, group);
  const int64_t at = group * p.inner;
  if (p.span == 1) return normalize_elements(p.inner, x + at, mean, rstd, w, b, y + at);
  for (int64_t span = 0; span < p.spans(); ++span)
    normalize_range(p.span, x + at + span * p.span, mean, w ? rstd * w[span] : rstd,
                    b ? b[span] : T{0}, y + at + span * p.span);
}

template <class T>
const T* from(const T* values, int64_t first) {
  return values ? values + first : nullptr;
}

/// dweight and dbias, (sets, columns), if a span is one element; g, x (rows, columns); the index of
/// the first row is `row`
template <class T>
void element_gradient(int64_t row, int64_t rows, int64_t sets, int64_t columns, const T* g,
                      const T* x, const double* mean, const T* rstd, T* dweight, T* dbias) {
  std::fill_n(dweight, sets * columns, T{0});
  std::fill_n(dbias, sets * columns, T{0});
  for (const int64_t end = row + rows; row < end; ++row) {
    const Centre<T> centre(mean[row]);
    const T shift = -centre.rest * rstd[row];
    for (int64_t i = 0, at = row % sets * columns; i < columns; ++i) {
      const T v = g[row * columns + i];
      dbias[at + i] += v;
      dweight[at + i] =
          fma(v, fma(x[row * columns + i] - centre.head, rstd[row], shift), dweight[at + i]);
    }
  }
}

/// normalize_gradient for columns
template <class T>
void gradient_in_columns(const GroupPlan& p, const T* g, const T* x, const double* mean,
                         const T* rstd, const T* weight, T* dx, T* dweight, T* dbias) {
  parallel_for(p.groups, block, [&](int64_t first, int64_t end) {
    const int64_t width = end - first;
    T by_weight[block], by_bias[block];
    vectorized<column_gradient<T>>(p.outer, width, p.groups, g + first, x + first, mean + first,
                                   rstd + first, weight ? weight + first : nullptr,
                                   dx ? dx + first : nullptr, by_weight, by_bias);
    if (dweight) std::copy_n(by_weight, width, dweight + first);
    if (dbias) std::copy_n(by_bias, width, dbias + first);
  });
}

/// normalize_gradient if each element of a group has its own weight (span 1)
template <class T>
void gradient_by_element(const GroupPlan& p, const T* g, const T* x, const double* mean,
                         const T* rstd, const T* weight, T* dx, T* dweight, T* dbias) {
  if (dx)
    for_groups(p, [&](int64_t group) {
      const int64_t at = group * p.inner;
      const Centre<T> m(mean[group]);
      const T r = rstd[group];
      const T* w = of_group(p, weight, group);
      const RowSums<T> sums = gradient_sums(p.inner, g + at, x + at, w, m);
      const auto [a, c] = projection(p, sums.first, sums.second, r);
      gradient_range(p.inner, g + at, x + at, w, r, m, a, c, dx + at);
    });
  if (!dweight && !dbias) return;
  // Rows are summed in blocks, and the blocks' sums are added in order.
  const int64_t count = p.sets * p.inner;
  const int64_t rows = std::max<int64_t>(16, (1 << 16) / std::max<int64_t>(1, p.inner));
  const int64_t blocks = std::max<int64_t>(1, chunk_count(p.groups, rows));
  std::vector<T> partial(static_cast<std::size_t>(2 * blocks * count));
  parallel_for(p.groups, rows, [&](int64_t begin, int64_t end) {
    T* sums = &partial[2 * (begin / rows) * count];
    vectorized<element_gradient<T>>(begin, end - begin, p.sets, p.inner, g, x, mean, rstd, sums,
                                    sums + count);
  });
  for (int64_t i = 0; i < count; ++i) {
    T by_weight = 0, by_bias = 0;
    for (int64_t b = 0; b < blocks; ++b) {
      by_weight += partial[2 * b * count + i];
      by_bias += partial[(2 * b + 1) * count + i];
    }
    if (dweight) dweight[i] = by_weight;
    if (dbias) dbias[i] = by_bias;
  }
}

/// normalize_gradient if a span of elements shares a weight
template <class T>
void gradient_by_span(const GroupPlan& p, const T* g, const T* x, const double* mean, const T* rstd,
                      const T* weight, T* dx, T* dweight, T* dbias) {
  const int64_t spans = p.spans(), count = p.sets * spans;
  std::vector<T> by_weight(static_cast<std::size_t>(p.groups * spans)), by_bias(by_weight.size());
  for_groups(p, [&](int64_t group) {
    const Centre<T> m(mean[group]);
    const T r = rstd[group];
    const T* w = of_group(p, weight, group);
    double first = 0, second = 0;
    for (int64_t span = 0; span < spans; ++span) {
      const int64_t at = group * p.inner + span * p.span;
      const RowSums<T> own = gradient_sums<T>(p.span, g + at, x + at, nullptr, m);
      by_bias[group * spans + span] = own.first;
      by_weight[group * spans + span] = own.second * r;
      const double scale = w ? w[span] : 1;
      first += scale * own.first;
      second += scale * own.second;
    }
    if (!dx) return;
    const auto [a, c] = projection(p, first, second, r);
    for (int64_t span = 0; span < spans; ++span) {
      const int64_t at = group * p.inner + span * p.span;
      gradient_range<T>(p.span, g + at, x + at, nullptr, w ? w[span] * r : r, m, a, c, dx + at);
    }
  });
  for (int64_t i = 0; i < count; ++i) {
    T weights = 0, biases = 0;
    for (int64_t at = i; at < p.groups * spans; at += count) {
      weights += by_weight[at];
      biases += by_bias[at];
    }
    if (dweight) dweight[i] = weights;
    if (dbias) dbias[i] = biases;
  }
}

}  // namespace

template <class T>
void moments(const GroupPlan& p, const T* x, double* mean, T* variance) {
  if (layout_of(p) == Layout::channels) return channel_moments(p, x, mean, variance);
  for_parts(
      p,
      [&](int64_t first, int64_t width) {
        vectorized<column_moments<T>>(p.outer, width, p.groups, x + first, mean + first,
                                      variance + first);
      },
      [&](int64_t group) { group_moments(p, x, group, mean[group], variance[group]); });
}

template <class T>
void normalize(const GroupPlan& p, const T* x, const double* mean, const T* rstd, const T* weight,
               const T* bias, T* y) {
  if (layout_of(p) == Layout::channels)
    return normalize_channels(p, x, mean, rstd, weight, bias, y);
  for_parts(
      p,
      [&](int64_t first, int64_t width) {
        vectorized<normalize_columns<T>>(p.outer, width, p.groups, x + first, mean + first,
                                         rstd + first, from(weight, first), from(bias, first),
                                         y + first);
      },
      [&](int64_t group) {
        normalize_group(p, x, group, Centre<T>(mean[group]), rstd[group], weight, bias, y);
      });
}

template <class T>
void standardize(const GroupPlan& p, const T* x, T eps, const T* weight, const T* bias,
                 double* mean, T* variance, T* rstd, T* y) {
  const auto invert = [&](int64_t group) { rstd[group] = 1 / std::sqrt(variance[group] + eps); };
  if (layout_of(p) == Layout::channels) {
    channel_moments(p, x, mean, variance);
    for (int64_t group = 0; group < p.groups; ++group) invert(group);
    return normalize_channels(p, x, mean, rstd, weight, bias, y);
  }
  for_parts(
      p,
      [&](int64_t first, int64_t width) {
        vectorized<column_moments<T>>(p.outer, width, p.groups, x + first, mean + first,
                                      variance + first);
        for (int64_t group = first; group < first + width; ++group) invert(group);
        vectorized<normalize_columns<T>>(p.outer, width, p.groups, x + first, mean + first,
                                         rstd + first, from(weight, first), from(bias, first),
                                         y + first);
      },
      [&](int64_t group) {
        group_moments(p, x, group, mean[group], variance[group]);
        invert(group);
        normalize_group(p, x, group, Centre<T>(mean[group]), rstd[group], weight, bias, y);
      });
}

template <class T>
void normalize_gradient(const GroupPlan& p, const T* g, const T* x, const double* mean,
                        const T* rstd, const T* weight, T* dx, T* dweight, T* dbias) {
  const Layout layout = layout_of(p);
  const auto gradient = layout == Layout::channels  ? channel_gradient<T>
                        : layout == Layout::columns ? gradient_in_columns<T>
                        : p.span == 1               ? gradient_by_element<T>
                                                    : gradient_by_span<T>;
  gradient(p, g, x, mean, rstd, weight, dx, dweight, dbias);
}

#define GRADUS_INSTANTIATE(T)                                                                      \
  template void moments(const GroupPlan&, const T*, double*, T*);                                  \
  template void standardize(const GroupPlan&, const T*, T, const T*, const T*, double*, T*, T*,    \
                            T*);                                                                   \
  template void normalize(const GroupPlan&, const T*, const double*, const T*, const T*, const T*, \
                          T*);                                                                     \
  template void normalize_gradient(const GroupPlan&, const T*, const T*, const double*, const T*,  \
                                   const T*, T*, T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
