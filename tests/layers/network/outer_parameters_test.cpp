#include "layers/network/outer_parameters.hpp"

#include <doctest/doctest.h>

#include "layers/dense.hpp"
#include "layers/embedding.hpp"
#include "layers/network/models.hpp"
#include "layers/sequential.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

using Names = std::vector<std::string>;

// The parameters that are left.
Names hidden(Module& module) {
  Names names;
  const NamedTensors outer = outer_parameters(module);
  for (const auto& parameter : module.parameters())
    if (std::ranges::none_of(outer,
                             [&](const auto& other) { return other.first == parameter.first; }))
      names.push_back(parameter.first);
  return names;
}

Names hidden(const std::string& text, const ModelOptions& options) {
  Rng rng(1);
  Sequential model = build(text, options, rng);
  return hidden(model);
}

}  // namespace

TEST_CASE("Biases, gains, the first and the last layer are outer parameters") {
  CHECK(hidden("dense 8, norm, relu, dense 8, relu, dense classes",
               {.input = {4}, .classes = 3, .norm = "batch"}) == Names{"3.weight"});
  CHECK(hidden("conv 4 3x3, norm, relu, conv 4 3x3, relu, dense 5, relu, dense classes",
               {.input = {1, 8, 8}, .classes = 3, .norm = "layer"})
            .size() == 2);
  CHECK(hidden("dense classes", {.input = {4}, .classes = 3}).empty());
  CHECK(hidden("dense 8, relu, dense classes", {.input = {4}, .classes = 3}).empty());
}

TEST_CASE(
    "Embeddings are outer parameters wherever they are, and one in front is the first layer") {
  Rng rng(1);
  Sequential text{Embedding(10, 4, rng), Dense(4, 6, rng), Dense(6, 10, rng)};
  CHECK(hidden(text) == Names{"1.weight"});
  Sequential late{Dense(3, 4, rng), Embedding(10, 4, rng), Dense(4, 6, rng), Dense(6, 10, rng)};
  CHECK(hidden(late) == Names{"2.weight"});
  Embedding alone(10, 4, rng);
  CHECK(hidden(alone).empty());
  Sequential table{ColumnEmbedding(3, {{.feature = 1, .values = 5, .width = 2}}, rng),
                   Dense(4, 6, rng), Dense(6, 2, rng)};
  CHECK(hidden(table) == Names{"1.weight"});
}

TEST_CASE("All weights of a tied embedding's layers are hidden, but its positions aren't") {
  Rng rng(1);
  auto model = build("tied 4 (positions learned, transformer hidden 8, norm no-bias)",
                     {.input = {6}, .classes = 10, .tokens = 10}, rng);
  CHECK(hidden(model) == Names{"0.body.1.self_attn.in_proj_weight",
                               "0.body.1.self_attn.out_proj.weight", "0.body.1.linear1.weight",
                               "0.body.1.linear2.weight"});
}

TEST_CASE("Outer parameters are in the order of the module's") {
  Rng rng(1);
  Sequential model{Dense(3, 4, rng), Dense(4, 4, rng), Dense(4, 2, rng)};
  Names names;
  for (const auto& [name, tensor] : outer_parameters(model)) names.push_back(name);
  CHECK(names == Names{"0.weight", "0.bias", "1.bias", "2.weight", "2.bias"});
}
