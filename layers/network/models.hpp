// Models by name or from text, for any images or vectors.
#pragma once

#include "core/text/registry.hpp"
#include "layers/network/model_options.hpp"
#include "layers/sequential.hpp"

namespace gradus::layers {

/// The models by name, as texts that build() takes.
const Registry<std::string>& models();

/// A model of models(), or a network from its text: layers separated by commas, the words of each
/// separated by spaces, as network_layers() lists them:
///
///     build("conv 32 3x3 pad 1, norm, relu, maxpool 2, residual(conv 32 3x3 pad 1, norm, relu), "
///           "globalpool, dropout .3, dense 10", {.input = {1, 28, 28}}, rng)
///
/// Shapes follow from the input; dense layers flatten images themselves; the last layer gives a
/// score for each class, without a softmax. `options.norm` replaces every norm of the text and
/// `options.dropout` every dropout, so that "norm none" and "dropout 0" are places for them.
/// Throws std::invalid_argument for unknown names; for what is wrong in the text, with the place,
/// the layer, its input's shape and what it needs; and for options that the network has no place
/// for.
Sequential build(std::string_view model, const ModelOptions& options, Rng& rng);

}  // namespace gradus::layers
