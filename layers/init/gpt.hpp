// initialize_gpt: the initial weights of GPT-2.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// Draws all weights of a language model from N(0, 0.02²), embeddings and positions too, and sets
/// biases to 0. Those that write into shortcuts, the n weights out_proj and linear2, have the
/// deviation 0.02/√n, where n is twice the number of transformer layers (Radford et al. 2019).
/// Gains keep their values.
void initialize_gpt(Module& module, Rng& rng);

}  // namespace gradus::layers
