// make_teacher.
#include "train/teacher.hpp"

#include <doctest/doctest.h>

#include "core/ops/elementwise.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/sequential.hpp"

using namespace gradus;

TEST_CASE("A teacher evaluates its model on samples that it normalizes itself") {
  Rng rng(1);
  const layers::Dense dense(2, 3, rng);
  train::SavedModel saved{.description = {.model = "",
                                          .options = {.input = {2}, .classes = 3},
                                          .normalization = {{1}, {2}}},
                          .model = layers::Sequential{layers::Dropout(0.5, rng), dense}};
  const data::Dataset samples =
      data::Dataset::of_features({0, 1, 2, 3, 4, 5}, 2, {0, 1, 2}, 3).normalized({{7}, {8}});
  const train::Teacher teacher = train::make_teacher(std::move(saved), samples);
  const Tensor x = randn({3, 2}, rng), logits = teacher(x);
  layers::Dense same = dense;
  CHECK(logits.to_vector<float>() == same((x - 1) / 2).to_vector<float>());
  CHECK_FALSE(logits.requires_grad());
}
