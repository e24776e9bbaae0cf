#include "layers/network/outer_parameters.hpp"

#include <algorithm>
#include <set>

#include "layers/attention/sequence_layers.hpp"
#include "layers/attention/tied_embedding.hpp"
#include "layers/embedding.hpp"

namespace gradus::layers {

// "0.body.1" of "0.body.1.weight"; the module itself is "".
static std::string layer_of(const std::string& parameter) {
  const std::size_t dot = parameter.rfind('.');
  return dot == parameter.npos ? "" : parameter.substr(0, dot);
}

NamedTensors outer_parameters(Module& module) {
  const NamedTensors weights = module.tensors(Role::weight);
  const Members members(module);
  // The scores of a tied embedding are by the weight of its first layer.
  const bool is_tied = std::ranges::any_of(members.modules(), [](const auto& of) {
    return dynamic_cast<TiedEmbedding*>(of.second) != nullptr;
  });
  std::set<std::string> hidden;
  for (const auto& [name, tensor] : weights)
    if (layer_of(name) != layer_of(weights.front().first) &&
        (is_tied || layer_of(name) != layer_of(weights.back().first)))
      hidden.insert(name);
  for (const auto& [path, layer] : members.modules())
    if (dynamic_cast<Embedding*>(layer) || dynamic_cast<ColumnEmbedding*>(layer) ||
        dynamic_cast<LearnedPositions*>(layer))
      for (const auto& [name, tensor] : layer->parameters())
        hidden.erase(path.empty() ? name : path + '.' + name);
  NamedTensors outer = module.parameters();
  std::erase_if(outer, [&](const auto& parameter) { return hidden.contains(parameter.first); });
  return outer;
}

}  // namespace gradus::layers
