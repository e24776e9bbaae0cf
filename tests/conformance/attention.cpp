#include "core/ops/attention/attention.hpp"

#include <algorithm>

#include "conformance/runner.hpp"
#include "core/ops/attention/positions.hpp"
#include "core/ops/masks.hpp"
#include "layers/attention/transformer.hpp"

namespace gradus::conformance {
namespace {

// Files have masks as 0 and 1.
Tensor mask_of(const Tensor& mask) {
  return mask.defined() && mask.dtype() == DType::i64 ? mask != 0 : mask;
}

std::optional<double> scale_of(const Case& c) {
  return c.attrs.contains("scale") && !c.attrs["scale"].is_null()
             ? std::optional(c.attr<double>("scale"))
             : std::nullopt;
}

// The module with the case's inputs as its parameters.
template <class M>
void load(M& module, const Case& c) {
  module.to(c.inputs.begin()->second.dtype());
  const layers::Members members(module);
  for (const auto& [name, parameter] : members.parameters())
    if (parameter->defined()) {
      std::string argument = name;
      if (!c.input(argument).defined()) std::ranges::replace(argument, '.', '_');
      static_cast<Tensor&>(*parameter) = c.input(argument);
    }
}

Tensors multihead(const Case& c) {
  Rng rng(1);
  const Tensor query = c.input("query");
  layers::MultiheadAttention module(query.size(2), c.attr<int64_t>("num_heads"), rng,
                                    {.bias = c.input("in_proj_bias").defined()});
  load(module, c);
  const bool need_weights = c.attr("need_weights", false);
  const auto [y, weights] =
      module.run(query, {.key = c.input("key"),
                         .value = c.input("value"),
                         .key_padding_mask = mask_of(c.input("key_padding_mask")),
                         .is_causal = c.attr("is_causal", false),
                         .need_weights = need_weights});
  return need_weights ? Tensors{y, weights} : Tensors{y};
}

layers::TransformerOptions transformer_options(const Case& c, const std::string& layer) {
  return {.width = c.attr<int64_t>("d_model"),
          .heads = c.attr<int64_t>("nhead"),
          .hidden = c.attr<int64_t>("dim_feedforward"),
          .activation = c.attr<std::string>("activation", "relu"),
          .norm_first = c.attr("norm_first", false),
          .eps = c.attr("layer_norm_eps", 1e-5),
          .bias = c.input(layer + "linear1.bias").defined()};
}

template <class M>
Tensors encode(M module, const Case& c) {
  load(module, c);
  return {module.run(
      c.input("src"),
      layers::AttentionInput{.key_padding_mask = mask_of(c.input("src_key_padding_mask")),
                             .is_causal = c.attr("is_causal", false)})};
}

template <class M>
Tensors decode(M module, const Case& c) {
  load(module, c);
  return {module.run(c.input("tgt"),
                     layers::DecoderInput{
                         .memory = c.input("memory"),
                         .self = {.key_padding_mask = mask_of(c.input("tgt_key_padding_mask")),
                                  .is_causal = c.attr("tgt_is_causal", false)},
                         .memory_key_padding_mask = mask_of(c.input("memory_key_padding_mask"))})};
}

template <class Stack>
Stack stack_of(const Case& c) {
  Rng rng(1);
  return Stack(transformer_options(c, "layers.0."), c.attr<int64_t>("num_layers"), rng,
               c.input("norm.weight").defined());
}

template <class One>
One layer_of(const Case& c) {
  Rng rng(1);
  return One(transformer_options(c, ""), rng);
}

}  // namespace

Family attention() {
  return {
      "attention",
      {{"scaled_dot_product_attention",
        [](const Case& c) {
          return Tensors{scaled_dot_product_attention(c.input("query"), c.input("key"),
                                                      c.input("value"),
                                                      {.mask = mask_of(c.input("attn_mask")),
                                                       .is_causal = c.attr("is_causal", false),
                                                       .scale = scale_of(c),
                                                       .enable_gqa = c.attr("enable_gqa", false)})};
        }},
       {"multihead_attention", multihead},
       {"transformer_encoder_layer",
        [](const Case& c) { return encode(layer_of<layers::TransformerEncoderLayer>(c), c); }},
       {"transformer_decoder_layer",
        [](const Case& c) { return decode(layer_of<layers::TransformerDecoderLayer>(c), c); }},
       {"transformer_encoder",
        [](const Case& c) { return encode(stack_of<layers::TransformerEncoder>(c), c); }},
       {"transformer_decoder",
        [](const Case& c) { return decode(stack_of<layers::TransformerDecoder>(c), c); }},
       {"sinusoidal_positions",
        [](const Case& c) {
          return Tensors{sinusoidal_positions(c.attr<int64_t>("length"), c.attr<int64_t>("d_model"),
                                              c.outputs.at("y").dtype())};
        }},
       {"rotary_embedding", [](const Case& c) {
          return Tensors{
              rotary_embedding(c.input("x"), {.base = c.attr("base", 10000.0),
                                              .offset = c.attr("offset", int64_t{0}),
                                              .interleaved = c.attr("interleaved", false)})};
        }}}};
}

}  // namespace gradus::conformance
