#include "layers/init/gpt.hpp"

#include <algorithm>
#include <cmath>

#include "layers/init_functions.hpp"

namespace gradus::layers {

void initialize_gpt(Module& module, Rng& rng) {
  constexpr double deviation = 0.02;
  const auto writes = [](const auto& named) {
    return named.first.ends_with("out_proj.weight") || named.first.ends_with("linear2.weight");
  };
  NamedTensors weights = module.parameters();
  std::erase_if(weights, [](const auto& named) { return named.second.rank() < 2; });
  const double shortcuts = static_cast<double>(std::ranges::count_if(weights, writes));
  for (auto& named : weights)
    init::normal(named.second, rng,
                 {.std = writes(named) ? deviation / std::sqrt(shortcuts) : deviation});
  for (auto [name, bias] : module.tensors(Role::bias)) init::constant(bias, 0);
}

}  // namespace gradus::layers
