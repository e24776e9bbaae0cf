#include "core/kernels/normalization.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/kernels/kernel.hpp"
#include "core/kernels/lanes.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

constexpr int64_t grain = 1 << 14;

template <class T>
struct Sums {
  T first = 0, second = 0;
};

/// Σ (x − shift) and Σ (x − shift)²; n elements
template <class T>
GRADUS_KERNEL Sums<T> shifted_sums(int64_t n, const T* x, T shift) {
  const std::array<T, lanes> last = tail(n, x, shift);
  const Lanes<T> shifts = Lanes<T>::all(shift);
  Lanes<T> first, second;
  for (int64_t i = 0; i < n; i += lanes) {
    const Lanes<T> v = Lanes<T>::load(i + lanes <= n ? x + i : last.data()) - shifts;
    first += v;
    second += v * v;
  }
  return {first.sum(), second.sum()};
}

/// Σ g·w and Σ g·w·(x − mean); n elements, w null for 1
template <class T>
GRADUS_KERNEL Sums<T> gradient_sums(int64_t n, const T* g, const T* x, const T* w, T mean) {
  const std::array<T, lanes> last_g = tail(n, g, T{0}), last_x = tail(n, x, mean),
                             last_w = w ? tail(n, w, T{0}) : last_g;
  const Lanes<T> means = Lanes<T>::all(mean);
  Lanes<T> first, second;
  for (int64_t i = 0; i < n; i += lanes) {
    const bool whole = i + lanes <= n;
    Lanes<T> v = Lanes<T>::load(whole ? g + i : last_g.data());
    if (w) v = v * Lanes<T>::load(whole ? w + i : last_w.data());
    first += v;
    second += v * (Lanes<T>::load(whole ? x + i : last_x.data()) - means);
  }
  return {first.sum(), second.sum()};
}

/// y[i] = (x[i] − mean)·scale[·w[i]] + b; n elements, w null for 1, b null for 0, a step of 0
/// repeats
template <class T>
GRADUS_KERNEL void normalize_range(int64_t n, const T* x, T mean, T scale, const T* w, const T* b,
                                   int64_t step_b, T* y) {
  if (!w && step_b == 0) {
    const T shift = b ? *b : T{0};
    for (int64_t i = 0; i < n; ++i) y[i] = (x[i] - mean) * scale + shift;
  } else {
    for (int64_t i = 0; i < n; ++i)
      y[i] = (x[i] - mean) * scale * (w ? w[i] : T{1}) + (b ? b[i * step_b] : T{0});
  }
}

/// dx[i] = g[i]·scale[·w[i]] − a − (x[i] − mean)·c; n elements, w null for 1
template <class T>
GRADUS_KERNEL void gradient_range(int64_t n, const T* g, const T* x, const T* w, T scale, T mean,
                                  T a, T c, T* dx) {
  if (!w) {
    for (int64_t i = 0; i < n; ++i) dx[i] = g[i] * scale - a - (x[i] - mean) * c;
  } else {
    for (int64_t i = 0; i < n; ++i) dx[i] = g[i] * w[i] * scale - a - (x[i] - mean) * c;
  }
}

// Groups whose values lie in columns of a matrix (inner = 1) are taken side by side, this many.
constexpr int64_t block = 64;

/// moments of `width` ≤ block columns; x (rows, stride), mean and variance (width)
template <class T>
GRADUS_KERNEL void column_moments(int64_t rows, int64_t width, int64_t stride, const T* x, T* mean,
                                  T* variance) {
  T first[block] = {}, second[block] = {};
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t j = 0; j < width; ++j) {
      const T v = x[row * stride + j] - x[j];
      first[j] += v;
      second[j] += v * v;
    }
  for (int64_t j = 0; j < width; ++j) {
    const T shifted = first[j] / static_cast<T>(rows);
    mean[j] = x[j] + shifted;
    variance[j] = std::max(T{0}, second[j] / static_cast<T>(rows) - shifted * shifted);
  }
}

