#include "layers/init/gpt.hpp"

#include <cmath>

#include "layers/init_functions.hpp"

namespace gradus::layers {

void initialize_gpt(Module& module, Rng& rng) {
  constexpr double deviation = 0.02;
  const NamedTensors parameters = module.parameters();
  const auto layers = std::ranges::count_if(
      parameters, [](const auto& named) { return named.first.ends_with("linear2.weight"); });
  const double written = deviation / std::sqrt(2 * static_cast<double>(layers));
  for (auto [name, weight] : parameters) {
    if (weight.rank() < 2) continue;
    const bool writes = name.ends_with("out_proj.weight") || name.ends_with("linear2.weight");
    init::normal(weight, rng, {.std = writes ? written : deviation});
  }
  for (auto [name, bias] : module.tensors(Role::bias)) init::constant(bias, 0);
}

}  // namespace gradus::layers
