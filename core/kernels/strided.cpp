#include "core/kernels/strided.hpp"

#include "core/parallel.hpp"

namespace gradus::kernels {
namespace {

constexpr int64_t grain = 1 << 15;

// A window as rows with one stride: neighbouring dimensions are merged if one continues the other.
struct WindowRows {
  explicit WindowRows(const Window& window) : offset(window.offset) {
    for (int dim = window.shape.rank() - 1; dim >= 0; --dim) {
      const int64_t extent = window.shape[dim], stride = window.strides[dim];
      if (extent == 1) continue;
      if (count > 0 && stride == strides[count - 1] * extents[count - 1])
        extents[count - 1] *= extent;
      else {
        extents[count] = extent;
        strides[count++] = stride;
      }
    }
    if (count == 0) extents[count++] = 1;
    for (int i = 1; i < count; ++i) rows *= extents[i];
  }

  int64_t columns() const { return extents[0]; }
  int64_t step() const { return strides[0]; }
  int64_t start(int64_t row) const {
    int64_t position = offset;
    for (int i = 1; i < count; ++i) {
      position += row % extents[i] * strides[i];
      row /= extents[i];
    }
    return position;
  }

  int count = 0;
  std::array<int64_t, Shape::max_rank> extents{}, strides{};
  int64_t rows = 1, offset;
};

// Calls body(start, row, rows) for each row.
template <class Body>
void for_rows(const Window& window, Body body) {
  if (window.shape.numel() == 0) return;
  const WindowRows rows(window);
  parallel_for(rows.rows, std::max<int64_t>(1, grain / rows.columns()),
               [&](int64_t begin, int64_t end) {
                 for (int64_t row = begin; row < end; ++row) body(rows.start(row), row, rows);
               });
}

}  // namespace

template <class T>
void read(const Window& window, const T* x, T* y) {
  for_rows(window, [&](int64_t start, int64_t row, const WindowRows& rows) {
    const int64_t n = rows.columns(), step = rows.step();
    T* to = y + row * n;
    if (step == 1)
      std::copy_n(x + start, n, to);
    else
      for (int64_t i = 0; i < n; ++i) to[i] = x[start + i * step];
  });
}

template <class T>
void write(const Window& window, const T* x, T* y) {
  for_rows(window, [&](int64_t start, int64_t row, const WindowRows& rows) {
    const int64_t n = rows.columns(), step = rows.step();
    const T* from = x + row * n;
    if (step == 1)
      std::copy_n(from, n, y + start);
    else
      for (int64_t i = 0; i < n; ++i) y[start + i * step] = from[i];
  });
}

#define GRADUS_INSTANTIATE(T)                      \
  template void read(const Window&, const T*, T*); \
  template void write(const Window&, const T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
GRADUS_INSTANTIATE(int64_t)
GRADUS_INSTANTIATE(bool)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
