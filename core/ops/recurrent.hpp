// Recurrent layers: one layer, in one direction, over whole sequences. Time is the first dimension,
// so that a step of all sequences is one piece of memory; layers/recurrent.hpp stacks them, both
// directions, batch first. Errors: std::invalid_argument.
#pragma once

#include "core/cell.hpp"
#include "core/tensor.hpp"

namespace gradus {

/// PyTorch's layouts; the first dimension has gate_count(cell) parts of `hidden` rows, in the order
/// i, f, g, o of an LSTM or r, z, n of a GRU.
struct RecurrentWeights {
  Tensor w_ih;             ///< (gates·hidden, in)
  Tensor w_hh;             ///< (gates·hidden, hidden)
  Tensor b_ih = Tensor();  ///< (gates·hidden), added to x·W_ihᵀ; undefined for none
  Tensor b_hh = Tensor();  ///< (gates·hidden), added to h·W_hhᵀ; undefined for none
  /// Layer normalization inside the cell (Ba et al. 2016), where this is defined: (gates·hidden),
  /// the gain of x·W_ihᵀ, or, in an RNN, of the sum of both products.
  Tensor gain_ih = Tensor();
  Tensor gain_hh = Tensor();  ///< (gates·hidden), the gain of h·W_hhᵀ; an RNN has none
  Tensor gain_c = Tensor();   ///< (hidden), the gain of an LSTM's cell
  Tensor bias_c = Tensor();   ///< (hidden), the bias of an LSTM's cell
};

/// What goes from one step to the next, or from one call to the next: (batch, hidden).
struct RecurrentState {
  Tensor h = Tensor();  ///< the output
  Tensor c = Tensor();  ///< an LSTM's cell; undefined for others

  /// The same values outside the graph, to carry on in truncated back-propagation.
  RecurrentState detach() const { return {h ? h.detach() : Tensor(), c ? c.detach() : Tensor()}; }
};

/// Options of recurrent().
struct SequenceOptions {
  bool reverse = false;  ///< from the last step to the first
  /// i64 (batch), each 1 … length: steps of each sequence. Outputs after them are 0, and the final
  /// state is that of the last of them, or in reverse of the first. Undefined for all steps.
  Tensor lengths = Tensor();
  /// (batch, hidden): a factor of h in h·W_hhᵀ, the same at all steps (Gal and Ghahramani 2016);
  /// not differentiated. Undefined for none.
  Tensor mask = Tensor();
  double eps = 1e-5;  ///< of layer normalization, added to the variance; positive
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
/// With layer normalization LN, over all gates of a step (of a GRU over r and z together, and n):
///
///     RNN    h' = tanh(LN(x·W_ihᵀ + h·W_hhᵀ)·gain_ih + b_ih + b_hh)
///     others a = LN(x·W_ihᵀ)·gain_ih + b_ih;  b = LN(h·W_hhᵀ)·gain_hh + b_hh
///     LSTM   h' = o·tanh(LN(c')·gain_c + bias_c)
///
/// Throws for shapes and types that don't fit, and a length of 0.
RecurrentResult recurrent(Cell cell, const Tensor& x, const RecurrentState& first,
                          const RecurrentWeights& weights, const SequenceOptions& options = {});

namespace detail {
/// The same in single operations, with the layout of recurrent()'s own value: states (length + 1,
/// batch, hidden) in the order of time, then an LSTM's last cell. What the fused form must equal.
Tensor composed_recurrent(Cell cell, const Tensor& x, const RecurrentState& first,
                          const RecurrentWeights& weights, const SequenceOptions& options);
}  // namespace detail

}  // namespace gradus
