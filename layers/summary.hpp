// What a model consists of, layer by layer.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// A layer as it was called.
struct LayerSummary {
  std::string path;         ///< "0", "2.body.1"
  std::string description;  ///< "Conv2d(1, 32, kernel=3)"
  Shape output;             ///< for one example, without the batch
  int64_t parameters = 0;   ///< values in the layer's parameters
  int64_t flops = 0;        ///< forward, of one example; see Module::flops
  std::string equation;     ///< see Module::equation
};

/// The layers that have no children, in the order in which `module` calls them for one example of
/// the shape `input` (without the batch) and type `dtype`; found by calling it, in evaluation mode.
/// Throws what the layers throw when the input doesn't fit.
std::vector<LayerSummary> summarize(Module& module, const Shape& input, DType dtype = DType::f32);

}  // namespace gradus::layers
