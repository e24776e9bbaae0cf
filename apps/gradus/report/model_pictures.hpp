// first_layer_filters, layer_histograms, mistake_sheet: pictures of what is inside a model, and of
// where it is wrong.
#pragma once

#include "apps/pictures/histogram.hpp"
#include "apps/pictures/sheet.hpp"
#include "train/diagnostics.hpp"
#include "train/evaluate.hpp"
#include "train/mistakes.hpp"

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

/// The images of the first of them, 40 at most, with truth, guess and probability; nothing where
/// there are no mistakes, or samples aren't images of one or three channels.
std::optional<pictures::Sheet> mistake_sheet(const data::Dataset& dataset,
                                             const std::vector<train::Mistake>& mistakes);

}  // namespace gradus::app
