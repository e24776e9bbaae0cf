// The kinds of recurrent cells.
#pragma once

#include <cstdint>

namespace gradus {

/// The kind of a recurrent cell. The equations are at recurrent().
enum class Cell : uint8_t {
  rnn_tanh,  ///< tanh of the sum of both products (Elman 1990)
  rnn_relu,  ///< the same with max(0, x) in place of tanh
  lstm,      ///< Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000
  gru,       ///< Cho et al. 2014, with the reset gate behind the product, as in PyTorch
};

/// The rows of both weights, in parts of the hidden size: an RNN's one; i, f, g, o; r, z, n.
constexpr int64_t gate_count(Cell cell) {
  return cell == Cell::lstm ? 4 : cell == Cell::gru ? 3 : 1;
}

/// What errors call it.
constexpr const char* name_of(Cell cell) {
  return cell == Cell::lstm ? "lstm" : cell == Cell::gru ? "gru" : "rnn";
}

}  // namespace gradus
