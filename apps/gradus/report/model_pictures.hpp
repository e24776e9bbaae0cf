// first_layer_filters, layer_histograms, mistake_sheet: pictures of a model's filters, values and
// misclassified images.
#pragma once

#include "apps/pictures/histogram.hpp"
#include "apps/pictures/sheet.hpp"
#include "train/diagnostics.hpp"
#include "train/evaluate.hpp"
#include "train/mistakes.hpp"

namespace gradus::app {

/// The kernels of the first convolution, or the weights of the first dense layer at the places of
/// their pixels, at most 64, with the channels side by side. Empty if the first layer with weights
/// is another layer, or if `input`, the shape of a sample, isn't an image (C, H, W).
std::optional<pictures::Sheet> first_layer_filters(layers::Module& model, const Shape& input);

/// Histograms of the weights (matrices and kernels) with a common axis, the activations, each with
/// its own axis, and the absolute values of the weights' gradients with a common logarithmic axis.
/// An axis spans at most four standard deviations around each mean; values beyond are counted in
/// the first and last bin. Tensors without a value on their axis are left out.
std::vector<pictures::HistogramGroup> layer_histograms(const train::Diagnostics& diagnostics);

/// The images of the first mistakes, at most 40, with class, prediction and probability. Empty if
/// there are no mistakes, or samples aren't images of one or three channels.
std::optional<pictures::Sheet> mistake_sheet(const data::Dataset& dataset,
                                             const std::vector<train::Mistake>& mistakes);

}  // namespace gradus::app
