// recurrent: an RNN, LSTM or GRU (one layer, one direction) over whole sequences. Time is the first
// dimension, so that one step of all sequences is contiguous in memory. layers/recurrent.hpp adds
// more layers, both directions and batch-first order. Errors: std::invalid_argument.
#pragma once

#include "core/cell.hpp"
#include "core/tensor.hpp"

namespace gradus {

/// PyTorch's layout; the first dimension has gate_count(cell) parts of `hidden` rows, in the order
/// i, f, g, o of an LSTM or r, z, n of a GRU.
struct RecurrentWeights {
  Tensor w_ih;             ///< (gates·hidden, in)
  Tensor w_hh;             ///< (gates·hidden, hidden)
  Tensor b_ih = Tensor();  ///< (gates·hidden), added to x·W_ihᵀ; undefined for none
  Tensor b_hh = Tensor();  ///< (gates·hidden), added to h·W_hhᵀ; undefined for none
  /// Gain of x·W_ihᵀ, or, in an RNN, of the sum of both products: (gates·hidden). If it is defined,
  /// the cell has layer normalization (Ba et al. 2016).
  Tensor gain_ih = Tensor();
  Tensor gain_hh = Tensor();  ///< (gates·hidden), gain of h·W_hhᵀ; not for an RNN
  Tensor gain_c = Tensor();   ///< (hidden), gain of an LSTM's cell
  Tensor bias_c = Tensor();   ///< (hidden), bias of an LSTM's cell
};

/// The state passed from one step, or one call, to the next: (batch, hidden).
struct RecurrentState {
  Tensor h = Tensor();  ///< the output
  Tensor c = Tensor();  ///< an LSTM's cell; undefined for others

  /// The same values without their history, for truncated backpropagation through time.
  RecurrentState detach() const {
    return {h.defined() ? h.detach() : Tensor(), c.defined() ? c.detach() : Tensor()};
  }
};

/// Options of recurrent().
struct SequenceOptions {
  bool reverse = false;  ///< run from the last step to the first
  /// i64 (batch): the number of steps of each sequence, 1 … length. Outputs after the last step are
  /// 0, and the final state is that of the sequence's last step (in reverse: its first). Undefined:
  /// all sequences have all steps.
  Tensor lengths = Tensor();
  /// (batch, hidden): a factor of h in h·W_hhᵀ, the same at all steps (Gal and Ghahramani 2016),
  /// without a gradient. Undefined: none.
  Tensor mask = Tensor();
  double eps = 1e-5;  ///< added to the variance in layer normalization; positive
};

/// Result of recurrent().
struct RecurrentResult {
  Tensor outputs;        ///< (length, batch, hidden): h after each step
  RecurrentState state;  ///< after the last step
};

/// From x (length, batch, in) and the first state (undefined for zeros), with a = x·W_ihᵀ + b_ih
/// and b = h·W_hhᵀ + b_hh in parts:
///
///     RNN    h' = tanh(a + b), or relu
///     LSTM   i, f, o = σ(aᵢ + bᵢ), σ(a_f + b_f), σ(aₒ + bₒ);  g = tanh(a_g + b_g)
///            c' = f·c + i·g;  h' = o·tanh(c')
///     GRU    r, z = σ(aᵣ + bᵣ), σ(a_z + b_z);  n = tanh(aₙ + r·bₙ)
///            h' = (1 − z)·n + z·h
///
/// With layer normalization LN over all gates of a step (in a GRU over r and z together, and over
/// n):
///
///     RNN    h' = tanh(LN(x·W_ihᵀ + h·W_hhᵀ)·gain_ih + b_ih + b_hh)
///     others a = LN(x·W_ihᵀ)·gain_ih + b_ih;  b = LN(h·W_hhᵀ)·gain_hh + b_hh
///     LSTM   h' = o·tanh(LN(c')·gain_c + bias_c)
///
/// Throws for wrong shapes and types, and for a length of 0.
RecurrentResult recurrent(Cell cell, const Tensor& x, const RecurrentState& first,
                          const RecurrentWeights& weights, const SequenceOptions& options = {});

namespace detail {
/// The same in single operations, the reference for the fused form. The layout is that of
/// recurrent()'s recorded value: states (length + 1, batch, hidden) in the order of time, then an
/// LSTM's last cell.
Tensor composed_recurrent(Cell cell, const Tensor& x, const RecurrentState& first,
                          const RecurrentWeights& weights, const SequenceOptions& options);
}  // namespace detail

}  // namespace gradus
