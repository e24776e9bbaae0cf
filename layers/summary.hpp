// summarize: lists a model's layers with shapes, parameters and operations.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// One layer of a summary.
struct LayerSummary {
  std::string path;         ///< "0", "2.body.1"
  std::string description;  ///< "Conv2d(1, 32, kernel=3)"
  Shape output;             ///< shape of the result for one example, without the batch
  int64_t parameters = 0;   ///< number of values in the layer's parameters
  int64_t flops = 0;        ///< operations of the forward pass for one example; see Module::flops
  std::string equation;     ///< see Module::equation
};

/// The layers that have no children, in the order in which `module` calls them for one example of
/// the shape `input` (without the batch) and type `dtype`; found by a call in evaluation mode.
/// Throws the layers' errors if the input doesn't fit.
std::vector<LayerSummary> summarize(Module& module, const Shape& input, DType dtype = DType::f32);

}  // namespace gradus::layers
