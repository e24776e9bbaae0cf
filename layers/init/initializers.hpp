// Initializers by name.
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
/// What a named initializer does: draw weights one by one, or change the module.
using Initialization = std::variant<LayerInitializer, ModuleInitializer>;
/// Throws std::invalid_argument for arguments that can't be read, listing those that there are.
using InitializerFactory = std::function<Initialization(const Spec& spec)>;

/// Initializers by name. The help ends with the arguments and their defaults; a gain is a number or
/// the name of an activation, whose gain() it takes with `slope`.
const Registry<InitializerFactory>& initializers();

}  // namespace gradus::layers
