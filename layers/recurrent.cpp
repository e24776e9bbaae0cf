#include "layers/recurrent.hpp"

#include <cmath>

#include "core/ops/dropout.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "core/step_memory.hpp"
#include "layers/init_functions.hpp"
#include "layers/shown.hpp"

namespace gradus::layers {
namespace {

// Checks options that depend on the kind of cell.
void check_options(Cell cell, const RecurrentOptions& o) {
  const char* name = name_of(cell);
  require_positive(name, "input", o.input);
  require_positive(name, "hidden", o.hidden);
  require_positive(name, "layers", o.layers);
  require(o.dropout >= 0 && o.dropout < 1, name, "dropout must be 0 or more and below 1, got {}",
          o.dropout);
  require(o.dropout == 0 || o.layers > 1 || o.dropout_kind == RecurrentDropout::variational, name,
          "naive dropout needs at least 2 layers, since it is between layers: dropout {}, 1 layer",
          o.dropout);
  require(!o.forget_bias || (cell == Cell::lstm && o.bias && std::isfinite(*o.forget_bias)), name,
          "forget_bias must be a finite number, and needs an LSTM with biases, got {}",
          o.forget_bias.value_or(0));
}

Cell rnn_cell(const std::string& nonlinearity) {
  require(nonlinearity == "tanh" || nonlinearity == "relu", "rnn",
          "nonlinearity must be tanh or relu, got '{}'", nonlinearity);
  return nonlinearity == "relu" ? Cell::rnn_relu : Cell::rnn_tanh;
}

Cell without_nonlinearity(Cell cell, const std::string& nonlinearity) {
  require(nonlinearity == "tanh", name_of(cell), "only an RNN has a nonlinearity, got '{}'",
          nonlinearity);
  return cell;
}

Tensor of_layer(const Tensor& states, std::size_t index) {
  const auto at = static_cast<int64_t>(index);
  return states.defined() ? states[at] : Tensor();
}

}  // namespace

Recurrent::Recurrent(Cell cell, const char* name, const RecurrentOptions& options, Rng& rng)
    : cell_(cell), name_(name), options_(options), rng_(0) {
  check_options(cell, options);
  for (int64_t layer = 0; layer < options.layers; ++layer)
    for (int64_t direction = 0; direction < directions(); ++direction) {
      DirectedLayer& part = parts_.emplace_back();
      part.suffix = fmt::format("_l{}{}", layer, direction ? "_reverse" : "");
      draw(part, layer ? directions() * options.hidden : options.input, rng);
    }
  rng_ = rng.fork(rng.bits());
}

void Recurrent::draw(DirectedLayer& part, int64_t in, Rng& rng) {
  const int64_t hidden = options_.hidden, rows = gate_count(cell_) * hidden;
  const double bound = 1 / std::sqrt(static_cast<double>(hidden));
  const auto uniform = [&](const Shape& shape) {
    Tensor values = Tensor::empty(shape);
    init::uniform(values, rng, {.low = -bound, .high = bound});
    return Parameter(values);
  };
  part.w_ih.values = uniform({rows, in});
  part.w_hh.values = uniform({rows, hidden});
  if (options_.bias) {
    part.b_ih = uniform({rows});
    part.b_hh = uniform({rows});
  }
  if (options_.orthogonal)
    for (Tensor& square : gates(part.w_hh.values)) init::orthogonal(square, rng);
  if (options_.forget_bias) {
    init::lstm_forget_bias(part.b_ih, *options_.forget_bias);
    init::lstm_forget_bias(part.b_hh, 0);
  }
  if (!options_.layer_norm) return;
  part.gain_ih = Parameter(Tensor::ones({rows}));
  if (gate_count(cell_) > 1) part.gain_hh = Parameter(Tensor::ones({rows}));
  if (cell_ != Cell::lstm) return;
  part.gain_c = Parameter(Tensor::ones({hidden}));
  part.bias_c = Parameter(Tensor::zeros({hidden}));
}

Tensors Recurrent::gates(const Tensor& weight) const {
  const Shape shape{options_.hidden, weight.size(1)};
  Tensors result;
  for (int64_t gate = 0; gate < gate_count(cell_); ++gate)
    result.push_back(weight.alias(shape, gate * shape.numel()));
  return result;
}

void Recurrent::change_weights(const std::function<Tensor(const Tensor& weight)>& change,
                               bool frozen_too) {
  for (const Weight* weight : weights())
    if (frozen_too || weight->values.requires_grad())
      for (Tensor& gate : gates(weight->values)) gate.copy_from(change(gate));
}

void Recurrent::check(const Tensor& x, const RecurrentInput& input) const {
  const char* name = name_of(cell_);
  require(x.rank() == 3 && x.size(2) == options_.input, name,
          "input must be (batch, length, {}), got {}", options_.input, x.shape());
  require(x.size(1) > 0, name, "sequences must have at least one step, got input {}", x.shape());
  const Shape states{std::ssize(parts_), x.size(0), options_.hidden};
  for (const auto& [what, values] : {std::pair{"h", input.state.h}, {"c", input.state.c}})
    require(!values.defined() || values.shape() == states, name,
            "the first state's {} must be (layers·directions, batch, hidden) = {}, got {}", what,
            states, values.defined() ? values.shape() : Shape());
}

Tensor Recurrent::mask(const Shape& shape, DType dtype) {
  return dropout(Tensor::ones(shape, dtype), options_.dropout, rng_);
}

Tensor Recurrent::drop_input(const Tensor& x, std::size_t layer) {
  if (!is_training() || options_.dropout == 0) return x;
  if (options_.dropout_kind == RecurrentDropout::variational)
    return x * mask({x.size(1), x.size(2)}, x.dtype());
  return layer > 0 ? dropout(x, options_.dropout, rng_) : x;
}

RecurrentResult Recurrent::run_part(std::size_t index, const Tensor& x,
                                    const RecurrentInput& input) {
  DirectedLayer& part = parts_[index];
  const auto in_force = [this](Weight& weight) {
    return weight.reparametrization ? weight.reparametrization->apply(weight.values, is_training())
                                    : static_cast<const Tensor&>(weight.values);
  };
  SequenceOptions options{.reverse = options_.bidirectional && index % 2 == 1,
                          .lengths = input.lengths};
  if (is_training() && options_.dropout > 0 &&
      options_.dropout_kind == RecurrentDropout::variational)
    options.mask = mask({x.size(1), options_.hidden}, x.dtype());
  return recurrent(cell_, x, {of_layer(input.state.h, index), of_layer(input.state.c, index)},
                   {in_force(part.w_ih), in_force(part.w_hh), part.b_ih, part.b_hh, part.gain_ih,
                    part.gain_hh, part.gain_c, part.bias_c},
                   options);
}

Recurrent::Stacked Recurrent::run_layers(const Tensor& x, const RecurrentInput& input) {
  check(x, input);
  Stacked result{.outputs = transpose(x, 0, 1)};
  for (std::size_t index = 0; index < parts_.size();) {
    const Tensor in = drop_input(result.outputs, index);
    Tensors outputs;
    for (int64_t direction = 0; direction < directions(); ++direction) {
      const RecurrentResult part = run_part(index++, in, input);
      outputs.push_back(part.outputs);
      result.h.push_back(part.state.h);
      if (part.state.c.defined()) result.c.push_back(part.state.c);
    }
    result.outputs = directions() == 1 ? outputs[0] : cat(outputs, -1);
  }
  return result;
}

RecurrentOutput Recurrent::run(const Tensor& x, const RecurrentInput& input) {
  const Stacked all = run_layers(x, input);
  return {transpose(all.outputs, 0, 1), {stack(all.h), all.c.empty() ? Tensor() : stack(all.c)}};
}

Tensor Recurrent::forward(const Tensor& x) {
  const Stacked all = run_layers(x, {});
  if (!options_.last_only) return transpose(all.outputs, 0, 1);
  return directions() == 1 ? all.h.back() : cat({all.h.end()[-2], all.h.back()}, -1);
}

Tensor Recurrent::forward_next(const Tensor& x, StepMemory& memory) {
  if (options_.bidirectional)
    throw std::logic_error("[recurrent] a bidirectional layer can't continue a sequence");
  RecurrentState& state = memory.of<RecurrentState>(*this);
  const auto [outputs, last] = run(x, {.state = state});
  state = last;
  return options_.last_only ? last.h(Slice{-1}).reshape({x.size(0), options_.hidden}) : outputs;
}

void Recurrent::reparametrize(AnyReparametrization reparametrization) {
  require(!parts_[0].w_ih.reparametrization, "reparametrize", "{} already has a reparametrization",
          description());
  if (!reparametrization) return;
  require(reparametrization->folds(), "reparametrize",
          "{} normalizes the product of input and weight, which recurrent layers don't support",
          reparametrization->description());
  const NoGrad no_grad;
  const std::vector<Weight*> all = weights();
  std::vector<AnyReparametrization> attached(all.size(), reparametrization);
  for (std::size_t i = 0; i < all.size(); ++i) {
    attached[i]->attach(all[i]->values);
    attached[i]->fork(i);
  }
  for (std::size_t i = 0; i < all.size(); ++i) all[i]->reparametrization = std::move(attached[i]);
}

void Recurrent::fold() {
  const NoGrad no_grad;
  for (Weight* weight : weights()) {
    if (!weight->reparametrization) continue;
    const bool trained = weight->values.requires_grad();
    weight->values = Parameter(weight->reparametrization->apply(weight->values, false).clone());
    weight->values.set_requires_grad(trained);
    weight->reparametrization = {};
  }
}

void Recurrent::settle() {
  for (Weight* weight : weights())
    if (weight->reparametrization) weight->reparametrization->settle(weight->values);
}

std::vector<Recurrent::Weight*> Recurrent::weights() {
  std::vector<Weight*> all;
  for (DirectedLayer& part : parts_) all.insert(all.end(), {&part.w_ih, &part.w_hh});
  return all;
}

void Recurrent::members(Members& members) {
  for (DirectedLayer& part : parts_) {
    const auto list = [&](const char* name, Weight& weight) {
      members.renamed("weight", name + part.suffix, [&] {
        members.parameter(
            weight.reparametrization ? weight.reparametrization->weight_name() : "weight",
            weight.values);
        if (weight.reparametrization) weight.reparametrization->members(members);
      });
    };
    list("weight_ih", part.w_ih);
    list("weight_hh", part.w_hh);
    members.parameter("bias_ih" + part.suffix, part.b_ih, Role::bias);
    members.parameter("bias_hh" + part.suffix, part.b_hh, Role::bias);
    members.parameter("gain_ih" + part.suffix, part.gain_ih, Role::gain);
    members.parameter("gain_hh" + part.suffix, part.gain_hh, Role::gain);
    members.parameter("gain_c" + part.suffix, part.gain_c, Role::gain);
    members.parameter("bias_c" + part.suffix, part.bias_c, Role::bias);
  }
  if (options_.dropout > 0) members.generator("rng", rng_);
}

std::string Recurrent::description() const {
  const RecurrentOptions& o = options_;
  const bool variational = o.dropout > 0 && o.dropout_kind == RecurrentDropout::variational;
  const std::string result = fmt::format(
      "{}({}, {}{}{}{}{}{}{}{}{}{}{})", name_, o.input, o.hidden,
      shown("layers", o.layers, int64_t{1}), shown("bidirectional", o.bidirectional, false),
      shown("bias", o.bias, true), shown("dropout", o.dropout, 0.0),
      variational ? ", variational" : "", shown("layer_norm", o.layer_norm, false),
      shown("orthogonal", o.orthogonal, false),
      o.forget_bias ? fmt::format(", forget_bias={}", *o.forget_bias) : "",
      shown("nonlinearity", o.nonlinearity, std::string("tanh")),
      shown("last_only", o.last_only, false));
  const AnyReparametrization& any = parts_[0].w_ih.reparametrization;
  return any ? fmt::format("{} with {}", result, any->description()) : result;
}

std::string Recurrent::equation() const {
  const Weight& weight = parts_[0].w_hh;
  std::string result;
  if (options_.layer_norm)
    result = "LayerNorm inside each cell: over the gates of a step; y = (x − μ)/√(σ² + 1e-05)·gain";
  if (weight.reparametrization)
    result +=
        (result.empty() ? "" : "; ") + weight.reparametrization->equation(weight.values.shape());
  return result;
}

int64_t Recurrent::flops(const Shape& input, const Shape& /*output*/) const {
  int64_t products = 0;
  for (const DirectedLayer& part : parts_)
    products += part.w_ih.values.numel() + part.w_hh.values.numel();
  return 2 * input[0] * input[1] * products;
}

RNN::RNN(const RecurrentOptions& options, Rng& rng)
    : Layer(rnn_cell(options.nonlinearity), "RNN", options, rng) {}

LSTM::LSTM(const RecurrentOptions& options, Rng& rng)
    : Layer(without_nonlinearity(Cell::lstm, options.nonlinearity), "LSTM", options, rng) {}

GRU::GRU(const RecurrentOptions& options, Rng& rng)
    : Layer(without_nonlinearity(Cell::gru, options.nonlinearity), "GRU", options, rng) {}

Tensor Rows::forward(const Tensor& x) {
  require(x.rank() == 4, "rows", "input must be images (N, C, H, W), got {}", x.shape());
  const Tensor rows = x.size(1) == 1 ? x : transpose(x, 1, 2);
  return reshape(rows, {x.size(0), x.size(2), x.size(1) * x.size(3)});
}

}  // namespace gradus::layers
