#include <doctest/doctest.h>

#include "core/autograd.hpp"
#include "core/ops/shape.hpp"
#include "layers/network/models.hpp"
#include "layers/norm/normalizations.hpp"
#include "tests/layers/check.hpp"
#include "tests/layers/network/model_inputs.hpp"
#include "tests/same_bits.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

/// Checks that in evaluation a sample's result has the same bits in batches of any size.
void check_invariant(const std::string& text, ModelOptions options, DType dtype) {
  INFO(text, ", norm ", options.norm, " ", to_string(dtype));
  Rng rng(3);
  Sequential model = build(text, options, rng);
  model.to(dtype);
  randomize(model, rng);
  model.train(false);
  constexpr int64_t samples = 37;
  const Tensor x = inputs_for(options, samples, rng, dtype);
  const NoGrad no_grad;
  const Tensor all = model(x);
  for (const int64_t size : {1, 2, 3, 4, 5, 8, 9, 16, 17}) {
    const int64_t first = samples - size;
    const Tensor part = model(row_view(x, first, samples - first));
    if (!testing::same_bits(part, slice(all, 0, first, samples)))
      FAIL_CHECK("a batch of ", size, " has other bits");
  }
}

}  // namespace

TEST_CASE("in evaluation the models give a sample the same bits in every batch") {
  for (const std::string& name : models().names())
    for (const DType dtype : {DType::f32, DType::f64})
      check_invariant(name, options_for(name, {.input = {1, 28, 28}}), dtype);
}

TEST_CASE("in evaluation every normalization gives a sample the same bits in every batch") {
  for (const std::string& name : normalizations().names())
    check_invariant("conv 32 3x3 pad 1, norm, relu, maxpool 2, dense 96, norm, dense 10",
                    {.input = {3, 9, 10}, .norm = name}, DType::f32);
  for (const std::string& name : weight_normalizations().names())
    check_invariant("conv 8 3x3 pad 1, relu, maxpool 2, dense 70, relu, dense 10",
                    {.input = {3, 9, 10}, .norm = name}, DType::f32);
}

TEST_CASE("in evaluation layers of any extents give a sample the same bits in every batch") {
  for (const DType dtype : {DType::f32, DType::f64}) {
    for (const int64_t inputs : {1, 3, 63, 64, 65, 130, 257, 1025, 1100})
      for (const int64_t outputs : {1, 7, 10, 33, 100})
        check_invariant(fmt::format("dense {}, dense 10", outputs), {.input = {inputs}}, dtype);
    for (const char* text : {"conv 32 3x3 pad 1", "conv 6 5x5 pad 2", "conv 16 5x5",
                             "conv 12 3x3 stride 2", "conv 24 1x1", "conv 16 3x3 pad 1 groups 8",
                             "conv 10 3x3 dilation 2", "conv 70 3x3 stride 2 pad 1"})
      for (const Shape& shape : {Shape{16, 7, 7}, {16, 14, 13}, {32, 5, 6}, {8, 28, 28}})
        check_invariant(std::string(text) + ", dense 10", {.input = shape}, dtype);
  }
}
