#include "core/kernels/pooling.hpp"

#include "core/kernels/simd/even_odd.hpp"
#include "core/kernels/simd/vectorized.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

template <class Body>
void for_planes(int64_t planes, int64_t work, Body&& body) {
  const int64_t grain = std::max<int64_t>(1, (1 << 15) / std::max<int64_t>(1, work));
  parallel_for(planes, grain, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) body(plane);
  });
}

/// x (h, w), y and position (rows, columns). A NaN wins, as in PyTorch.
template <class T>
void max_pool_plane(const PoolingPlan& p, const T* x, T* y, int32_t* position) {
  for (int64_t i = 0; i < p.rows.count(); ++i)
    for (int64_t j = 0; j < p.columns.count(); ++j) {
      int32_t best = static_cast<int32_t>(p.rows.begin[i] * p.w + p.columns.begin[j]);
      for (int32_t row = p.rows.begin[i]; row < p.rows.end[i]; ++row)
        for (int32_t column = p.columns.begin[j]; column < p.columns.end[j]; ++column) {
          const int32_t at = static_cast<int32_t>(row * p.w + column);
          if (x[at] > x[best] || x[at] != x[at]) best = at;
        }
      *y++ = x[best];
      *position++ = best;
    }
}

/// The most common case, adjacent windows of 2×2; x (h, w), y and position (rows, columns)
template <class T>
void max_pool_plane_2x2(int64_t rows, int64_t columns, int64_t w, const T* x, T* y,
                        int32_t* position) {
  for (int64_t i = 0; i < rows; ++i, y += columns, position += columns) {
    const T *upper = x + 2 * i * w, *lower = upper + w;
    for_groups<8>(columns, [&](int64_t j, auto size) {
      constexpr std::make_index_sequence<size> each;
      using Values = LaneGroup<T, size>;
      using Places = LaneGroup<int32_t, size>;
      const auto in_places = [](auto mask) __attribute__((always_inline)) {
        return __builtin_convertvector(mask, Places);
      };
      const auto [a, b] = load_even_odd(upper + 2 * j, each);
      const auto [c, d] = load_even_odd(lower + 2 * j, each);
      const auto b_wins = wins_over(b, a), d_wins = wins_over(d, c);
      const Values above = b_wins ? b : a, below = d_wins ? d : c;
      const auto below_wins = wins_over(below, above);
      const Values best = below_wins ? below : above;
      // A true comparison is −1.
      const Places in_row =
          in_places(below_wins) ? static_cast<int32_t>(w) - in_places(d_wins) : -in_places(b_wins);
      const Places at = even_places(2 * (i * w + j), each) + in_row;
      std::memcpy(y + j, &best, sizeof best);
      std::memcpy(position + j, &at, sizeof at);
    });
  }
}

/// The transpose of max_pool_plane_2x2; g and position (rows, columns), dx (h, w)
template <class T>
void max_pool_gradient_2x2(int64_t rows, int64_t columns, int64_t w, const T* g,
                           const int32_t* position, T* dx) {
  const int32_t down = static_cast<int32_t>(w);
  for (int64_t i = 0; i < rows; ++i, g += columns, position += columns) {
    T *upper = dx + 2 * i * w, *lower = upper + w;
    for_groups<8>(columns, [&](int64_t j, auto size) {
      constexpr std::make_index_sequence<size> each;
      using Values = LaneGroup<T, size>;
      Values values;
      LaneGroup<int32_t, size> at;
      std::memcpy(&values, g + j, sizeof values);
      std::memcpy(&at, position + j, sizeof at);
      at -= even_places(2 * (i * w + j), each);
      const auto value_at = [&](int32_t place) -> Values {
        return __builtin_convertvector(at == place, decltype(values > values)) ? values : Values{};
      };
      interleave(value_at(0), value_at(1), upper + 2 * j, each);
      interleave(value_at(down), value_at(down + 1), lower + 2 * j, each);
    });
  }
}

// Whether every window is two pixels wide and starts where the one before it ends.
bool are_adjacent_pairs(const Windows& windows) {
  for (int64_t i = 0; i < windows.count(); ++i)
    if (windows.begin[i] != 2 * i || windows.end[i] != 2 * i + 2) return false;
  return true;
}
// Whether all windows are 2×2 and adjacent, with at least one group of them in a row.
bool has_adjacent_pairs(const PoolingPlan& p) {
  return are_adjacent_pairs(p.rows) && are_adjacent_pairs(p.columns) && p.columns.count() >= 4;
}

