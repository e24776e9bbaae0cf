#include "core/ops/recurrent/recurrent.hpp"
#include "core/ops/masks.hpp"

#include "core/autograd.hpp"
#include "core/kernels/gemm/gemm.hpp"
#include "core/kernels/recurrent.hpp"
#include "core/kernels/reduce.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/linear.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

using detail::check_like;
using detail::data_or_null;
using kernels::Matrix;
using kernels::RecurrentPlan;
using kernels::Update;

void check_lengths(const char* name, const Tensor& lengths, const Tensor& x) {
  if (!lengths.defined()) return;
  require(lengths.dtype() == DType::i64 && lengths.shape() == Shape{x.size(1)}, name,
          "lengths must be i64 ({}), one per sequence, got {} {}", x.size(1),
          to_string(lengths.dtype()), lengths.shape());
  for (int64_t i = 0; i < lengths.numel(); ++i) {
    const int64_t length = lengths.data<int64_t>()[i];
    require(length >= 1 && length <= x.size(0), name, "lengths must be 1 to {}: sequence {} has {}",
            x.size(0), i, length);
  }
}

void check(Cell cell, const Tensor& x, const RecurrentState& first, const RecurrentWeights& w,
           const SequenceOptions& options) {
  const char* name = name_of(cell);
  require(x.rank() == 3, name, "input must be (length, batch, in), got {}", x.shape());
  require(x.size(0) > 0, name, "sequences must have at least one step, got input {}", x.shape());
  require(w.w_hh.rank() == 2 && w.w_hh.size(1) > 0, name,
          "weight_hh must be ({}·hidden, hidden), got {}", gate_count(cell), w.w_hh.shape());
  const int64_t batch = x.size(1), hidden = w.w_hh.size(1), rows = gate_count(cell) * hidden;
  check_like(name, "weight_hh", w.w_hh, {rows, hidden}, x);
  check_like(name, "weight_ih", w.w_ih, {rows, x.size(2)}, x);
  for (const Tensor& values : {w.b_ih, w.b_hh}) check_like(name, "bias", values, {rows}, x);
  for (const Tensor& values : {w.gain_ih, w.gain_hh}) check_like(name, "gain", values, {rows}, x);
  check_like(name, "gain_c", w.gain_c, {hidden}, x);
  check_like(name, "bias_c", w.bias_c, {hidden}, x);
  check_like(name, "h", first.h, {batch, hidden}, x);
  check_like(name, "c", first.c, {batch, hidden}, x);
  require(cell == Cell::lstm || !first.c.defined(), name, "only an LSTM has a cell state c");
  check_like(name, "mask", options.mask, {batch, hidden}, x);
  check_lengths(name, options.lengths, x);
}

// Intermediate values that the fused form keeps for its gradient.
struct Trace {
  RecurrentPlan plan;
  Tensor gates, cells;
};

// x·W_ihᵀ + b_ih + b_hh for all steps as one product. A GRU's b_hn is stored separately: it is
// added to h·W_hnᵀ, which the reset gate multiplies.
Tensor input_gates(const RecurrentPlan& plan, const Tensor& x, const RecurrentWeights& w) {
  const int64_t rows = w.w_ih.size(0), in = w.w_ih.size(1), columns = plan.columns();
  Tensor gates = Tensor::empty({plan.length, plan.batch, columns}, x.dtype());
  Tensor added = Tensor::zeros({columns}, x.dtype());
  dispatch_floating("recurrent", x.dtype(), [&]<class T>(T) {
    T* const bias = added.mutable_data<T>();
    if (w.b_ih.defined())
      for (int64_t j = 0; j < rows; ++j) bias[j] += w.b_ih.data<T>()[j];
    if (w.b_hh.defined())
      for (const auto& [row, column, count] : kernels::recurrent_rows(plan))
        for (int64_t j = 0; j < count; ++j) bias[column + j] += w.b_hh.data<T>()[row + j];
    T* const to = gates.mutable_data<T>();
    kernels::gemm(plan.length * plan.batch, rows, in, Matrix<T>{x.data<T>(), in},
                  Matrix<T>{w.w_ih.data<T>(), in, true}, Update::replace, to, columns,
                  [&](int64_t row, int64_t count, int64_t column, int64_t width) {
                    for (int64_t i = row; i < row + count; ++i)
                      for (int64_t j = column; j < column + width; ++j)
                        to[i * columns + j] += bias[j];
                  });
    for (int64_t i = 0; rows < columns && i < plan.length * plan.batch; ++i)
      std::copy(bias + rows, bias + columns, to + i * columns + rows);
  });
  return gates;
}

