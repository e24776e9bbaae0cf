#include "layers/init/pretrained.hpp"

#include "core/io/safetensors.hpp"
#include "core/text/glob.hpp"
#include "core/text/registry.hpp"
#include "layers/module.hpp"

namespace gradus::layers {

void load_pretrained(Module& module, const std::string& path, std::string_view pattern) {
  const SafetensorsFile file = read_safetensors(path);
  std::map<std::string, Tensor> given;
  std::vector<std::string> names;
  for (const auto& [name, tensor] : file.tensors) {
    names.push_back(name);
    if (matches(pattern, name)) given.emplace(name, tensor);
  }
  if (given.empty()) {
    names = nearest_first(pattern, std::move(names));
    fail("pretrained", "no tensor in {} matches '{}'; the file has {}", path, pattern,
         fmt::join(names, ", "));
  }
  NamedTensors state = module.state_dict();
  for (auto& [name, tensor] : state)
    if (const auto found = given.extract(name)) tensor = found.mapped();
  state.insert(state.end(), given.begin(), given.end());
  try {
    module.load_state_dict(state);
  } catch (const std::invalid_argument& error) {
    throw PretrainedMisfit(
        fmt::format("[pretrained] {} doesn't fit the network: {}", path, error.what()));
  }
}

}  // namespace gradus::layers
