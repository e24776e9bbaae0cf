// initialize_gpt: the deviation of each kind of weight.
#include "layers/init/gpt.hpp"

#include <cmath>

#include "layers/attention/multihead_attention.hpp"
#include "layers/network/models.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

TEST_CASE("initialize_gpt draws weights that write into shortcuts smaller, and sets biases to 0") {
  Rng rng(1);
  Sequential model =
      build("tied 64 (positions learned, repeat 2 (transformer heads 4), norm layer)",
            {.input = {32}, .classes = 50, .tokens = 50, .init = "he-normal"}, rng);
  for (auto& [name, tensor] : model.named_parameters()) init::constant(tensor, 3);
  initialize_gpt(model, rng);
  for (const auto& parameter : model.named_parameters()) {
    const auto& [name, tensor] = parameter;
    CAPTURE(parameter.first);
    const bool writes = name.ends_with("out_proj.weight") || name.ends_with("linear2.weight");
    const double wanted = writes ? 0.02 / 2 : 0.02;  // √(2·2 layers) = 2
    if (tensor.rank() == 2)
      CHECK(std::sqrt(mean_square(tensor)) == doctest::Approx(wanted).epsilon(0.05));
    else
      CHECK(mean_square(tensor) == (name.ends_with("bias") ? 0 : 9));
  }
}

TEST_CASE("initialize_gpt counts the shortcuts, not the layers") {
  Rng rng(2);
  MultiheadAttention attention(64, 4, rng);
  initialize_gpt(attention, rng);
  for (const auto& weight : attention.tensors(Role::weight)) {
    CAPTURE(weight.first);
    CHECK(std::sqrt(mean_square(weight.second)) == doctest::Approx(0.02).epsilon(0.05));
  }
}

TEST_CASE("A language model with transformer layers starts like a GPT, another one doesn't") {
  const auto deviation = [](const std::string& text, const ModelOptions& options) {
    Rng rng(3);
    Sequential model = build(text, options, rng);
    return std::sqrt(mean_square(model.parameters()[0].second));
  };
  const ModelOptions language{.input = {8}, .classes = 20, .tokens = 20};
  CHECK(deviation("embedding 64, transformer heads 4, dense classes", language) ==
        doctest::Approx(0.02).epsilon(0.1));
  CHECK(deviation("embedding 64, gru 8, dense classes", language) ==
        doctest::Approx(1).epsilon(0.1));
  CHECK(deviation("patches 4, dense 64, transformer heads 4, globalpool, dense classes", {}) ==
        doctest::Approx(1 / std::sqrt(3 * 16.0)).epsilon(0.1));
}
