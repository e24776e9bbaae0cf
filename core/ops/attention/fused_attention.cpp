// The fused form of attention: blocks of queries against blocks of keys.
#include "core/kernels/attended_row.hpp"
#include "core/kernels/gemm/gemm.hpp"
#include "core/kernels/simd/logarithm.hpp"
#include "core/ops/attention/attention_plan.hpp"
#include "core/ops/detail/checks.hpp"

namespace gradus::detail {
namespace {

using kernels::KeyMask;
using kernels::Matrix;
using kernels::Update;

constexpr int64_t query_block = AttentionPlan::query_block, key_block = AttentionPlan::key_block;

// Where a head's part of the mask begins, and the distances of its rows and columns.
struct MaskPlaces {
  explicit MaskPlaces(const AttentionPlan& plan) {
    if (!plan.mask.defined()) return;
    const Shape& shape = plan.mask.shape();
    row_step = shape[-2] == 1 ? 0 : shape[-1];
    key_step = shape[-1] == 1 ? 0 : 1;
    for (int dim = 0; dim < shape.rank() - 2; ++dim) extents.push_back(plan.scores[dim]);
    int64_t step = shape[-2] * shape[-1];
    for (int dim = shape.rank() - 3; dim >= 0; --dim) {
      steps.insert(steps.begin(), shape[dim] == 1 ? 0 : step);
      step *= shape[dim];
    }
  }

  int64_t of_head(int64_t head) const {
    int64_t place = 0;
    for (std::size_t dim = extents.size(); dim-- > 0; head /= extents[dim])
      place += head % extents[dim] * steps[dim];
    return place;
  }

  int64_t row_step = 0, key_step = 0;
  std::vector<int64_t> extents, steps;
};

// One head of one sample.
struct Head {
  int64_t sample, head;
};

// What the threads share.
template <class T>
struct FusedInputs {
  const AttentionPlan& plan;
  const AttentionRows& rows;
  const T *query, *key, *value;
  MaskPlaces places{plan};

  KeyMask<T> mask(Head h, int64_t row, int64_t first_key, int64_t count) const {
    KeyMask<T> result{std::clamp<int64_t>(plan.visible(row) - first_key, 0, count), nullptr,
                      nullptr, places.key_step};
    if (!plan.mask.defined()) return result;
    const int64_t place = places.of_head(h.sample * plan.heads + h.head) + row * places.row_step +
                          first_key * places.key_step;
    if (plan.mask.dtype() == DType::boolean)
      result.allowed = plan.mask.data<bool>() + place;
    else
      result.added = plan.mask.data<T>() + place;
    return result;
  }
  // Whether query `row` may attend to any key.
  bool has_key(Head h, int64_t row) const {
    const KeyMask<T> keys = mask(h, row, 0, plan.keys);
    for (int64_t j = 0; j < keys.visible; ++j)
      if ((!keys.allowed || keys.allowed[j * keys.step]) &&
          (!keys.added || keys.added[j * keys.step] != -std::numeric_limits<T>::infinity()))
        return true;
    return false;
  }
  Matrix<T> queries(Head h, int64_t row) const {
    return {query + rows.query.at(h.sample, h.head, row), rows.query.row_step};
  }
  Matrix<T> keys(Head h, int64_t first) const {
    return {key + rows.key.at(h.sample, h.head / plan.group, first), rows.key.row_step};
  }
  Matrix<T> values(Head h, int64_t first) const {
    return {value + rows.value.at(h.sample, h.head / plan.group, first), rows.value.row_step};
  }
};

template <class T>
Matrix<T> transposed(Matrix<T> matrix) {
  matrix.transposed = true;
  return matrix;
}

// Memory for a block of scores.
template <class T>
class Block {
 public:
  T* row(int64_t i) { return data() + i * key_block; }
  T* data() { return memory_.data(); }
  Matrix<T> matrix() { return {data(), key_block}; }

