#include "layers/reparametrization.hpp"

namespace gradus::layers {

Members::Named<Reparametrizable> reparametrizable_layers(Module& module) {
  Members::Named<Reparametrizable> layers;
  const Members members(module);
  for (const auto& [path, below] : members.modules())
    if (Reparametrizable* const layer = below->reparametrizable()) layers.emplace_back(path, layer);
  return layers;
}

void settle(Module& module) {
  for (const auto& [path, layer] : reparametrizable_layers(module)) layer->settle();
}

void fold(Module& module) {
  const Members members(module);
  // Children first: what goes into a layer's weight needs a plain one, and what a Sequential
  // replaces isn't asked any more.
  const auto& modules = members.modules();
  for (auto named = modules.rbegin(); named != modules.rend(); ++named) named->second->fold_own();
}

}  // namespace gradus::layers