// All states in the order of time, then an LSTM's last cell: (length + 1 or 2, batch, hidden).
Tensor fused(const Tensor& x, const RecurrentState& first, const RecurrentWeights& w,
             const SequenceOptions& options, Trace& trace) {
  const RecurrentPlan& plan = trace.plan;
  const bool has_cells = plan.cell == Cell::lstm;
  Tensor value = Tensor::empty({plan.length + 1 + has_cells, plan.batch, plan.hidden}, x.dtype());
  trace.gates = input_gates(plan, x, w);
  if (has_cells) trace.cells = Tensor::empty({plan.length + 1, plan.batch, plan.hidden}, x.dtype());
  dispatch_floating("recurrent", x.dtype(), [&]<class T>(T) {
    const int64_t size = plan.state_size();
    T* const states = value.mutable_data<T>();
    T* const cells = has_cells ? trace.cells.mutable_data<T>() : nullptr;
    std::copy_n(first.h.data<T>(), size, states + plan.first() * size);
    if (cells) std::copy_n(first.c.data<T>(), size, cells + plan.first() * size);
    kernels::recurrent(plan, w.w_hh.data<T>(), data_or_null<T>(options.mask),
                       trace.gates.mutable_data<T>(), states, cells);
    if (cells) std::copy_n(cells + plan.last() * size, size, states + (plan.length + 1) * size);
  });
  return value;
}

// An empty tensor for a gradient; undefined if none is required.
Tensor like(const Tensor& tensor) {
  return tensor.requires_grad() ? Tensor::empty(tensor.shape(), tensor.dtype()) : Tensor();
}

struct Inputs {
  Tensor x, h, c, w_ih, w_hh, b_ih, b_hh;

  Tensors list() const { return {x, h, c, w_ih, w_hh, b_ih, b_hh}; }
};

// dw (rows, width) ← gᵀ·x over all steps; g (steps, rows) with `stride` elements per row, x (steps,
// width). It computes the transpose, which reads the wider g in memory order.
template <class T>
void weight_gradient(int64_t rows, int64_t width, int64_t steps, const T* g, int64_t stride,
                     const T* x, T* dw) {
  Tensor transposed = Tensor::empty({width, rows}, dtype_of<T>);
  T* const from = transposed.mutable_data<T>();
  kernels::gemm(width, rows, steps, Matrix<T>{x, width, true}, Matrix<T>{g, stride},
                Update::replace, from, rows);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < width; ++column)
      dw[row * width + column] = from[column * rows + row];
}

// The gradients of inputs, weights and biases from those of the gates' arguments: each is one
// product for all steps.
template <class T>
Tensors products(const RecurrentPlan& plan, const Inputs& in, const Tensor& dgates,
                 const Tensor& states_before) {
  const int64_t steps = plan.length * plan.batch, rows = in.w_ih.size(0), width = in.w_ih.size(1);
  const int64_t hidden = plan.hidden, columns = plan.columns();
  const T* const by_gates = dgates.data<T>();
  Tensors result{like(in.x),    Tensor(),      Tensor(),     like(in.w_ih),
                 like(in.w_hh), like(in.b_ih), like(in.b_hh)};
  if (Tensor& dx = result[0]; dx.defined())
    kernels::gemm(steps, width, rows, Matrix<T>{by_gates, columns},
                  Matrix<T>{in.w_ih.data<T>(), width}, Update::replace, dx.mutable_data<T>(),
                  width);
  if (Tensor& dw = result[3]; dw.defined())
    weight_gradient(rows, width, steps, by_gates, columns, in.x.data<T>(), dw.mutable_data<T>());
  if (Tensor& dw = result[4]; dw.defined())
    for (const auto& [row, column, count] : kernels::recurrent_rows(plan))
      weight_gradient(count, hidden, steps, by_gates + column, columns, states_before.data<T>(),
                      dw.mutable_data<T>() + row * hidden);
  if (!result[5].defined() && !result[6].defined()) return result;
  Tensor sums = Tensor::empty({columns}, dgates.dtype());
  kernels::sum(1, steps, columns, by_gates, sums.mutable_data<T>());
  if (Tensor& db = result[5]; db.defined()) std::copy_n(sums.data<T>(), rows, db.mutable_data<T>());
  if (Tensor& db = result[6]; db.defined())
    for (const auto& [row, column, count] : kernels::recurrent_rows(plan))
      std::copy_n(sums.data<T>() + column, count, db.mutable_data<T>() + row);
  return result;
}

