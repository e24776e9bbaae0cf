// Recurrent layers: RNN, LSTM and GRU, stacked, in one or both directions. Equations in
// core/ops/recurrent.hpp and docs/recurrent.md.
//
//     LSTM lstm({.input = 28, .hidden = 128, .layers = 2}, rng);
//     Tensor all = lstm(x);                          // (batch, length, 28) → (batch, length, 128)
//     auto [outputs, state] = lstm.run(x, {.lengths = lengths});
#pragma once

#include "core/ops/recurrent.hpp"
#include "layers/reparametrization.hpp"

namespace gradus::layers {

/// Where dropout falls. Naive: on the input of every layer but the first, as in PyTorch, a new mask
/// at each step. Variational (Gal and Ghahramani 2016): on the input of every layer and on the
/// state in the recurrent product, one mask for all steps of a call.
enum class RecurrentDropout {
  naive,        ///< PyTorch's
  variational,  ///< Gal and Ghahramani's
};

/// Options of RNN, LSTM and GRU.
struct RecurrentOptions {
  int64_t input = 0;           ///< values of each step; must be given
  int64_t hidden = 0;          ///< values of the state; must be given
  int64_t layers = 1;          ///< layers on top of each other, 1 or more
  bool bidirectional = false;  ///< outputs hold the forward and then the backward state
  bool bias = true;            ///< adds b_ih and b_hh
  double dropout = 0;          ///< rate in training, in [0, 1); naive dropout needs layers > 1
  RecurrentDropout dropout_kind = RecurrentDropout::naive;  ///< where dropout falls
  bool layer_norm = false;                                  ///< inside each cell (Ba et al. 2016)
  /// Recurrent weights are orthogonal, gate by gate (Saxe et al. 2014), instead of uniform.
  bool orthogonal = false;
  /// b_ih of the forget gate, with b_hh 0 there (Jozefowicz et al. 2015 advise 1); LSTM with biases
  /// alone. Empty for uniform.
  std::optional<double> forget_bias = std::nullopt;
  std::string nonlinearity = "tanh";  ///< of RNN alone: "tanh" or "relu"
  /// The layer called as a module gives only what is left at the end: the last layer's final state,
  /// (batch, directions·hidden).
  bool last_only = false;
};

/// What Recurrent::run() is given besides the sequences.
struct RecurrentInput {
  /// h and an LSTM's c, each (layers·directions, batch, hidden): forward and backward of the first
  /// layer, then of the second. Undefined for zeros.
  RecurrentState state = {};
  /// i64 (batch), each 1 … length; undefined for all steps. Outputs after the end of a sequence are
  /// 0, and its final state is that of its last step: PyTorch's packed sequences.
  Tensor lengths = Tensor();
};

/// Result of Recurrent::run().
struct RecurrentOutput {
  Tensor outputs;        ///< (batch, length, directions·hidden): the last layer's states
  RecurrentState state;  ///< final, in the layout of RecurrentInput
};

/// What RNN, LSTM and GRU have in common. Parameters are PyTorch's: weight_ih_l0 (gates·hidden,
/// in), weight_hh_l0 (gates·hidden, hidden), bias_ih_l0, bias_hh_l0, those of the reverse direction
/// with _reverse behind, and in layers above the first, whose input is directions·hidden wide. All
/// are uniform within ±1/√hidden at first. With layer_norm there are gain_ih_l0, gain_hh_l0,
/// gain_c_l0 (1 at first) and bias_c_l0 (0) besides; see RecurrentWeights.
///
/// Truncated back-propagation cuts the sequence and carries the state on, detached:
///
///     state = lstm.run(piece, {.state = state.detach()}).state;
///
/// The constructors throw std::invalid_argument for options outside their ranges, run() for shapes
/// that don't fit.
class Recurrent : public Reparametrizable {
 public:
  /// The options that the constructor got.
  const RecurrentOptions& options() const { return options_; }
  /// All states of the sequences x (batch, length, input), and those after the last step.
  RecurrentOutput run(const Tensor& x, const RecurrentInput& input = {});
  /// The outputs of run(x), or the final state.
  Tensor forward(const Tensor& x) override;

  /// Of each weight_ih and weight_hh. Throws std::invalid_argument also for one that normalizes the
  /// product.
  void reparametrize(AnyReparametrization reparametrization) override;
  /// Of the first weight; all have the same.
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
  /// Those of its normalizations.
  std::string equation() const override;
  int64_t flops(const Shape& input, const Shape& output) const override;

 protected:
  /// Draws all parameters from `rng`, and derives the generator of the dropout masks from it.
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

  // What all layers gave, time first.
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

/// Gated recurrent unit (Cho et al. 2014), with the reset gate behind the product; the equations
/// are at recurrent().
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
