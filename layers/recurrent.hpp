// RNN, LSTM, GRU: recurrent layers, stacked, in one or both directions. The equations are in
// core/ops/recurrent/recurrent.hpp and docs/recurrent.md.
//
//     LSTM lstm({.input = 28, .hidden = 128, .layers = 2}, rng);
//     Tensor all = lstm(x);                          // (batch, length, 28) → (batch, length, 128)
//     auto [outputs, state] = lstm.run(x, {.lengths = lengths});
#pragma once

#include "core/ops/recurrent/recurrent.hpp"
#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// The kind of dropout. Naive: on the input of every layer except the first, with a new mask at
/// each step, as in PyTorch. Variational (Gal and Ghahramani 2016): on the input of every layer and
/// on the state in the recurrent product, with one mask for all steps of a call.
enum class RecurrentDropout {
  naive,        ///< as in PyTorch
  variational,  ///< as in Gal and Ghahramani 2016
};

/// Options of RNN, LSTM and GRU.
struct RecurrentOptions {
  int64_t input = 0;   ///< number of values per step; required
  int64_t hidden = 0;  ///< number of values of the state; required
  int64_t layers = 1;  ///< number of stacked layers, 1 or more
  bool bidirectional =
      false;         ///< run in both directions; outputs have the forward, then the backward state
  bool bias = true;  ///< add b_ih and b_hh
  double dropout = 0;  ///< rate in training, in [0, 1); naive dropout needs layers > 1
  RecurrentDropout dropout_kind = RecurrentDropout::naive;  ///< the kind of dropout
  bool layer_norm = false;  ///< layer normalization inside each cell (Ba et al. 2016)
  /// Initialize recurrent weights orthogonally, gate by gate (Saxe et al. 2014), instead of
  /// uniformly.
  bool orthogonal = false;
  /// Initial b_ih of the forget gate, with b_hh 0 there (Jozefowicz et al. 2015 recommend 1); only
  /// for an LSTM with biases. Empty: uniform.
  std::optional<double> forget_bias = std::nullopt;
  std::string nonlinearity = "tanh";  ///< only for RNN: "tanh" or "relu"
  /// As a module, return only the last layer's final state, (batch, directions·hidden), instead of
  /// all outputs.
  bool last_only = false;
};

/// Optional inputs of Recurrent::run().
struct RecurrentInput {
  /// h and an LSTM's c, each (layers·directions, batch, hidden): forward and backward of the first
  /// layer, then of the second. Undefined: zeros.
  RecurrentState state = {};
  /// i64 (batch): the number of steps of each sequence, 1 … length, as in PyTorch's packed
  /// sequences. Outputs after the last step are 0, and the final state is that of the last step.
  /// Undefined: all steps.
  Tensor lengths = Tensor();
};

/// Result of Recurrent::run().
struct RecurrentOutput {
  Tensor outputs;        ///< (batch, length, directions·hidden): the last layer's states
  RecurrentState state;  ///< the final state, in the layout of RecurrentInput
};

/// The base of RNN, LSTM and GRU. Parameters have PyTorch's names: weight_ih_l0 (gates·hidden, in),
/// weight_hh_l0 (gates·hidden, hidden), bias_ih_l0, bias_hh_l0. Those of the reverse direction end
/// with _reverse; the next layers have _l1, _l2, … and inputs of width directions·hidden. All are
/// initially uniform within ±1/√hidden. With layer_norm there are also gain_ih_l0, gain_hh_l0,
/// gain_c_l0 (initially 1) and bias_c_l0 (0); see RecurrentWeights.
///
/// Truncated backpropagation through time divides the sequence and passes the detached state on:
///
///     state = lstm.run(piece, {.state = state.detach()}).state;
///
/// The constructors throw std::invalid_argument for options outside their ranges, run() for wrong
/// shapes.
class Recurrent : public Reparametrizable {
 public:
  /// The options passed to the constructor.
  const RecurrentOptions& options() const { return options_; }
  /// All states for the sequences x (batch, length, input), and the states after the last step.
  RecurrentOutput run(const Tensor& x, const RecurrentInput& input = {});
  /// The outputs of run(x), or the final state.
  Tensor forward(const Tensor& x) override;
  /// Throws std::logic_error for a bidirectional layer, whose steps depend on later ones.
  Tensor forward_next(const Tensor& x, StepMemory& memory) override;

