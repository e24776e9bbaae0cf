// gemm: the matrix product.
#pragma once

#include <memory>
#include <optional>

#include "core/kernels/gemm/openblas.hpp"
#include "core/kernels/gemm/tiles.hpp"
#include "core/kernels/scratch.hpp"
#include "core/parallel.hpp"

namespace gradus::kernels {

/// The partial sums of A·B, with the depth k: several if A is in rows and B transposed, whose rows
/// are then both read along the depth, so that few rows of A needn't wait for B to be packed. The
/// number never depends on the rows of A: a sample's result doesn't depend on its batch.
template <class T>
int64_t sums_of_product(int64_t k, Matrix<T> a, Matrix<T> b) {
  constexpr int64_t long_row = 64;
  return !a.transposed && b.transposed && k >= long_row ? partial_sums : 1;
}

/// The left operand A (m, k) in tiles of rows. A transposed operand is packed, tile[p][row],
/// because its columns map to the same cache lines. Rows for several partial sums are copied, block
/// by block, with the elements of each sum side by side; others are read in place.
template <class T>
class LeftRows {
 public:
  LeftRows(int64_t m, int64_t k, Matrix<T> a, int64_t sums);

  int64_t size() const { return m_; }
  int64_t depth() const { return k_; }
  /// The number of rows of a tile; of the tile that starts with `row`.
  int64_t height() const { return height_; }
  int64_t count(int64_t row) const { return std::min(height_, m_ - row); }
  int64_t sums() const { return sums_; }
  /// The tile that starts with `row`, from column p; the first of a block if there are several
  /// sums.
  const T* at(int64_t row, int64_t p) const {
    const T* const packed = packed_ ? packed_->data() : nullptr;
    if (a_.transposed) return packed + row * k_ + p * count(row);
    return sums_ > 1 ? packed + row * row_step() + p : a_.from(row, p).data;
  }
  TileKind kind() const { return a_.transposed ? TileKind::packed : TileKind::in_rows; }
  int64_t row_step() const {
    return a_.transposed ? 1 : sums_ > 1 ? chunk_count(k_, sums_) * sums_ : a_.stride;
  }

 private:
  int64_t m_, k_, sums_, height_;
  Matrix<T> a_;
  std::optional<Scratch<T>> packed_;
};

/// C ← A·B (+ C) on the calling thread; A as above, B (k, n), C (m, n) with `stride` elements per
/// row. An element's sum doesn't depend on how the product is divided.
template <class T>
void multiply(const LeftRows<T>& a, int64_t n, Matrix<T> b, Update update, T* c, int64_t stride);

/// The same for few rows of A in several partial sums; B is transposed and read in place.
template <class T>
void multiply_rows(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
                   int64_t stride);
/// Whether that is faster than packing B.
inline bool are_few_rows(int64_t m, int64_t sums) {
  constexpr int64_t most = 8;  // measured
  return sums > 1 && m <= most;
}

/// The same for a matrix A (m, k).
template <class T>
void gemm_serial(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
                 int64_t stride) {
  if (const OpenBlas* library = chosen_openblas())
    library->multiply(m, n, k, a, b, update, c, stride);
  else if (are_few_rows(m, sums_of_product(k, a, b)))
    multiply_rows(m, n, k, a, b, update, c, stride);
  else
    multiply(LeftRows<T>(m, k, a, sums_of_product(k, a, b)), n, b, update, c, stride);
}

/// A matrix packed once, for many products with it on the right, such as a recurrent layer's weight
/// in all steps.
template <class T>
class PackedMatrix {
 public:
  /// b (k, n), k ≥ 1. Products have so many partial sums; for several ones A must not be
  /// transposed.
  PackedMatrix(int64_t k, int64_t n, Matrix<T> b, int64_t sums = 1);
  /// C ← A·B (+ C) on the calling thread; A (m, k), C (m, n) with `stride` elements per row.
  void multiply(int64_t m, Matrix<T> a, Update update, T* c, int64_t stride) const;

 private:
  int64_t k_, n_, sums_;
  std::unique_ptr<Storage> memory_;
};

/// The division of a product among threads: the longer side of the result in parts of `grain`,
/// enough parts for several threads and each large enough for one.
struct GemmDivision {
  GemmDivision(int64_t m, int64_t n, int64_t k) : by_columns(n >= m), length(std::max(m, n)) {
    constexpr int64_t work = 1 << 21, narrowest = 64;
    const int64_t parts =
        std::clamp<int64_t>(m * n * k / work, 1, std::max<int64_t>(1, length / narrowest));
    grain = (length + parts - 1) / parts;
    if (parts > 1) grain = (grain + 31) / 32 * 32;
  }

  bool by_columns;
  int64_t length, grain;
};

/// C ← A·B (+ C) on all threads; `epilogue(row, rows, column, columns)` is called for each finished
/// part of C while it is in the cache.
template <class T, class Epilogue>
void gemm(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
          int64_t stride, Epilogue&& epilogue) {
  const GemmDivision division(m, n, k);
  const int64_t sums = sums_of_product(k, a, b);
  if (const OpenBlas* library = chosen_openblas()) {
    const bool by_columns = division.by_columns;
    parallel_for(division.length, division.grain, [&](int64_t begin, int64_t end) {
      const int64_t row = by_columns ? 0 : begin, rows = by_columns ? m : end - begin;
      const int64_t column = by_columns ? begin : 0, columns = by_columns ? end - begin : n;
      library->multiply(rows, columns, k, a.from(row, 0), b.from(0, column), update,
                        c + row * stride + column, stride);
      epilogue(row, rows, column, columns);
    });
  } else if (are_few_rows(m, sums)) {
    parallel_for(n, division.by_columns ? division.grain : n, [&](int64_t begin, int64_t end) {
      multiply_rows(m, end - begin, k, a, b.from(0, begin), update, c + begin, stride);
      epilogue(int64_t{0}, m, begin, end - begin);
    });
  } else if (division.by_columns || k == 0) {
    const LeftRows<T> rows(m, k, a, sums);
    parallel_for(n, division.grain, [&](int64_t begin, int64_t end) {
      multiply(rows, end - begin, b.from(0, begin), update, c + begin, stride);
      epilogue(int64_t{0}, m, begin, end - begin);
    });
  } else {
    const PackedMatrix<T> packed(k, n, b, sums);
    parallel_for(m, division.grain, [&](int64_t begin, int64_t end) {
      packed.multiply(end - begin, a.from(begin, 0), update, c + begin * stride, stride);
      epilogue(begin, end - begin, int64_t{0}, n);
    });
  }
}
template <class T>
void gemm(int64_t m, int64_t n, int64_t k, Matrix<T> a, Matrix<T> b, Update update, T* c,
          int64_t stride) {
  gemm(m, n, k, a, b, update, c, stride, [](int64_t, int64_t, int64_t, int64_t) {});
}

}  // namespace gradus::kernels
