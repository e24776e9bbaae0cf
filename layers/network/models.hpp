// build, models: networks by name or from text, for any images or vectors.
#pragma once

#include "core/text/registry.hpp"
#include "layers/network/model_options.hpp"
#include "layers/sequential.hpp"

namespace gradus::layers {

/// The models by name, as texts for build().
const Registry<std::string>& models();

/// Builds a model of models(), or a network from its text: layers separated by commas, with words
/// separated by spaces, as listed in network_layers():
///
///     build("conv 32 3x3 pad 1, norm, relu, maxpool 2, residual(conv 32 3x3 pad 1, norm, relu), "
///           "globalpool, dropout .3, dense 10", {.input = {1, 28, 28}}, rng)
///
/// Shapes follow from the input. Dense layers flatten images. The last layer must return one score
/// per class, without a softmax. `options.norm` replaces every norm of the text and
/// `options.dropout` every dropout: "norm none" and "dropout 0" are placeholders for them. Throws
/// std::invalid_argument for unknown names; for errors in the text, with the place, the layer, its
/// input's shape and the rule; and for options without a place in the network.
Sequential build(std::string_view model, const ModelOptions& options, Rng& rng);

}  // namespace gradus::layers
