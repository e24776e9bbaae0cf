#include "core/ops/activation.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/norm/normalization.hpp"
#include "core/ops/recurrent/recurrent.hpp"
#include "core/ops/shape.hpp"

namespace gradus::detail {
namespace {

// Part `index` of the last dimension, divided into parts of `size`.
Tensor part(const Tensor& x, int64_t index, int64_t size, int64_t count = 1) {
  return slice(x, -1, index * size, (index + count) * size);
}

Tensor step_of(const Tensor& x, int64_t time) {
  return x[time];
}

Tensor plus(const Tensor& x, const Tensor& bias) {
  return bias.defined() ? x + bias : x;
}

// x·Wᵀ, normalized if there is a gain, plus the bias.
Tensor project(Cell cell, const Tensor& x, const Tensor& weight, const Tensor& bias,
               const Tensor& gain, double eps) {
  if (!gain.defined()) return linear(x, weight, bias);
  const Tensor a = linear(x, weight);
  const int64_t columns = a.size(-1), hidden = columns / gate_count(cell);
  if (cell != Cell::gru) return plus(layer_norm(a, {columns}, gain, Tensor(), eps), bias);
  const Tensor gates =
      layer_norm(part(a, 0, hidden, 2), {2 * hidden}, slice(gain, 0, 0, 2 * hidden), Tensor(), eps);
  const Tensor candidate =
      layer_norm(part(a, 2, hidden), {hidden}, slice(gain, 0, 2 * hidden, columns), Tensor(), eps);
  return plus(cat({gates, candidate}, -1), bias);
}

RecurrentState rnn_step(Cell cell, const Tensor& x, const Tensor& h, const RecurrentWeights& w,
                        double eps) {
  Tensor a = linear(x, w.w_ih) + linear(h, w.w_hh);
  if (w.gain_ih.defined()) a = layer_norm(a, {a.size(-1)}, w.gain_ih, Tensor(), eps);
  a = plus(plus(a, w.b_ih), w.b_hh);
  return {cell == Cell::rnn_relu ? relu(a) : tanh(a), Tensor()};
}

RecurrentState lstm_step(const Tensor& a, const Tensor& b, const Tensor& c,
                         const RecurrentWeights& w, double eps) {
  const int64_t n = c.size(-1);
  const Tensor sum = a + b;
  const Tensor cell =
      sigmoid(part(sum, 1, n)) * c + sigmoid(part(sum, 0, n)) * tanh(part(sum, 2, n));
  const Tensor squashed =
      w.gain_c.defined() ? layer_norm(cell, {n}, w.gain_c, w.bias_c, eps) : cell;
  return {sigmoid(part(sum, 3, n)) * tanh(squashed), cell};
}

RecurrentState gru_step(const Tensor& a, const Tensor& b, const Tensor& h) {
  const int64_t n = h.size(-1);
  const Tensor r = sigmoid(part(a, 0, n) + part(b, 0, n));
  const Tensor z = sigmoid(part(a, 1, n) + part(b, 1, n));
  const Tensor candidate = tanh(part(a, 2, n) + r * part(b, 2, n));
  return {candidate + z * (h - candidate), Tensor()};
}

RecurrentState advance(Cell cell, const Tensor& x, const RecurrentState& state,
                       const RecurrentWeights& w, const SequenceOptions& options) {
  const Tensor h = options.mask.defined() ? state.h * options.mask : state.h;
  if (gate_count(cell) == 1) return rnn_step(cell, x, h, w, options.eps);
  const Tensor a = project(cell, x, w.w_ih, w.b_ih, w.gain_ih, options.eps);
  const Tensor b = project(cell, h, w.w_hh, w.b_hh, w.gain_hh, options.eps);
  return cell == Cell::lstm ? lstm_step(a, b, state.c, w, options.eps) : gru_step(a, b, state.h);
}

}  // namespace

Tensor composed_recurrent(Cell cell, const Tensor& x, const RecurrentState& first,
                          const RecurrentWeights& weights, const SequenceOptions& options) {
  const int64_t length = x.size(0);
  RecurrentState state = first;
  Tensors states(static_cast<std::size_t>(length + 1));
  states[options.reverse ? states.size() - 1 : 0] = state.h;
  for (int64_t i = 0; i < length; ++i) {
    const int64_t time = options.reverse ? length - 1 - i : i;
    RecurrentState next = advance(cell, step_of(x, time), state, weights, options);
    if (options.lengths.defined()) {
      const Tensor goes_on = reshape(options.lengths, {-1, 1}) > static_cast<double>(time);
      next.h = where(goes_on, next.h, state.h);
      if (next.c.defined()) next.c = where(goes_on, next.c, state.c);
    }
    state = next;
    states[static_cast<std::size_t>(options.reverse ? time : time + 1)] = state.h;
  }
  if (state.c.defined()) states.push_back(state.c);
  return stack(states);
}

}  // namespace gradus::detail
