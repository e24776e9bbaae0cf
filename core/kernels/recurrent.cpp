#include "core/kernels/recurrent.hpp"

#include "core/kernels/gemm/gemm.hpp"
#include "core/kernels/simd/exponential.hpp"
#include "core/kernels/simd/vectorized.hpp"

// Sequences are independent: each thread computes all steps of some sequences. Their gates and
// states then stay in its cache, and no step waits for another thread.

namespace gradus::kernels {
namespace {

/// h ← f(a); a, h (n)
template <class T, bool relu>
void rnn_row(int64_t n, const T* __restrict a, T* __restrict h) {
  for (int64_t j = 0; j < n; ++j) {
    if constexpr (relu)
      h[j] = a[j] < 0 ? T{0} : a[j];
    else
      h[j] = tanh(a[j]);
  }
}

/// i, f, g, o ← σ, σ, tanh, σ; c ← f·before + i·g; h ← o·tanh(c); gates (4, n), the others (n)
template <class T>
void lstm_row(int64_t n, T* __restrict gates, const T* __restrict before, T* __restrict c,
              T* __restrict h) {
  for (int64_t j = 0; j < n; ++j) {
    const T i = sigmoid(gates[j]), f = sigmoid(gates[n + j]), g = tanh(gates[2 * n + j]),
            o = sigmoid(gates[3 * n + j]);
    gates[j] = i;
    gates[n + j] = f;
    gates[2 * n + j] = g;
    gates[3 * n + j] = o;
    c[j] = fma(f, before[j], i * g);
    h[j] = o * tanh(c[j]);
  }
}

/// r, z ← σ; n ← tanh(n + r·q); h ← (1 − z)n + z·before; gates (4, size): r, z, n, q
template <class T>
void gru_row(int64_t size, T* __restrict gates, const T* __restrict before, T* __restrict h) {
  for (int64_t j = 0; j < size; ++j) {
    const T r = sigmoid(gates[j]), z = sigmoid(gates[size + j]);
    const T n = tanh(fma(r, gates[3 * size + j], gates[2 * size + j]));
    gates[j] = r;
    gates[size + j] = z;
    gates[2 * size + j] = n;
    h[j] = fma(z, before[j] - n, n);
  }
}

/// da ← dh·f'; dh ← 0; all (n)
template <class T, bool relu>
void rnn_gradient_row(int64_t n, const T* __restrict h, T* __restrict dh, T* __restrict da) {
  for (int64_t j = 0; j < n; ++j) {
    if constexpr (relu)
      da[j] = h[j] > 0 ? dh[j] : T{0};
    else
      da[j] = dh[j] * fma(-h[j], h[j], T{1});
    dh[j] = 0;
  }
}

/// gates, da (4, n); before, c, dh, dc (n); dh ← 0, dc ← the gradient of the previous cell
template <class T>
void lstm_gradient_row(int64_t n, const T* __restrict gates, const T* __restrict before,
                       const T* __restrict c, T* __restrict dh, T* __restrict dc,
                       T* __restrict da) {
  for (int64_t j = 0; j < n; ++j) {
    const T i = gates[j], f = gates[n + j], g = gates[2 * n + j], o = gates[3 * n + j];
    const T squashed = tanh(c[j]);
    const T by_cell = fma(dh[j] * o, fma(-squashed, squashed, T{1}), dc[j]);
    da[j] = by_cell * g * fma(-i, i, i);
    da[n + j] = by_cell * before[j] * fma(-f, f, f);
    da[2 * n + j] = by_cell * i * fma(-g, g, T{1});
    da[3 * n + j] = dh[j] * squashed * fma(-o, o, o);
    dc[j] = by_cell * f;
    dh[j] = 0;
  }
}

/// gates, da (4, size): r, z, n, q; before, dh (size); dh ← dh·z
template <class T>
void gru_gradient_row(int64_t size, const T* __restrict gates, const T* __restrict before,
                      T* __restrict dh, T* __restrict da) {
  for (int64_t j = 0; j < size; ++j) {
    const T r = gates[j], z = gates[size + j], n = gates[2 * size + j], q = gates[3 * size + j];
    const T dn = dh[j] * (1 - z) * fma(-n, n, T{1});
    da[j] = dn * q * fma(-r, r, r);
    da[size + j] = dh[j] * (before[j] - n) * fma(-z, z, z);
    da[2 * size + j] = dn;
    da[3 * size + j] = dn * r;
    dh[j] *= z;
  }
}

/// y (+)= a·b; all (n)
template <class T>
void multiply_range(int64_t n, const T* __restrict a, const T* __restrict b, bool add,
                    T* __restrict y) {
  for (int64_t j = 0; j < n; ++j) y[j] = fma(a[j], b[j], add ? y[j] : T{0});
}

/// y += x; both (n)
template <class T>
void accumulate(int64_t n, const T* __restrict x, T* __restrict y) {
  for (int64_t j = 0; j < n; ++j) y[j] += x[j];
}

// Number of sequences that a thread computes at a time.
int64_t sequences_at_a_time(int64_t batch) {
  return std::clamp<int64_t>((batch + 1) / 2, 1, 16);
}

template <class T>
std::vector<PackedMatrix<T>> packed(const RecurrentPlan& plan, const T* w_hh, bool transposed) {
  std::vector<PackedMatrix<T>> result;
  for (const auto& [row, column, count] : recurrent_rows(plan)) {
    const Matrix<T> weight{w_hh + row * plan.hidden, plan.hidden, transposed};
    result.emplace_back(transposed ? plan.hidden : count, transposed ? count : plan.hidden, weight);
  }
  return result;
}

// The data of one step of one sequence.
template <class T>
void advance(Cell cell, int64_t n, T* gates, const T* before, const T* cell_before, T* after,
             T* cell_after) {
  switch (cell) {
    case Cell::rnn_tanh:
      return vectorized<rnn_row<T, false>>(n, gates, after);
    case Cell::rnn_relu:
      return vectorized<rnn_row<T, true>>(n, gates, after);
    case Cell::lstm:
      return vectorized<lstm_row<T>>(n, gates, cell_before, cell_after, after);
    case Cell::gru:
      return vectorized<gru_row<T>>(n, gates, before, after);
  }
}

// The same backward: dh becomes the gradient of the previous state, without the part through the
// product.
template <class T>
void retreat(Cell cell, int64_t n, const T* gates, const T* before, const T* cell_before,
             const T* after, const T* cell_after, T* dh, T* dc, T* dgates) {
  switch (cell) {
    case Cell::rnn_tanh:
      return vectorized<rnn_gradient_row<T, false>>(n, after, dh, dgates);
    case Cell::rnn_relu:
      return vectorized<rnn_gradient_row<T, true>>(n, after, dh, dgates);
    case Cell::lstm:
      return vectorized<lstm_gradient_row<T>>(n, gates, cell_before, cell_after, dh, dc, dgates);
    case Cell::gru:
      return vectorized<gru_gradient_row<T>>(n, gates, before, dh, dgates);
  }
}

}  // namespace

std::vector<GateRows> recurrent_rows(const RecurrentPlan& plan) {
  const int64_t n = plan.hidden;
  if (plan.cell == Cell::gru) return {{0, 0, 2 * n}, {2 * n, 3 * n, n}};
  return {{0, 0, plan.columns()}};
}

template <class T>
void recurrent(const RecurrentPlan& plan, const T* w_hh, const T* mask, T* gates, T* states,
               T* cells) {
  const int64_t n = plan.hidden, columns = plan.columns();
  const std::vector<GateRows> parts = recurrent_rows(plan);
  const std::vector<PackedMatrix<T>> weights = packed(plan, w_hh, true);
  parallel_for(plan.batch, sequences_at_a_time(plan.batch), [&](int64_t begin, int64_t end) {
    const int64_t count = end - begin;
    Scratch<T> masked(mask ? count * n : 0);
    for (int64_t i = 0; i < plan.length; ++i) {
      const int64_t time = plan.time(i), offset = (time * plan.batch + begin) * columns;
      const auto at = [&](T* values, int64_t position) {
        return values ? values + position * plan.state_size() + begin * n : nullptr;
      };
      const T *before = at(states, plan.before(time)), *cell_before = at(cells, plan.before(time));
      T *after = at(states, plan.after(time)), *cell_after = at(cells, plan.after(time));
      if (mask)
        vectorized<multiply_range<T>>(count * n, before, mask + begin * n, false, masked.data());
      for (std::size_t part = 0; part < parts.size(); ++part)
        weights[part].multiply(count, {mask ? masked.data() : before, n}, Update::add,
                               gates + offset + parts[part].column, columns);
      for (int64_t row = 0; row < count; ++row) {
        const auto of = [&](auto* values) { return values ? values + row * n : nullptr; };
        if (!plan.ended(time, begin + row)) {
          advance(plan.cell, n, gates + offset + row * columns, of(before), of(cell_before),
                  of(after), of(cell_after));
          continue;
        }
        std::copy_n(of(before), n, of(after));
        if (cells) std::copy_n(of(cell_before), n, of(cell_after));
      }
    }
  });
}

template <class T>
void recurrent_gradient(const RecurrentPlan& plan, const T* w_hh, const T* mask, const T* g,
                        const T* gates, const T* states, const T* cells, T* dgates, T* dh, T* dc) {
  const int64_t n = plan.hidden, columns = plan.columns();
  const std::vector<GateRows> parts = recurrent_rows(plan);
  const std::vector<PackedMatrix<T>> weights = packed(plan, w_hh, false);
  parallel_for(plan.batch, sequences_at_a_time(plan.batch), [&](int64_t begin, int64_t end) {
    const int64_t count = end - begin;
    Scratch<T> product(mask ? count * n : 0);
    T *dh_part = dh + begin * n, *dc_part = dc ? dc + begin * n : nullptr;
    const auto at = [&](const T* values, int64_t position) {
      return values ? values + position * plan.state_size() + begin * n : nullptr;
    };
    for (int64_t i = plan.length - 1; i >= 0; --i) {
      const int64_t time = plan.time(i), offset = (time * plan.batch + begin) * columns;
      const T *before = at(states, plan.before(time)), *cell_before = at(cells, plan.before(time));
      const T *after = at(states, plan.after(time)), *cell_after = at(cells, plan.after(time));
      T* da = dgates + offset;
      vectorized<accumulate<T>>(count * n, at(g, plan.after(time)), dh_part);
      for (int64_t row = 0; row < count; ++row) {
        const auto of = [&](auto* values) { return values ? values + row * n : nullptr; };
        if (plan.ended(time, begin + row))
          std::fill_n(da + row * columns, columns, T{0});
        else
          retreat(plan.cell, n, gates + offset + row * columns, of(before), of(cell_before),
                  of(after), of(cell_after), of(dh_part), of(dc_part), da + row * columns);
      }
      for (std::size_t part = 0; part < parts.size(); ++part)
        weights[part].multiply(count, {da + parts[part].column, columns},
                               mask && part == 0 ? Update::replace : Update::add,
                               mask ? product.data() : dh_part, n);
      if (mask)
        vectorized<multiply_range<T>>(count * n, product.data(), mask + begin * n, true, dh_part);
    }
    vectorized<accumulate<T>>(count * n, at(g, plan.first()), dh_part);
  });
}

#define GRADUS_INSTANTIATE(T)                                                                    \
  template void recurrent(const RecurrentPlan&, const T*, const T*, T*, T*, T*);                 \
  template void recurrent_gradient(const RecurrentPlan&, const T*, const T*, const T*, const T*, \
                                   const T*, const T*, T*, T*, T*);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)
#undef GRADUS_INSTANTIATE

}  // namespace gradus::kernels