  /// Reparametrizes each weight_ih and weight_hh. Also throws std::invalid_argument for a
  /// reparametrization of the product.
  void reparametrize(AnyReparametrization reparametrization) override;
  /// The reparametrization of the first weight; all have the same.
  const AnyReparametrization& reparametrization() const override {
    return parts_[0].w_ih.reparametrization;
  }
  void fold() override;
  void settle() override;
  WeightKind weight_kind() const override { return WeightKind::recurrent; }
  void change_weights(const std::function<Tensor(const Tensor& weight)>& change,
                      bool frozen_too) override;

  void members(Members& members) override;
  std::string description() const override;
  /// The equations of its normalizations.
  std::string equation() const override;
  int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  /// Draws all parameters from `rng` and derives the generator of the dropout masks from it.
  Recurrent(Cell cell, const char* name, const RecurrentOptions& options, Rng& rng);

 private:
  struct Weight {
    Parameter values;
    AnyReparametrization reparametrization = {};
  };
  // One layer in one direction.
  struct DirectedLayer {
    std::string suffix;
    Weight w_ih, w_hh;
    Parameter b_ih, b_hh, gain_ih, gain_hh, gain_c, bias_c;
  };

  // The results of all layers, time first.
  struct Stacked {
    Tensor outputs;
    Tensors h = {}, c = {};
  };

  std::vector<Weight*> weights();
  int64_t directions() const { return options_.bidirectional ? 2 : 1; }
  void check(const Tensor& x, const RecurrentInput& input) const;
  void draw(DirectedLayer& part, int64_t in, Rng& rng);
  Tensors gates(const Tensor& weight) const;
  Stacked run_layers(const Tensor& x, const RecurrentInput& input);
  RecurrentResult run_part(std::size_t index, const Tensor& x, const RecurrentInput& input);
  Tensor drop_input(const Tensor& x, std::size_t layer);
  Tensor mask(const Shape& shape, DType dtype);

  Cell cell_;
  const char* name_;
  RecurrentOptions options_;
  std::vector<DirectedLayer> parts_;
  Rng rng_;
};

/// Elman's recurrent layer: h' = tanh(x·W_ihᵀ + b_ih + h·W_hhᵀ + b_hh), or relu (Elman 1990).
class RNN : public Layer<RNN, Recurrent> {
 public:
  /// Throws std::invalid_argument for options outside their ranges.
  RNN(const RecurrentOptions& options, Rng& rng);
};

/// Long short-term memory (Hochreiter and Schmidhuber 1997), with a forget gate (Gers et al. 2000);
/// the equations are at recurrent().
class LSTM : public Layer<LSTM, Recurrent> {
 public:
  /// Throws std::invalid_argument for options outside their ranges.
  LSTM(const RecurrentOptions& options, Rng& rng);
};

/// Gated recurrent unit (Cho et al. 2014), with the reset gate applied after the product; the
/// equations are at recurrent().
class GRU : public Layer<GRU, Recurrent> {
 public:
  /// Throws std::invalid_argument for options outside their ranges.
  GRU(const RecurrentOptions& options, Rng& rng);
};

/// An image as a sequence of its rows: (N, C, H, W) → (N, H, C·W).
class Rows : public Layer<Rows> {
 public:
  Tensor forward(const Tensor& x) override;
  std::string description() const override { return "Rows()"; }
};

}  // namespace gradus::layers
