#include "core/ops/sort.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "core/autograd.hpp"
#include "core/kernels/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/parallel.hpp"

namespace gradus {
namespace {

constexpr uint64_t sign_bit = uint64_t{1} << 63;

// Numbers whose order is that of the elements: NaN is the largest, zeros of both signs are equal.
uint64_t rank_of(bool v) {
  return v;
}
uint64_t rank_of(int64_t v) {
  return static_cast<uint64_t>(v) ^ sign_bit;
}
uint64_t rank_of(double v) {
  if (v != v) return ~uint64_t{0};
  const auto bits = std::bit_cast<uint64_t>(v == 0 ? 0.0 : v);
  return bits & sign_bit ? ~bits : bits | sign_bit;
}

struct Ranked {
  uint64_t rank;
  int64_t index;
};
using Line = std::vector<Ranked>;

// No two are equal, so that any algorithm gives the same order.
bool comes_before(const Ranked& a, const Ranked& b) {
  return a.rank != b.rank ? a.rank < b.rank : a.index < b.index;
}

// Sorts by one byte of the rank after the other, the lowest first; each pass keeps the order of
// equal bytes.
void radix_sort(Line& line, Line& scratch) {
  constexpr int bytes = 8;
  std::array<std::array<int64_t, 256>, bytes> counts{};
  for (const Ranked& r : line)
    for (int byte = 0; byte < bytes; ++byte) ++counts[byte][r.rank >> (8 * byte) & 255];
  scratch.resize(line.size());
  for (int byte = 0; byte < bytes; ++byte) {
    std::array<int64_t, 256>& at = counts[byte];
    const auto digit = [byte](const Ranked& r) { return r.rank >> (8 * byte) & 255; };
    if (at[digit(line[0])] == std::ssize(line)) continue;
    std::exclusive_scan(at.begin(), at.end(), at.begin(), int64_t{0});
    for (const Ranked& r : line) scratch[at[digit(r)]++] = r;
    line.swap(scratch);
  }
}

// Sorts the first k of a line whose elements are in the order of their indices.
void sort_first(Line& line, int64_t k, Line& scratch) {
  // Shorter lines are sorted sooner than bytes are counted.
  constexpr int64_t shortest = 256;
  if (k == std::ssize(line) && k >= shortest) return radix_sort(line, scratch);
  if (k < std::ssize(line))
    std::nth_element(line.begin(), line.begin() + k, line.end(), comes_before);
  std::sort(line.begin(), line.begin() + k, comes_before);
}

// The indices along `dim` of the first k elements in order.
Tensor first_in_order(const Tensor& x, int dim, int64_t k, bool descending) {
  const Axis axis(x.shape(), dim);
  const int64_t n = axis.extent, inner = axis.inner;
  Tensor indices = Tensor::empty(x.shape().with(dim, k), DType::i64);
  int64_t* to = indices.mutable_data<int64_t>();
  // Sorting takes about sixteen times as long as other operations.
  const int64_t grain = kernels::elementwise_grain / 16 / std::max<int64_t>(1, n);
  dispatch(x.dtype(), [&]<class T>(T) {
    const T* from = x.data<T>();
    parallel_for(axis.outer * inner, std::max<int64_t>(1, grain), [&](int64_t begin, int64_t end) {
      Line row(static_cast<std::size_t>(n)), scratch;
      for (int64_t line = begin; line < end; ++line) {
        const int64_t outer = line / inner, at = line % inner;
        for (int64_t j = 0; j < n; ++j) {
          const uint64_t rank = rank_of(from[(outer * n + j) * inner + at]);
          row[j] = {descending ? ~rank : rank, j};
        }
        sort_first(row, k, scratch);
        for (int64_t j = 0; j < k; ++j) to[(outer * k + j) * inner + at] = row[j].index;
      }
    });
  });
  return indices;
}

Sorted chosen(const Tensor& x, int dim, const Tensor& indices) {
  return {gather(x, dim, indices), indices};
}

}  // namespace

Tensor argsort(const Tensor& x, int dim, bool descending) {
  dim = x.shape().index(dim, "argsort");
  return first_in_order(x, dim, x.size(dim), descending);
}

Sorted sort(const Tensor& x, int dim, bool descending) {
  const OperationScope scope("sort");
  dim = x.shape().index(dim, "sort");
  return chosen(x, dim, first_in_order(x, dim, x.size(dim), descending));
}

Sorted topk(const Tensor& x, int64_t k, int dim, bool largest) {
  const OperationScope scope("topk");
  dim = x.shape().index(dim, "topk");
  require(k >= 0 && k <= x.size(dim), "topk", "k must be 0 to {}, got {}", x.size(dim), k);
  return chosen(x, dim, first_in_order(x, dim, k, largest));
}

}  // namespace gradus
