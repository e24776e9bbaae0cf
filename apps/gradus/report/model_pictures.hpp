// first_layer_filters, layer_histograms: pictures of what is inside a model.
#pragma once

#include <optional>
#include <vector>

#include "apps/pictures/histogram.hpp"
#include "apps/pictures/sheet.hpp"
#include "layers/module.hpp"
#include "train/diagnostics.hpp"

namespace gradus::app {

/// The kernels of a first convolution, or the weights of a first dense layer in the places of the
/// pixels they belong to, 64 at most; channels beside each other. Nothing for a model whose first
/// layer with weights is another, and where `input` (of a sample) is no image (C, H, W).
std::optional<pictures::Sheet> first_layer_filters(layers::Module& model, const Shape& input);

/// Weights (matrices and kernels) on a common axis, activations each on its own, and the size of
/// the weights' gradients on a common logarithmic one. An axis spans four deviations about each
/// mean at most; what lies beyond is counted in the bins at its ends. Tensors without a finite
/// place on their axis are left out.
std::vector<pictures::HistogramGroup> layer_histograms(const train::Diagnostics& diagnostics);

}  // namespace gradus::app