/// y = (x − mean)·rstd·weight + bias in `width` ≤ block columns; x, y (rows, stride)
template <class T>
GRADUS_KERNEL void normalize_columns(int64_t rows, int64_t width, int64_t stride, const T* x,
                                     const T* mean, const T* rstd, const T* weight, const T* bias,
                                     T* y) {
  T scale[block], shift[block];
  for (int64_t j = 0; j < width; ++j) {
    scale[j] = weight ? rstd[j] * weight[j] : rstd[j];
    shift[j] = bias ? bias[j] : T{0};
  }
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t j = 0; j < width; ++j)
      y[row * stride + j] = (x[row * stride + j] - mean[j]) * scale[j] + shift[j];
}

/// the gradients of normalize_columns; g, x, dx (rows, stride), the others (width); sums are handed
/// back in `by_bias` (Σ g) and `by_weight` (Σ g·x̂)
template <class T>
GRADUS_KERNEL void column_gradient(int64_t rows, int64_t width, int64_t stride, const T* g,
                                   const T* x, const T* mean, const T* rstd, const T* weight, T* dx,
                                   T* by_weight, T* by_bias) {
  std::fill_n(by_weight, width, T{0});
  std::fill_n(by_bias, width, T{0});
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t j = 0; j < width; ++j) {
      by_bias[j] += g[row * stride + j];
      by_weight[j] += g[row * stride + j] * (x[row * stride + j] - mean[j]);
    }
  T a[block], c[block], scale[block];
  for (int64_t j = 0; j < width; ++j) {
    a[j] = by_bias[j] / static_cast<T>(rows);
    c[j] = by_weight[j] * rstd[j] * rstd[j] / static_cast<T>(rows);
    scale[j] = weight ? rstd[j] * weight[j] : rstd[j];
    by_weight[j] *= rstd[j];
  }
  if (!dx) return;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t j = 0; j < width; ++j) {
      const int64_t at = row * stride + j;
      dx[at] = (g[at] - a[j] - (x[at] - mean[j]) * c[j]) * scale[j];
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

bool in_columns(const GroupPlan& p) {
  return p.inner == 1 && p.outer > 1;
}

// Calls columns(first, width) for blocks of groups that lie in columns, else whole(group) for each.
template <class Columns, class Whole>
void for_parts(const GroupPlan& p, Columns&& columns, Whole&& whole) {
  if (!in_columns(p)) return for_groups(p, whole);
  parallel_for(p.groups, block, [&](int64_t begin, int64_t end) { columns(begin, end - begin); });
}

// The first of the weights (or biases) of a group.
template <class T>
T* of_group(const GroupPlan& p, T* affine, int64_t group) {
  return affine ? affine + group % p.sets * p.spans() : nullptr;
}

/// normalize one group
template <class T>
void normalize_group(const GroupPlan& p, const T* x, int64_t group, T mean, T rstd, const T* weight,
                     const T* bias, T* y) {
  const T *w = of_group(p, weight, group), *b = of_group(p, bias, group);
  for (int64_t o = 0; o < p.outer; ++o) {
    const int64_t at = (o * p.groups + group) * p.inner;
    if (p.span == 1) {
      normalize_range(p.inner, x + at, mean, rstd, w, b, 1, y + at);
      continue;
    }
    for (int64_t span = 0; span < p.spans(); ++span)
      normalize_range<T>(p.span, x + at + span * p.span, mean, w ? rstd * w[span] : rstd, nullptr,
                         b ? b + span : nullptr, 0, y + at + span * p.span);
  }
}

template <class T>
const T* from(const T* values, int64_t first) {
  return values ? values + first : nullptr;
}

/// dweight and dbias, (sets, columns), when a span is one element; g, x (rows, columns), the first
/// row being number `row`
template <class T>
GRADUS_KERNEL void element_gradient(int64_t row, int64_t rows, int64_t sets, int64_t columns,
                                    const T* g, const T* x, const T* mean, const T* rstd,
                                    T* dweight, T* dbias) {
  std::fill_n(dweight, sets * columns, T{0});
  std::fill_n(dbias, sets * columns, T{0});
  for (const int64_t end = row + rows; row < end; ++row)
    for (int64_t i = 0, at = row % sets * columns; i < columns; ++i) {
      const T v = g[row * columns + i];
      dbias[at + i] += v;
      dweight[at + i] += v * (x[row * columns + i] - mean[row]) * rstd[row];
    }
}

/// normalize_gradient in columns
template <class T>
void gradient_in_columns(const GroupPlan& p, const T* g, const T* x, const T* mean, const T* rstd,
                         const T* weight, T* dx, T* dweight, T* dbias) {
  parallel_for(p.groups, block, [&](int64_t first, int64_t end) {
    const int64_t width = end - first;
    T by_weight[block], by_bias[block];
    column_gradient(p.outer, width, p.groups, g + first, x + first, mean + first, rstd + first,
                    weight ? weight + first : nullptr, dx ? dx + first : nullptr, by_weight,
                    by_bias);
    if (dweight) std::copy_n(by_weight, width, dweight + first);
    if (dbias) std::copy_n(by_bias, width, dbias + first);
  });
}

/// normalize_gradient where each element of a group has a weight of its own: spans of 1
template <class T>
void gradient_by_element(const GroupPlan& p, const T* g, const T* x, const T* mean, const T* rstd,
                         const T* weight, T* dx, T* dweight, T* dbias) {
  if (dx)
    for_groups(p, [&](int64_t group) {
      const int64_t at = group * p.inner;
      const T m = mean[group], r = rstd[group];
      const T* w = of_group(p, weight, group);
      const Sums<T> sums = gradient_sums(p.inner, g + at, x + at, w, m);
      const auto [a, c] = projection(p, sums.first, sums.second, r);
      gradient_range(p.inner, g + at, x + at, w, r, m, a, c, dx + at);
    });
  if (!dweight && !dbias) return;
  // Rows are summed in blocks, and the blocks in their order.
  const int64_t count = p.sets * p.inner;
  const int64_t rows = std::max<int64_t>(16, (1 << 16) / std::max<int64_t>(1, p.inner));
  const int64_t blocks = std::max<int64_t>(1, chunk_count(p.groups, rows));
  std::vector<T> partial(static_cast<std::size_t>(2 * blocks * count));
  parallel_for(p.groups, rows, [&](int64_t begin, int64_t end) {
    T* sums = &partial[2 * (begin / rows) * count];
    element_gradient(begin, end - begin, p.sets, p.inner, g, x, mean, rstd, sums, sums + count);
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

/// normalize_gradient where a weight is that of a span of elements
template <class T>
void gradient_by_span(const GroupPlan& p, const T* g, const T* x, const T* mean, const T* rstd,
                      const T* weight, T* dx, T* dweight, T* dbias) {
  const int64_t spans = p.spans(), count = p.sets * spans;
  std::vector<T> by_weight(static_cast<std::size_t>(p.groups * spans)), by_bias(by_weight.size());
  for_groups(p, [&](int64_t group) {
    const T m = mean[group], r = rstd[group];
    const T* w = of_group(p, weight, group);
    const auto each_span = [&](auto&& body) {
      for (int64_t span = 0; span < spans; ++span)
        for (int64_t o = 0; o < p.outer; ++o)
          body(span, (o * p.groups + group) * p.inner + span * p.span, w ? w[span] : T{1});
    };
    double first = 0, second = 0;
    std::vector<double> sums(static_cast<std::size_t>(2 * spans));
    const int64_t stride = p.groups * p.inner, last = (p.outer - 1) * stride;
    each_span([&](int64_t span, int64_t at, T scale) {
      if (at < last) {
        prefetch(p.span, g + at + stride);
        prefetch(p.span, x + at + stride);
      }
      const Sums<T> own = gradient_sums<T>(p.span, g + at, x + at, nullptr, m);
      sums[2 * span] += own.first;
      sums[2 * span + 1] += own.second;
      first += static_cast<double>(scale) * own.first;
      second += static_cast<double>(scale) * own.second;
    });
    for (int64_t span = 0; span < spans; ++span) {
      by_bias[group * spans + span] = static_cast<T>(sums[2 * span]);
      by_weight[group * spans + span] = static_cast<T>(sums[2 * span + 1] * r);
    }
    if (!dx) return;
    const auto [a, c] = projection(p, first, second, r);
    each_span([&, a = a, c = c](int64_t, int64_t at, T scale) {
      gradient_range<T>(p.span, g + at, x + at, nullptr, scale * r, m, a, c, dx + at);
    });
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
void group_moments(const GroupPlan& p, const T* x, int64_t group, T& mean, T& variance) {
  // Sums about the group's first value: nothing cancels where the mean is large.
  const T shift = p.centred ? x[group * p.inner] : T{0};
  double first = 0, second = 0;
  for (int64_t o = 0; o < p.outer; ++o) {
    const T* const own = x + (o * p.groups + group) * p.inner;
    if (o + 1 < p.outer) prefetch(p.inner, own + p.groups * p.inner);
    const Sums<T> sums = shifted_sums(p.inner, own, shift);
    first += sums.first;
    second += sums.second;
  }
  const double n = static_cast<double>(p.group_size());
  if (!p.centred) first = 0;
  mean = static_cast<T>(shift + first / n);
  variance = static_cast<T>(std::max(0.0, (second - first * first / n) / n));
}

template <class T>
std::pair<T, T> projection(const GroupPlan& p, double first, double second, T rstd) {
  const double n = static_cast<double>(p.group_size());
  return {p.centred ? static_cast<T>(first / n * rstd) : T{0},
          static_cast<T>(second / n * rstd * rstd * rstd)};
}

template <class T>
void moments(const GroupPlan& p, const T* x, T* mean, T* variance) {
  for_parts(
      p,
      [&](int64_t first, int64_t width) {
        column_moments(p.outer, width, p.groups, x + first, mean + first, variance + first);
      },
      [&](int64_t group) { group_moments(p, x, group, mean[group], variance[group]); });
}

template <class T>
void normalize(const GroupPlan& p, const T* x, const T* mean, const T* rstd, const T* weight,
               const T* bias, T* y) {
  for_parts(
      p,
      [&](int64_t first, int64_t width) {
        normalize_columns(p.outer, width, p.groups, x + first, mean + first, rstd + first,
                          from(weight, first), from(bias, first), y + first);
      },
      [&](int64_t group) {
        normalize_group(p, x, group, mean[group], rstd[group], weight, bias, y);
      });
}

template <class T>
void standardize(const GroupPlan& p, const T* x, T eps, const T* weight, const T* bias, T* mean,
                 T* variance, T* rstd, T* y) {
  const auto invert = [&](int64_t group) { rstd[group] = 1 / std::sqrt(variance[group] + eps); };
  for_parts(
      p,
      [&](int64_t first, int64_t width) {
        column_moments(p.outer, width, p.groups, x + first, mean + first, variance + first);
        for (int64_t group = first; group < first + width; ++group) invert(group);
        normalize_columns(p.outer, width, p.groups, x + first, mean + first, rstd + first,
                          from(weight, first), from(bias, first), y + first);
      },
      [&](int64_t group) {
        group_moments(p, x, group, mean[group], variance[group]);
        invert(group);
        normalize_group(p, x, group, mean[group], rstd[group], weight, bias, y);
      });
}

template <class T>
void normalize_gradient(const GroupPlan& p, const T* g, const T* x, const T* mean, const T* rstd,
                        const T* weight, T* dx, T* dweight, T* dbias) {
  const auto gradient = in_columns(p) ? gradient_in_columns<T>
                        : p.span == 1 ? gradient_by_element<T>
                                      : gradient_by_span<T>;
  gradient(p, g, x, mean, rstd, weight, dx, dweight, dbias);
}

#define GRADUS_INSTANTIATE(T)                                                                      \
  template void group_moments(const GroupPlan&, const T*, int64_t, T&, T&);                        \
  template std::pair<T, T> projection(const GroupPlan&, double, double, T);                        \
  template void moments(const GroupPlan&, const T*, T*, T*);                                       \
  template void standardize(const GroupPlan&, const T*, T, const T*, const T*, T*, T*, T*, T*);    \
  template void normalize(const GroupPlan&, const T*, const T*, const T*, const T*, const T*, T*); \
  template void normalize_gradient(const GroupPlan&, const T*, const T*, const T*, const T*,       \
                                   const T*, T*, T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
