// RecurrentPlan, recurrent, recurrent_gradient: the steps of recurrent layers, forward and
// backward.
#pragma once

#include <vector>

#include "core/cell.hpp"

namespace gradus::kernels {

/// One layer in one direction: `length` steps of `batch` sequences, each with a state of `hidden`
/// values. States are stored in the order of time; the first state is stored before them or, in
/// reverse, after them.
struct RecurrentPlan {
  Cell cell;
  int64_t length, batch, hidden;
  bool reverse = false;
  const int64_t* lengths =
      nullptr;  ///< (batch), number of steps of each sequence; null if all have `length`

  /// Values per sequence and step in `gates`; a GRU also stores the term that the reset gate
  /// multiplies.
  int64_t columns() const { return hidden * (cell == Cell::gru ? 4 : gate_count(cell)); }
  int64_t state_size() const { return batch * hidden; }
  /// The time of the i-th step, and the places of the states before and after it.
  int64_t time(int64_t i) const { return reverse ? length - 1 - i : i; }
  int64_t before(int64_t time) const { return time + reverse; }
  int64_t after(int64_t time) const { return time + !reverse; }
  int64_t first() const { return reverse ? length : 0; }
  int64_t last() const { return length - first(); }
  bool ended(int64_t time, int64_t sequence) const { return lengths && time >= lengths[sequence]; }
};

/// Rows of the recurrent weight, and the columns of `gates` that they compute.
struct GateRows {
  int64_t row, column, count;
};
std::vector<GateRows> recurrent_rows(const RecurrentPlan& plan);

/// Computes all steps. On entry `gates` (length, batch, columns) has x·W_ihᵀ plus all biases. On
/// return it has the gates' values: i, f, g, o of an LSTM, or r, z, n of a GRU and W_hn h + b_hn
/// (on entry b_hn). `states` and an LSTM's `cells` (length + 1, batch, hidden) have the first state
/// on entry;
/// w_hh (gate_count·hidden, hidden); mask null or (batch, hidden), a factor of the state in the
/// product. A finished sequence keeps its state.
template <class T>
void recurrent(const RecurrentPlan& plan, const T* w_hh, const T* mask, T* gates, T* states,
               T* cells);

/// Computes dgates (like gates), the gradients of the gates' arguments, from g (length + 1, batch,
/// hidden), the gradients of all states. dh and dc (batch, hidden) are on entry additional
/// gradients of the last state, on return the gradients of the first.
template <class T>
void recurrent_gradient(const RecurrentPlan& plan, const T* w_hh, const T* mask, const T* g,
                        const T* gates, const T* states, const T* cells, T* dgates, T* dh, T* dc);

}  // namespace gradus::kernels
