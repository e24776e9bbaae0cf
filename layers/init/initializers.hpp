// initializers: the initializers by name.
#pragma once

#include <variant>

#include "core/random.hpp"
#include "core/text/registry.hpp"

namespace gradus::layers {

class Module;

/// Draws one weight (out, in/groups, kernel…), or one bias.
using LayerInitializer = std::function<void(Tensor& weight, Rng& rng, int64_t groups)>;
/// Changes a whole module.
using ModuleInitializer = std::function<void(Module& module, const Tensor& batch)>;
/// A named initializer: draws weights one by one, or changes the module.
using Initialization = std::variant<LayerInitializer, ModuleInitializer>;
/// Makes an initializer from its specification. Throws std::invalid_argument for wrong arguments,
/// with a list of the right ones.
using InitializerFactory = std::function<Initialization(const Spec& spec)>;

/// Initializers by name. The help ends with the arguments and their defaults; a gain is a number or
/// the name of an activation, which stands for its gain() with `slope`.
const Registry<InitializerFactory>& initializers();

}  // namespace gradus::layers