 private:
  kernels::Scratch<T> memory_{query_block * key_block};
};

// The number of a row's elements that kernels process: the block's keys, and what makes it whole
// vectors.
int64_t whole_vectors(int64_t count) {
  return chunk_count(count, 16) * 16;
}

// x ← x·kept; both in rows of key_block elements
template <class T>
void drop(const Tensor& kept, int64_t rows, int64_t count, Block<T>& x) {
  const T* const factor = kept.data<T>();
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < count; ++j) x.row(i)[j] *= factor[i * key_block + j];
}

// x ← 0; `rows` rows of `width` numbers
template <class T>
void clear_rows(int64_t rows, int64_t width, int64_t step, T* x) {
  for (int64_t i = 0; i < rows; ++i) std::fill_n(x + i * step, width, T{0});
}

// A block of queries of one head: y (count rows of V numbers) and log_sum (count).
template <class T>
void attend_block(const FusedInputs<T>& in, Head h, int64_t first, int64_t rows, Block<T>& weights,
                  T* y, T* log_sum) {
  const AttentionPlan& plan = in.plan;
  const int64_t width = plan.value_width, step = in.rows.y.row_step;
  std::array<kernels::RunningSoftmax<T>, query_block> softmax;
  softmax.fill({-std::numeric_limits<T>::infinity(), 0});
  clear_rows(rows, width, step, y);
  for (int64_t key = 0; key < plan.visible(first + rows - 1); key += key_block) {
    const int64_t count = std::min(key_block, plan.keys - key);
    kernels::gemm_serial(rows, count, plan.width, in.queries(h, first), transposed(in.keys(h, key)),
                         Update::replace, weights.data(), key_block);
    for (int64_t i = 0; i < rows; ++i) {
      const T factor = kernels::attend_row(whole_vectors(count), static_cast<T>(plan.scale),
                                           in.mask(h, first + i, key, count), weights.row(i),
                                           softmax[static_cast<std::size_t>(i)]);
      if (key > 0) kernels::scale_row(width, factor, y + i * step);
    }
    if (plan.dropout > 0)
      drop(plan.kept(h.sample * plan.heads + h.head, first, key, dtype_of<T>), rows, count,
           weights);
    kernels::gemm_serial(rows, width, count, weights.matrix(), in.values(h, key), Update::add, y,
                         step);
  }
  for (int64_t i = 0; i < rows; ++i) {
    const auto [largest, sum] = softmax[static_cast<std::size_t>(i)];
    if (sum == 0 && !in.has_key(h, first + i)) {
      log_sum[i] = std::numeric_limits<T>::infinity();
      continue;
    }
    kernels::scale_row(width, 1 / sum, y + i * step);
    log_sum[i] = largest + kernels::log(sum);
  }
}

// The output of an attention and its gradient.
template <class T>
struct Outputs {
  const T *y, *log_sum, *g;
};

// Adds the gradients by one block of queries of one head.
template <class T>
void add_gradients(const FusedInputs<T>& in, const Outputs<T>& out, Head h, int64_t first,
                   int64_t rows, Block<T>& weights, Block<T>& dscores, T* dq, T* dk, T* dv) {
  const AttentionPlan& plan = in.plan;
  const int64_t width = plan.value_width, place = in.rows.y.at(h.sample, h.head, first);
  const Matrix<T> upstream{out.g + place, in.rows.y.row_step};
  const T* const log_sum = out.log_sum + (h.sample * plan.heads + h.head) * plan.queries + first;
  std::array<T, query_block> means;
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t row = place + i * in.rows.y.row_step;
    means[static_cast<std::size_t>(i)] = kernels::dot_row(width, out.g + row, out.y + row);
  }
  for (int64_t key = 0; key < plan.visible(first + rows - 1); key += key_block) {
    const int64_t count = std::min(key_block, plan.keys - key);
    kernels::gemm_serial(rows, count, plan.width, in.queries(h, first), transposed(in.keys(h, key)),
                         Update::replace, weights.data(), key_block);
    kernels::gemm_serial(rows, count, width, upstream, transposed(in.values(h, key)),
                         Update::replace, dscores.data(), key_block);
    Tensor kept;
    if (plan.dropout > 0) {
      kept = plan.kept(h.sample * plan.heads + h.head, first, key, dtype_of<T>);
      drop(kept, rows, count, dscores);
    }
    const T scale = static_cast<T>(plan.scale);
    for (int64_t i = 0; i < rows; ++i) {
      kernels::weigh_row(whole_vectors(count), scale, in.mask(h, first + i, key, count), log_sum[i],
                         weights.row(i));
      kernels::softmax_row_gradient(count, scale, means[static_cast<std::size_t>(i)],
                                    weights.row(i), dscores.row(i));
    }
    if (plan.dropout > 0) drop(kept, rows, count, weights);
    const int64_t shared = h.head / plan.group;
    const auto& [query_rows, key_rows, value_rows, y_rows] = in.rows;
    kernels::gemm_serial(count, width, rows, transposed(weights.matrix()), upstream, Update::add,
                         dv + value_rows.at(h.sample, shared, key), value_rows.row_step);
    kernels::gemm_serial(count, plan.width, rows, transposed(dscores.matrix()),
                         in.queries(h, first), Update::add, dk + key_rows.at(h.sample, shared, key),
                         key_rows.row_step);
    kernels::gemm_serial(rows, plan.width, count, dscores.matrix(), in.keys(h, key), Update::add,
                         dq + query_rows.at(h.sample, h.head, first), query_rows.row_step);
  }
}

