// The values inside a model as histograms.
#pragma once

#include <vector>

#include "apps/pictures/histogram.hpp"
#include "train/diagnostics.hpp"

namespace gradus::app {

/// Weights (matrices and kernels) on a common axis, activations each on its own, and the size of
/// the weights' gradients on a common logarithmic one. An axis spans four deviations about each
/// mean at most; what lies beyond is counted in the bins at its ends. Tensors without a finite
/// place on their axis are left out.
std::vector<pictures::HistogramGroup> layer_histograms(const train::Diagnostics& diagnostics);

}  // namespace gradus::app
