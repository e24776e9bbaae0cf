// What the first layer looks for in images.
#pragma once

#include <optional>

#include "apps/pictures/sheet.hpp"
#include "layers/module.hpp"

namespace gradus::app {

/// The kernels of a first convolution, or the weights of a first dense layer in the places of the
/// pixels they belong to, 64 at most; channels beside each other. Nothing for a model whose first
/// layer with weights is another, and where `input` (of a sample) is no image (C, H, W).
std::optional<pictures::Sheet> first_layer_filters(layers::Module& model, const Shape& input);

}  // namespace gradus::app
