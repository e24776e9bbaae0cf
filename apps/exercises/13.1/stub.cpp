// Exercise 13.1: a step of an LSTM.
#include <gradus.hpp>

namespace gd = gradus;

struct LstmState {
  gd::Tensor h, c;  // (n, hidden)
};

// The state after a step. `sums` (n, 4·hidden) has the sums of the gates and of g before their
// activation functions, in the order i, f, g, o: i, f and o are sigmoids, g is a tanh. gd::chunk(x,
// 4, 1) cuts a tensor into four parts along axis 1: a vector, parts[0] to parts[3].
LstmState lstm_step(const gd::Tensor& sums, const LstmState& before) {
  return before;
}
