// Recipes by name: what to train, how, and how well it goes.
#pragma once

#include "apps/gradus/cli/options.hpp"

namespace gradus::app {

/// Each the options of train that it sets, by their names in config.json. The line of help says the
/// accuracy that was measured, and where the recipe comes from.
const Registry<Json>& presets();

/// Adds --preset, which loads one of them.
void add_preset_option(Options& options, std::string& preset);

}  // namespace gradus::app
