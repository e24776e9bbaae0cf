#include <cmath>

#include "layers/dense.hpp"
#include "layers/norm/constraints.hpp"
#include "layers/norm/cosine_norm.hpp"
#include "layers/norm/normalizations.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/norm/weight_norm.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Dense small_dense() {
  Rng rng(1);
  return Dense(5, 3, rng);
}

}  // namespace

TEST_CASE("a zero weight row is an error with shapes, or a defined result") {
  const auto zero_row = [](AnyReparametrization r) {
    Dense layer = small_dense();
    no_grad([&] { layer.weight.fill(0); });
    layer.reparametrize(std::move(r));
    const AnomalyMode anomaly;
    const Tensor y = layer(Tensor::ones({2, 5}));
    sum(square(y)).backward();
    return amax(abs(y - layer.bias)).item();
  };
  CHECK(zero_row(WeightStandardization()) == 0);
  CHECK(zero_row(WeightWhitening()) == 0);
  CHECK(zero_row(CosineNorm()) == 0);
  CHECK_THROWS_WITH(zero_row(WeightNorm()),
                    "[weight_norm] rows must not be zero: row 0 of weight (3, 5)");
  CHECK_THROWS_WITH(zero_row(CenteredWeightNorm()),
                    "[centered_weight_norm] rows must not be constant: row 0 of weight (3, 5)");
  CHECK_THROWS_WITH(zero_row(SpectralNorm()),
                    "[spectral_norm] the singular value must not be 0: weight (3, 5)");
}

TEST_CASE("a zero row among others leaves those as they are, or is an error") {
  const auto outputs = [](AnyReparametrization r) {
    Dense layer = small_dense();
    no_grad([&] {
      layer.bias.fill(0);
      for (float* w = layer.weight.mutable_data<float>(); float& x : std::span(w, 5)) x = 0;
    });
    layer.reparametrize(std::move(r));
    const AnomalyMode anomaly;
    Rng rng(7);
    const Tensor y = layer(randn({1, 5}, rng));
    sum(square(y)).backward();
    return y.to_vector<float>();
  };
  for (const AnyReparametrization& r :
       {AnyReparametrization(WeightStandardization()), AnyReparametrization(WeightWhitening()),
        AnyReparametrization(WeightWhitening({.group = 1})), AnyReparametrization(SpectralNorm()),
        AnyReparametrization(CosineNorm()), AnyReparametrization(CosineNorm({.centered = true}))}) {
    CAPTURE(r->description());
    const std::vector<float> y = outputs(r);
    CHECK(y[0] == 0);
    CHECK(std::abs(y[1]) > 1e-3);
    CHECK(std::abs(y[2]) > 1e-3);
  }
  CHECK_THROWS_WITH(outputs(WeightNorm()),
                    "[weight_norm] rows must not be zero: row 0 of weight (3, 5)");
  CHECK_THROWS_WITH(outputs(CenteredWeightNorm()),
                    "[centered_weight_norm] rows must not be constant: row 0 of weight (3, 5)");
}

TEST_CASE("errors of normalizations of weights") {
  Rng rng(6);
  CHECK_THROWS_WITH(WeightStandardization({.eps = 0}),
                    "[weight_standardization] eps must be positive and finite, got 0");
  CHECK_THROWS_WITH(WeightWhitening({.eps = -1}),
                    "[weight_whitening] eps must be positive and finite, got -1");
  CHECK_THROWS_WITH(WeightWhitening({.group = -1}),
                    "[weight_whitening] group must be 0 or more, got -1");
  CHECK_THROWS_WITH(
      SpectralNorm({.n_power_iterations = 0}),
      "[spectral_norm] n_power_iterations must be a whole number from 1 to 10^9, got 0");
  CHECK_THROWS_WITH(SpectralNorm({.eps = 0}),
                    "[spectral_norm] eps must be positive and finite, got 0");
  CHECK_THROWS_WITH(weight_standardization(Tensor::ones({2, 3}), {}, 0),
                    "[weight_standardization] eps must be positive, got 0");
  CHECK_THROWS_WITH(weight_whitening(Tensor::ones({2, 3}), 0),
                    "[weight_whitening] eps must be positive, got 0");
  CHECK_THROWS_WITH(weight_whitening(Tensor::ones({2, 3}), 1, -1),
                    "[weight_whitening] group must be 0 or more, got -1");
  CHECK_THROWS_WITH(
      weight_whitening(Tensor::from(std::vector<double>{1, 2, 3, 2, 4, 6, 1, 3, 5}, {3, 3}),
                       1e-300),
      doctest::Contains("[weight_whitening] eps 1e-300 is too small for weight (3, 3)"));
  for (const float value :
       weight_whitening(Tensor::from(std::vector<float>{1, NAN, 3, 2}, {2, 2})).to_vector<float>())
    CHECK(std::isnan(value));
  CHECK_THROWS_WITH(CosineNorm({.eps = 0}), "[cosine_norm] eps must be 1e-12 or more, got 0");
  CHECK_THROWS_WITH(max_norm(0), "[max_norm] limit must be positive, got 0");
  CHECK_THROWS_WITH(Dense(1, 2, rng).reparametrize(WeightStandardization()),
                    "[weight_standardization] rows must have more than one weight: weight (2, 1)");
  CHECK_THROWS_WITH(weight_norm(Tensor::ones({2, 3}), Tensor::ones({3})),
                    "[weight_norm] g must be (2), got (3): weight (2, 3)");
  CHECK_THROWS_WITH(centered_weight_norm(Tensor::full({2, 3}, 0.1)),
                    "[centered_weight_norm] rows must not be constant: row 0 of weight (2, 3)");
  Dense layer = small_dense();
  layer.reparametrize(CosineNorm());
  CHECK_THROWS_WITH(
      layer.reparametrize(WeightNorm()),
      "[reparametrize] Dense(5, 3) with CosineNorm() already has a reparametrization");
  CHECK_THROWS_WITH(layer.fold(),
                    "[fold] no plain weight is equivalent to Dense(5, 3) with CosineNorm()");
  CHECK_THROWS_WITH(normalize_weights(layer, "weigth"),
                    "unknown weight normalization 'weigth': did you mean weight?");
}

TEST_CASE("cosine normalization refuses an eps whose cube overflows") {
  const Tensor x = Tensor::ones({2, 3});
  const CosineNormalizationOptions small{.eps = 1e-13};
  CHECK_THROWS_WITH(cosine_linear(x, x, small),
                    "[cosine_linear] eps must be 1e-12 or more, got 1e-13");
  CHECK_THROWS_WITH(cosine_product(x, x, {}, small),
                    "[cosine_product] eps must be 1e-12 or more, got 1e-13");
}
