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
  // Children first: merging a normalization into a layer needs the layer's plain weight, and
  // replaced modules of a Sequential need no folding.
  const auto& modules = members.modules();
  for (auto named = modules.rbegin(); named != modules.rend(); ++named) named->second->fold_own();
}

}  // namespace gradus::layers
