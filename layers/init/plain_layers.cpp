#include "layers/init/plain_layers.hpp"

namespace gradus::layers {

Members::Named<Reparametrizable> plain_layers(Module& module, bool recurrent) {
  Members::Named<Reparametrizable> layers = reparametrizable_layers(module);
  std::erase_if(layers, [&](const auto& named) {
    return (named.second->weight_kind() == WeightKind::recurrent) != recurrent;
  });
  for (const auto& [path, layer] : layers)
    require(!layer->reparametrization(), "initialize",
            "initialization must come before weight normalization: {} is {}", path,
            layer->description());
  return layers;
}

}  // namespace gradus::layers
