// summarize, to_string: list a model's layers with shapes, parameters and operations; printing of
// modules, fmt::print("{}", model), std::cout << model.
#pragma once

#include <iosfwd>

#include "layers/module.hpp"

namespace gradus::layers {

/// One layer of a summary.
struct LayerSummary {
  std::string path;         ///< "0", "2.body.1"
  std::string description;  ///< "Conv2d(1, 32, kernel=3)"
  Shape output;             ///< shape of the result for one example, without the batch
  int64_t parameters = 0;   ///< number of values in its own parameters, without its children's
  int64_t flops = 0;        ///< its own operations for one example; see Module::flops
  std::string equation;     ///< see Module::equation
};

/// The layers without children, and those with children that have parameters or operations of their
/// own, in the order in which their calls by `module` end, for one example of the shape `input`
/// (without the batch) and type `dtype`; found by a call in evaluation mode. Throws the layers'
/// errors if the input doesn't fit.
std::vector<LayerSummary> summarize(Module& module, const Shape& input, DType dtype = DType::f32);

/// The tree of modules as PyTorch prints it: a line for each layer, with its description, the
/// shapes of its parameters and the number of their values. Modules with children are between
/// parentheses, each child with its name; behind them is the number of values of all parameters
/// below, and how many of them are frozen, if any.
///
///     Sequential(
///       (0): Dense(3, 4): weight (4, 3), bias (4): 16 parameters, frozen
///       (1): ReLU()
///       (2): Dense(4, 2, bias=false): weight (2, 4): 8 parameters
///     ): 24 parameters, 16 of them frozen
std::string to_string(const Module& module);

/// Writes to_string(module).
std::ostream& operator<<(std::ostream& stream, const Module& module);

}  // namespace gradus::layers

/// @cond
template <std::derived_from<gradus::layers::Module> M>
struct fmt::formatter<M> : fmt::formatter<std::string> {
  auto format(const gradus::layers::Module& module, format_context& context) const {
    return fmt::formatter<std::string>::format(gradus::layers::to_string(module), context);
  }
};
/// @endcond
