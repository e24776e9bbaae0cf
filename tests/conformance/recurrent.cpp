#include "core/ops/recurrent/recurrent.hpp"

#include "conformance/runner.hpp"
#include "core/ops/shape.hpp"

namespace gradus::conformance {
namespace {

Tensors run(const Case& c, Cell cell, const RecurrentWeights& weights) {
  const RecurrentResult result =
      recurrent(cell, transpose(c.input("x"), 0, 1), {c.input("h0"), c.input("c0")}, weights,
                {.eps = c.attr("eps", 1e-5)});
  Tensors outputs{transpose(result.outputs, 0, 1), result.state.h};
  if (result.state.c.defined()) outputs.push_back(result.state.c);
  return outputs;
}

Operation operation(const char* name, Cell cell) {
  return {name, [cell](const Case& c) {
            return run(c, cell,
                       {.w_ih = c.input("w_ih"),
                        .w_hh = c.input("w_hh"),
                        .b_ih = c.input("b_ih"),
                        .b_hh = c.input("b_hh")});
          }};
}

}  // namespace

Family recurrent() {
  return {"recurrent",
          {operation("rnn", Cell::rnn_tanh),
           operation("lstm", Cell::lstm),
           operation("gru", Cell::gru),
           {"layer_norm_rnn", [](const Case& c) {
              return run(c, Cell::rnn_tanh,
                         {.w_ih = c.input("w_ih"),
                          .w_hh = c.input("w_hh"),
                          .b_ih = c.input("bias"),
                          .gain_ih = c.input("gain")});
            }}}};
}

}  // namespace gradus::conformance