// The divisor of a window's sum.
template <class T>
T divisor(const PoolingPlan& p, int64_t i, int64_t j) {
  return static_cast<T>(p.count_padding ? p.rows.full[i] * p.columns.full[j]
                                        : (p.rows.end[i] - p.rows.begin[i]) *
                                              (p.columns.end[j] - p.columns.begin[j]));
}

}  // namespace

template <class T>
void max_pool(const PoolingPlan& p, const T* x, T* y, int32_t* position) {
  const bool adjacent = has_adjacent_pairs(p);
  for_planes(p.planes, p.h * p.w, [&](int64_t plane) {
    const T* from = x + plane * p.h * p.w;
    const int64_t to = plane * p.outputs();
    if (adjacent)
      vectorized<max_pool_plane_2x2<T>>(p.rows.count(), p.columns.count(), p.w, from, y + to,
                                        position + to);
    else
      vectorized<max_pool_plane<T>>(p, from, y + to, position + to);
  });
}

template <class T>
void max_pool_gradient(const PoolingPlan& p, const T* g, const int32_t* position, T* dx) {
  const bool adjacent = has_adjacent_pairs(p), all = adjacent && p.outputs() * 4 == p.h * p.w;
  for_planes(p.planes, p.h * p.w, [&](int64_t plane) {
    const T* from = g + plane * p.outputs();
    const int32_t* at = position + plane * p.outputs();
    T* to = dx + plane * p.h * p.w;
    if (!all) std::fill_n(to, p.h * p.w, T{0});
    if (adjacent)
      vectorized<max_pool_gradient_2x2<T>>(p.rows.count(), p.columns.count(), p.w, from, at, to);
    else
      for (int64_t i = 0; i < p.outputs(); ++i) to[at[i]] += from[i];
  });
}

template <class T>
void pick(const PoolingPlan& p, const T* x, const int32_t* position, T* y) {
  for_planes(p.planes, p.h * p.w, [&](int64_t plane) {
    const T* from = x + plane * p.h * p.w;
    for (int64_t i = plane * p.outputs(); i < (plane + 1) * p.outputs(); ++i)
      y[i] = from[position[i]];
  });
}

template <class T>
void average_pool(const PoolingPlan& p, const T* x, T* y) {
  for_planes(p.planes, p.h * p.w, [&](int64_t plane) {
    const T* from = x + plane * p.h * p.w;
    T* to = y + plane * p.outputs();
    for (int64_t i = 0; i < p.rows.count(); ++i)
      for (int64_t j = 0; j < p.columns.count(); ++j) {
        T total = 0;
        for (int32_t row = p.rows.begin[i]; row < p.rows.end[i]; ++row)
          for (int32_t column = p.columns.begin[j]; column < p.columns.end[j]; ++column)
            total += from[row * p.w + column];
        *to++ = total / divisor<T>(p, i, j);
      }
  });
}

template <class T>
void average_pool_gradient(const PoolingPlan& p, const T* g, T* dx) {
  for_planes(p.planes, p.h * p.w, [&](int64_t plane) {
    const T* from = g + plane * p.outputs();
    T* to = dx + plane * p.h * p.w;
    std::fill_n(to, p.h * p.w, T{0});
    for (int64_t i = 0; i < p.rows.count(); ++i)
      for (int64_t j = 0; j < p.columns.count(); ++j) {
        const T share = *from++ / divisor<T>(p, i, j);
        for (int32_t row = p.rows.begin[i]; row < p.rows.end[i]; ++row)
          for (int32_t column = p.columns.begin[j]; column < p.columns.end[j]; ++column)
            to[row * p.w + column] += share;
      }
  });
}

#define GRADUS_INSTANTIATE(T)                                                        \
  template void max_pool(const PoolingPlan&, const T*, T*, int32_t*);                \
  template void max_pool_gradient(const PoolingPlan&, const T*, const int32_t*, T*); \
  template void pick(const PoolingPlan&, const T*, const int32_t*, T*);              \
  template void average_pool(const PoolingPlan&, const T*, T*);                      \
  template void average_pool_gradient(const PoolingPlan&, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
