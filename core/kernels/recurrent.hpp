// The steps of recurrent layers.
#pragma once

#include <vector>

#include "core/cell.hpp"

namespace gradus::kernels {

/// One layer in one direction: `length` steps of `batch` sequences, each with a state of `hidden`
/// values. States stand in the order of time, the first state before or, in reverse, after them.
struct RecurrentPlan {
  Cell cell;
  int64_t length, batch, hidden;
  bool reverse = false;
  const int64_t* lengths = nullptr;  ///< (batch), the steps of each sequence; null for all

  /// Numbers for each sequence and step in `gates`: of a GRU also what the reset gate multiplies.
  int64_t columns() const { return hidden * (cell == Cell::gru ? 4 : gate_count(cell)); }
  int64_t state_size() const { return batch * hidden; }
  /// When the i-th step is taken, and where the states before and after it stand.
  int64_t time(int64_t i) const { return reverse ? length - 1 - i : i; }
  int64_t before(int64_t time) const { return time + reverse; }
  int64_t after(int64_t time) const { return time + !reverse; }
  int64_t first() const { return reverse ? length : 0; }
  int64_t last() const { return length - first(); }
  bool ended(int64_t time, int64_t sequence) const { return lengths && time >= lengths[sequence]; }
};

/// Rows of the recurrent weight and the columns of `gates` that they compute.
struct GateRows {
  int64_t row, column, count;
};
std::vector<GateRows> recurrent_rows(const RecurrentPlan& plan);

/// All steps. `gates` (length, batch, columns) has x·W_ihᵀ and all biases at first; then, after
/// their functions, i, f, g, o of an LSTM, or r, z, n of a GRU and W_hn h + b_hn (at first b_hn).
/// `states` and an LSTM's `cells` (length + 1, batch, hidden) hold the first state at entry;
/// w_hh (gate_count·hidden, hidden); mask null or (batch, hidden), a factor of the state in the
/// product. A sequence that has ended keeps its state.
template <class T>
void recurrent(const RecurrentPlan& plan, const T* w_hh, const T* mask, T* gates, T* states,
               T* cells);

/// From g (length + 1, batch, hidden), the gradients by all states, those before the functions,
/// dgates, like gates. dh and dc (batch, hidden) are at entry what reaches the last state besides,
/// then the gradients by the first.
template <class T>
void recurrent_gradient(const RecurrentPlan& plan, const T* w_hh, const T* mask, const T* g,
                        const T* gates, const T* states, const T* cells, T* dgates, T* dh, T* dc);

}  // namespace gradus::kernels