Tensors fused_gradients(const Tensor& g, const Tensor& value, const Inputs& in, const Trace& trace,
                        const Tensor& mask) {
  const RecurrentPlan& plan = trace.plan;
  const Shape state{plan.batch, plan.hidden};
  Tensor dgates = Tensor::empty(trace.gates.shape(), g.dtype());
  Tensor dh = Tensor::zeros(state, g.dtype());
  Tensor dc =
      in.c.defined() ? g.alias(state, (plan.length + 1) * plan.state_size()).clone() : Tensor();
  Tensor before =
      value.alias({plan.length, plan.batch, plan.hidden}, plan.before(0) * plan.state_size());
  if (mask.defined()) before = before * mask;
  Tensors result;
  dispatch_floating("recurrent", g.dtype(), [&]<class T>(T) {
    kernels::recurrent_gradient(
        plan, in.w_hh.data<T>(), data_or_null<T>(mask), g.data<T>(), trace.gates.data<T>(),
        value.data<T>(), data_or_null<T>(trace.cells), dgates.mutable_data<T>(),
        dh.mutable_data<T>(), dc.defined() ? dc.mutable_data<T>() : nullptr);
    result = products<T>(plan, in, dgates, before);
  });
  result[1] = dh;
  result[2] = dc;
  return result;
}

// Records the fused form with its gradient.
Tensor recorded(const Tensor& x, const RecurrentState& first, const RecurrentWeights& w,
                const SequenceOptions& options, Trace trace) {
  const Tensor value = fused(x, first, w, options, trace);
  return record(
      name_of(trace.plan.cell), {x, first.h, first.c, w.w_ih, w.w_hh, w.b_ih, w.b_hh}, value,
      [x = save(x), h = save(first.h), c = save(first.c), w_ih = save(w.w_ih), w_hh = save(w.w_hh),
       b_ih = save(w.b_ih), b_hh = save(w.b_hh), lengths = save(options.lengths),
       mask = save(options.mask), trace](const Tensor& g, const Tensor& y) {
        const Inputs in{x, h, c, w_ih, w_hh, b_ih, b_hh};
        const SequenceOptions same{trace.plan.reverse, lengths, mask};
        if (!grad_enabled()) return fused_gradients(g, y, in, trace, same.mask);
        return composed_gradients(
            [&](const Tensors& t) {
              return detail::composed_recurrent(trace.plan.cell, t[0], {t[1], t[2]},
                                                {t[3], t[4], t[5], t[6]}, same);
            },
            in.list(), g);
      });
}

// The steps of each sequence, not those after them: a mask (length, batch, 1).
Tensor steps_taken(const Tensor& lengths, int64_t length) {
  return reshape(Tensor::arange(length), {length, 1, 1}) < reshape(lengths, {-1, 1});
}

}  // namespace

RecurrentResult recurrent(Cell cell, const Tensor& padded, const RecurrentState& first,
                          const RecurrentWeights& weights, const SequenceOptions& options) {
  check(cell, padded, first, weights, options);
  const OperationScope scope(name_of(cell));
  const Tensor taken =
      options.lengths.defined() ? steps_taken(options.lengths, padded.size(0)) : Tensor();
  // Values in the padding must not enter a product: they may be NaN.
  const auto without_padding = [&](const Tensor& values) {
    return taken.defined() ? where(taken, values, 0) : values;
  };
  const Tensor x = without_padding(padded);
  const Shape state{x.size(1), weights.w_hh.size(1)};
  RecurrentState start = first;
  if (!start.h.defined()) start.h = Tensor::zeros(state, x.dtype());
  if (!start.c.defined() && cell == Cell::lstm) start.c = Tensor::zeros(state, x.dtype());

  const RecurrentPlan plan{cell,     x.size(0),       state[0],
                           state[1], options.reverse, data_or_null<int64_t>(options.lengths)};
  const Tensor value = weights.gain_ih.defined()
                           ? detail::composed_recurrent(cell, x, start, weights, options)
                           : recorded(x, start, weights, options, {plan, Tensor(), Tensor()});
  RecurrentResult result{
      row_view(value, plan.after(0), plan.length),
      {value[plan.last()], cell == Cell::lstm ? value[plan.length + 1] : Tensor()}};
  result.outputs = without_padding(result.outputs);
  return result;
}

}  // namespace gradus
