#include "core/ops/sort.hpp"

#include <algorithm>
#include <bit>

#include "core/kernels/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/parallel.hpp"

namespace gradus {
namespace {

constexpr uint64_t sign_bit = uint64_t{1} << 63;

// Numbers whose order is that of the elements: NaN is the largest, zeros of both signs are equal.
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

// No two are equal, so that any algorithm gives the same order.
bool comes_before(const Ranked& a, const Ranked& b) {
  return a.rank != b.rank ? a.rank < b.rank : a.index < b.index;
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
      std::vector<Ranked> row(static_cast<std::size_t>(n));
      for (int64_t line = begin; line < end; ++line) {
        const int64_t outer = line / inner, at = line % inner;
        for (int64_t j = 0; j < n; ++j) {
          const uint64_t rank = rank_of(from[(outer * n + j) * inner + at]);
          row[j] = {descending ? ~rank : rank, j};
        }
        if (k < n) std::nth_element(row.begin(), row.begin() + k, row.end(), comes_before);
        std::sort(row.begin(), row.begin() + k, comes_before);
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
  dim = x.shape().index(dim, "sort");
  return chosen(x, dim, first_in_order(x, dim, x.size(dim), descending));
}

Sorted topk(const Tensor& x, int64_t k, int dim, bool largest) {
  dim = x.shape().index(dim, "topk");
  require(k >= 0 && k <= x.size(dim), "topk", "k must be 0 to {}, got {}", x.size(dim), k);
  return chosen(x, dim, first_in_order(x, dim, k, largest));
}

}  // namespace gradus