// How many pieces of work of so many products are worth a thread.
int64_t pieces(int64_t products) {
  return std::max<int64_t>(1, (int64_t{1} << 18) / std::max<int64_t>(1, products));
}

}  // namespace

Tensor fused_attention(const AttentionPlan& plan, const AttentionRows& rows, const Tensor& query,
                       const Tensor& key, const Tensor& value, Tensor& y) {
  Tensor sums = Tensor::empty({plan.samples, plan.heads, plan.queries}, query.dtype());
  dispatch_floating("scaled_dot_product_attention", query.dtype(), [&]<class T>(T) {
    const FusedInputs<T> in{plan, rows, query.data<T>(), key.data<T>(), value.data<T>()};
    T *const to = y.mutable_data<T>(), *const log_sum = sums.mutable_data<T>();
    const int64_t blocks = chunk_count(plan.queries, query_block);
    parallel_for(plan.samples * plan.heads * blocks,
                 pieces(query_block * plan.keys * (plan.width + plan.value_width)),
                 [&](int64_t begin, int64_t end) {
                   Block<T> weights;
                   for (int64_t i = begin; i < end; ++i) {
                     const int64_t head = i / blocks, first = i % blocks * query_block;
                     const Head h{head / plan.heads, head % plan.heads};
                     attend_block(in, h, first, std::min(query_block, plan.queries - first),
                                  weights, to + rows.y.at(h.sample, h.head, first),
                                  log_sum + head * plan.queries + first);
                   }
                 });
  });
  return sums;
}

void fused_attention_gradients(const AttentionPlan& plan, const AttentionRows& rows,
                               const Tensor& query, const Tensor& key, const Tensor& value,
                               const Tensor& y, const Tensor& log_sum, const Tensor& g, Tensor& dq,
                               Tensor& dk, Tensor& dv) {
  dispatch_floating("scaled_dot_product_attention", query.dtype(), [&]<class T>(T) {
    const FusedInputs<T> in{plan, rows, query.data<T>(), key.data<T>(), value.data<T>()};
    const Outputs<T> out{y.data<T>(), log_sum.data<T>(), g.data<T>()};
    T *const to_q = dq.mutable_data<T>(), *const to_k = dk.mutable_data<T>(),
             *const to_v = dv.mutable_data<T>();
    // The heads that share keys and values add to the same gradients, one after the other.
    const int64_t shared = plan.heads / plan.group;
    parallel_for(
        plan.samples * shared,
        pieces(plan.group * plan.queries * plan.keys * (3 * plan.width + 2 * plan.value_width)),
        [&](int64_t begin, int64_t end) {
          Block<T> weights, dscores;
          const auto& [q_rows, k_rows, v_rows, y_rows] = rows;
          for (int64_t i = begin; i < end; ++i) {
            const int64_t sample = i / shared, of_keys = i % shared;
            clear_rows(plan.keys, plan.width, k_rows.row_step,
                       to_k + k_rows.at(sample, of_keys, 0));
            clear_rows(plan.keys, plan.value_width, v_rows.row_step,
                       to_v + v_rows.at(sample, of_keys, 0));
            for (int64_t member = 0; member < plan.group; ++member) {
              const Head h{sample, of_keys * plan.group + member};
              clear_rows(plan.queries, plan.width, q_rows.row_step,
                         to_q + q_rows.at(sample, h.head, 0));
              for (int64_t first = 0; first < plan.queries; first += query_block)
                add_gradients(in, out, h, first, std::min(query_block, plan.queries - first),
                              weights, dscores, to_q, to_k, to_v);
            }
          }
        });
  });
}

}  // namespace gradus::detail
