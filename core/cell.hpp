// Cell: the kinds of recurrent cells.
#pragma once

#include <cstdint>

namespace gradus {

/// The kind of a recurrent cell. The equations are at recurrent().
enum class Cell : uint8_t {
  rnn_tanh,  ///< tanh of the sum of both products (Elman 1990)
  rnn_relu,  ///< the same with max(0, x) instead of tanh
  lstm,      ///< Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000
  gru,       ///< Cho et al. 2014, with the reset gate applied after the product, as in PyTorch
};

/// The number of gates: both weights have that many times `hidden` rows. RNN: 1, LSTM: 4 (i, f, g,
/// o), GRU: 3 (r, z, n).
constexpr int64_t gate_count(Cell cell) {
  return cell == Cell::lstm ? 4 : cell == Cell::gru ? 3 : 1;
}

/// The operation's name in errors.
constexpr const char* name_of(Cell cell) {
  return cell == Cell::lstm ? "lstm" : cell == Cell::gru ? "gru" : "rnn";
}

}  // namespace gradus
