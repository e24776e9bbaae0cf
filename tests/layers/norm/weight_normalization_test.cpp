#include "core/ops/linear.hpp"
#include "core/ops/shape.hpp"
#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/norm/constraints.hpp"
#include "layers/norm/cosine_norm.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/normalizations.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/norm/weight_norm.hpp"
#include "layers/recurrent.hpp"
#include "layers/residual.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

using Names = std::vector<std::string>;

Dense dense(uint64_t seed = 1) {
  Rng rng(seed);
  return Dense(5, 3, rng);
}

Conv2d convolution(uint64_t seed = 1) {
  Rng rng(seed);
  return Conv2d({.in_channels = 4, .out_channels = 4, .kernel = 2, .padding = 1, .groups = 2}, rng);
}

Sequential normalized_network(uint64_t seed = 1) {
  Rng rng(seed);
  return Sequential{
      Conv2d({.in_channels = 1, .out_channels = 3, .kernel = 3}, rng), BatchNorm2d(3), ReLU(),
      ConvTranspose2d({.in_channels = 3, .out_channels = 4, .kernel = 2}, rng), ReLU()};
}

Tensor normalized_images() {
  Rng rng(3);
  return randn({4, 1, 5, 5}, rng);
}

// Those of the table, and their options.
std::vector<AnyReparametrization> all() {
  std::vector<AnyReparametrization> list;
  for (const auto& entry : weight_normalizations().entries()) list.push_back(entry.make());
  list.push_back(WeightStandardization({.eps = 0.1, .gain = false}));
  list.push_back(CenteredWeightNorm({.gain = false}));
  list.push_back(WeightWhitening({.eps = 0.01, .gain = false}));
  list.push_back(WeightWhitening({.group = 2}));
  list.push_back(SpectralNorm({.n_power_iterations = 3}));
  list.push_back(CosineNorm({.centered = true, .scale = 2}));
  return list;
}

void check_close(const Tensor& a, const Tensor& b, double tolerance = 1e-5) {
  REQUIRE(a.shape() == b.shape());
  CHECK(amax(abs(a - b)).item() <= tolerance * amax(abs(b)).item());
}

Tensor evaluated(Module& module, const Tensor& x) {
  const EvaluationScope scope(module);
  return module(x);
}

}  // namespace

TEST_CASE("derivatives of every normalization of weights, on dense and convolution layers") {
  for (const AnyReparametrization& normalization : all()) {
    Dense full = dense();
    Conv2d conv = convolution();
    for (Weighted* layer : std::initializer_list<Weighted*>{&full, &conv}) {
      layer->reparametrize(normalization);
      layer->evaluate();  // in training mode, spectral norm changes its vectors
    }
    check_gradients(full, random_input({4, 5}));
    check_gradients(conv, random_input({2, 4, 3, 3}));
  }
}

TEST_CASE("spectral norm in training has the derivative of weight over sigma") {
  Dense layer = dense();
  layer.reparametrize(SpectralNorm({.n_power_iterations = 50}));
  layer.to(DType::f64);
  const auto call = [&](const Tensors& t) {
    return layer.reparametrization()->clone()->apply(t[0], true);
  };
  const Tensor weight = layer.weight.detach().clone().set_requires_grad();
  const GradcheckResult result = gradcheck(call, {weight});
  CHECK_MESSAGE(result.passed, result.message);
}

TEST_CASE("normalized weights have the properties of their names") {
  Rng rng(2);
  const Tensor weight = randn({3, 2, 2, 3}, rng, DType::f64);
  const auto rows = [&](Reparametrization& r) {
    r.attach(weight);
    return reshape(r.apply(weight, false), {3, 12});
  };
  WeightStandardization standard({.eps = 1e-12, .gain = false});
  check_near(mean(rows(standard), {1}) + 1, {1, 1, 1});
  check_near(var(rows(standard), {1}, false, false), {1, 1, 1});
  CenteredWeightNorm centred({.gain = false});
  check_near(mean(rows(centred), {1}) + 1, {1, 1, 1});
  check_near(norm(rows(centred), 2, {1}), {1, 1, 1});
  WeightWhitening white({.eps = 1e-12, .gain = false});
  check_near(matmul(rows(white), rows(white), {.b = true}) + 1, {2, 1, 1, 1, 2, 1, 1, 1, 2});
  WeightNorm plain;
  check_near(rows(plain), weight.to_vector<double>());
  SpectralNorm spectral({.n_power_iterations = 1});
  const Tensor w = rows(spectral);
  CHECK(norm(matmul(w, reshape(spectral.v, {12, 1}))).item() == doctest::Approx(1).epsilon(1e-3));
  WeightStandardization gained;
  check_near(norm(rows(gained), 2, {1}), row_norms(weight).to_vector<double>());
}

TEST_CASE("the cosine convolution of a whole image is that of a dense layer") {
  Rng rng(4);
  const Tensor x = randn({3, 2, 2, 3}, rng, DType::f64),
               weight = randn({4, 2, 2, 3}, rng, DType::f64);
  for (const bool centered : {false, true}) {
    const Tensor images = cosine_conv2d(x, weight, {}, {.centered = centered});
    const Tensor rows =
        cosine_linear(reshape(x, {3, 12}), reshape(weight, {4, 12}), {.centered = centered});
    check_near(reshape(images, {3, 4}), rows.to_vector<double>());
  }
}

TEST_CASE("whitening converges for many equal singular values") {
  Rng rng(3);
  const Tensor white = weight_whitening(randn({16, 400}, rng, DType::f64), 1e-9);
  const Tensor product = matmul(white, white, {.b = true});
  for (int i = 0; i < 16; ++i)
    for (int j = 0; j < 16; ++j)
      CHECK(std::abs(product.data<double>()[16 * i + j] - (i == j)) < 1e-9);
}

TEST_CASE("whitening in groups is that of each group by itself, the last one smaller") {
  Rng rng(8);
  const Tensor weight = randn({5, 2, 4}, rng, DType::f64);
  const auto of = [&](int64_t begin, int64_t end) {
    return weight_whitening(slice(weight, 0, begin, end));
  };
  check_close(weight_whitening(weight, 1e-5, 2), cat({of(0, 2), of(2, 4), of(4, 5)}), 1e-12);
  check_equal(weight_whitening(weight, 1e-5, 5), weight_whitening(weight));
  check_equal(weight_whitening(weight, 1e-5, 9), weight_whitening(weight));
  for (const double factor : {1e-6, 1e6})
    check_close(weight_whitening(weight * factor, 1e-13 * factor * factor),
                weight_whitening(weight, 1e-13), 1e-9);
}

TEST_CASE("normalized weights describe their equations with the present numbers") {
  const auto equation = [](AnyReparametrization r) {
    Conv2d conv = convolution();
    CHECK(conv.equation() == "");
    conv.reparametrize(std::move(r));
    return conv.equation();
  };
  CHECK(equation(WeightStandardization()) ==
        "WeightStandardization: over each output's 8 weights; w ← g·(w − μ)/√(σ² + 1e-05), g of "
        "each output");
  CHECK(equation(WeightStandardization({.eps = 0.1, .gain = false})) ==
        "WeightStandardization: over each output's 8 weights; w ← (w − μ)/√(σ² + 0.1)");
  CHECK(equation(WeightNorm()) ==
        "WeightNorm: over each output's 8 weights; w ← g·v/‖v‖, g of each output");
  CHECK(equation(CenteredWeightNorm()) ==
        "CenteredWeightNorm: over each output's 8 weights; w ← g·(w − μ)/‖w − μ‖, g of each "
        "output");
  CHECK(equation(WeightWhitening()) ==
        "WeightWhitening: over all 4 outputs with 8 weights each; W ← g·(F Fᵀ + 1e-05·I)^(−1/2)·F, "
        "F the rows of W minus their means, g of each output");
  CHECK(
      equation(WeightWhitening({.group = 3}))
          .starts_with("WeightWhitening: over groups of 3 of the 4 outputs with 8 weights each; "));
  CHECK(equation(WeightWhitening({.group = 1}))
            .starts_with("WeightWhitening: over groups of 1 of the 4 outputs with 8 weights each"));
  CHECK(equation(WeightWhitening({.group = 4}))
            .starts_with("WeightWhitening: over all 4 outputs with 8 weights each"));
  CHECK(equation(SpectralNorm({.n_power_iterations = 2})) ==
        "SpectralNorm: over the whole weight of 4×8; W ← W/σ₁, σ₁ = uᵀWv, u and v after 2 more "
        "iterations of the power method at each step");
  CHECK(equation(CosineNorm({.centered = true, .scale = 20})) ==
        "CosineNorm: over each output's 8 weights and what they multiply; x·w ← 20·x·w/(max(‖x‖, "
        "1e-08)·max(‖w‖, 1e-08)), x and w minus their means");
  Rng rng(1);
  ConvTranspose2d transposed({.in_channels = 2, .out_channels = 3, .kernel = 2}, rng);
  transposed.reparametrize(WeightNorm());
  CHECK(transposed.equation().starts_with("WeightNorm: over each output's 8 weights"));
}

TEST_CASE("parameters and buffers have PyTorch's names where it has them") {
  const auto names = [](AnyReparametrization r) {
    Dense layer = dense();
    layer.reparametrize(std::move(r));
    return names_of(layer.state_dict());
  };
  CHECK(names(WeightNorm()) == Names{"weight_v", "weight_g", "bias"});
  CHECK(names(WeightNorm({.data_dependent = true})) ==
        Names{"weight_v", "weight_g", "weight_initialized", "bias"});
  CHECK(names(SpectralNorm()) == Names{"weight_orig", "weight_u", "weight_v", "bias"});
  CHECK(names(WeightStandardization()) == Names{"weight", "weight_g", "bias"});
  CHECK(names(WeightStandardization({.gain = false})) == Names{"weight", "bias"});
  CHECK(names(CosineNorm()) == Names{"weight", "weight_scale", "bias"});
  Conv2d conv = convolution();
  conv.reparametrize(WeightNorm());
  CHECK(conv.state_dict()[1].second.shape() == Shape{4, 1, 1, 1});
}

TEST_CASE("each registered one trains, clones, loads and folds into a model that agrees") {
  for (const auto& entry : weight_normalizations().entries()) {
    CAPTURE(entry.name);
    Sequential model = normalized_network();
    normalize_weights(model, entry.name);
    for (int step = 0; step < 3; ++step) train_step(model, normalized_images());
    const Tensor y = evaluated(model, normalized_images());

    const std::unique_ptr<Module> clone = model.clone();
    Sequential loaded = normalized_network(2);
    normalize_weights(loaded, entry.name);
    loaded.load_state_dict(model.state_dict());
    check_equal(evaluated(loaded, normalized_images()), y);

    Sequential folded = model;
    fold(folded);
    check_close(evaluated(folded, normalized_images()), y);
    const bool plain = !entry.name.starts_with("cosine");
    CHECK((folded.description() == "Sequential(Conv2d(1, 3, kernel=3), Identity(), ReLU(), "
                                   "ConvTranspose2d(3, 4, kernel=2), ReLU())") == plain);

    train_step(model, normalized_images(), 0.1);
    check_equal(evaluated(*clone, normalized_images()), y);
  }
}

TEST_CASE("fold takes batch normalization into the layer right before it and nothing else") {
  Rng rng(4);
  Sequential model{
      Residual(Sequential{Dense(3, 3, rng, {.bias = false}), BatchNorm1d(3, {.eps = 0.2})}),
      BatchNorm1d(3), Dense(3, 2, rng), BatchNorm1d(2, {.affine = false})};
  randomize(model, rng);
  const Tensor x = randn({5, 3}, rng), y = evaluated(model, x);
  fold(model);
  check_close(evaluated(model, x), y);
  CHECK(model.description() ==
        "Sequential(Residual(Sequential(Dense(3, 3), Identity())), BatchNorm1d(3), Dense(3, 2), "
        "Identity())");
  CHECK_THROWS_WITH(model(randn({5, 3, 3}, rng)),
                    "layer 0.body.0: [dense] a normalization of (N, C) was folded into it, so "
                    "inputs must be (N, in), "
                    "got (5, 3, 3)");
  Sequential untracked{Dense(3, 2, rng), BatchNorm1d(2, {.track_running_stats = false})};
  fold(untracked);
  CHECK(untracked.description() ==
        "Sequential(Dense(3, 2), BatchNorm1d(2, track_running_stats=false))");
  Sequential grouped{
      ConvTranspose2d({.in_channels = 2, .out_channels = 4, .kernel = 2, .groups = 2}, rng),
      BatchNorm2d(4)};
  randomize(grouped, rng);
  const Tensor image = randn({2, 2, 3, 3}, rng), before = evaluated(grouped, image);
  fold(grouped);
  check_close(evaluated(grouped, image), before);
}

TEST_CASE("scale of the weights doesn't matter where theory says so") {
  for (const auto& entry : weight_normalizations().entries()) {
    CAPTURE(entry.name);
    Conv2d conv = convolution();
    conv.to(DType::f64);
    AnyReparametrization r = entry.make();
    if (entry.name == "weight-std") r = WeightStandardization({.eps = 1e-15});
    if (entry.name == "weight-whiten") r = WeightWhitening({.eps = 1e-12});
    conv.reparametrize(std::move(r));
    conv.evaluate();
    const Tensor x = random_input({2, 4, 3, 3});
    const auto gradient = [&] {
      conv.weight.zero_grad();
      const Tensor y = conv(x);
      sum(square(y)).backward();
      return std::pair(y.detach(), conv.weight.grad());
    };
    const auto [y, g] = gradient();
    no_grad([&] { conv.weight.copy_from(conv.weight * 4.0); });
    const auto [y4, g4] = gradient();
    check_close(y4, y, 1e-8);
    check_close(g4, g / 4.0, 1e-6);
  }
}

TEST_CASE(
    "cosine normalization doesn't see the scale of its input, and its centred kind no shift") {
  for (const bool centered : {false, true}) {
    Dense layer = dense();
    layer.to(DType::f64);
    layer.reparametrize(CosineNorm({.centered = centered, .scale = 1}));
    no_grad([&] { layer.bias.fill(0); });
    const Tensor x = random_input({6, 5}).detach(), y = layer(x);
    CHECK(amax(abs(y)).item() < 1);
    check_close(layer(x * 7.0), y, 1e-12);
    if (centered)
      check_close(layer(x + 3.0), y, 1e-12);
    else
      CHECK(amax(abs(layer(x + 3.0) - y)).item() > 0.1);
  }
}

TEST_CASE("blank windows give cosine normalization neither NaN nor more than its bound") {
  for (const bool centered : {false, true}) {
    Conv2d conv = convolution();
    conv.reparametrize(CosineNorm({.centered = centered, .scale = 1}));
    no_grad([&] { conv.bias.fill(0); });
    for (const double value : {0.0, 0.1, 1000.0}) {
      const Tensor x = Tensor::full({1, 4, 4, 4}, value).set_requires_grad();
      const AnomalyMode anomaly;
      const Tensor y = conv(x);
      sum(y).backward();
      CHECK(amax(abs(y)).item() <= 1.001);
    }
  }
}

TEST_CASE("data-dependent initialization standardizes the outputs of the first batch, once") {
  Conv2d conv = convolution();
  conv.reparametrize(WeightNorm({.data_dependent = true}));
  Rng rng(5);
  const Tensor x = randn({8, 4, 6, 6}, rng);
  evaluated(conv, x);
  CHECK(conv.named_buffers()[0].second.item() == 0);
  const Tensor y = conv(x);
  CHECK(amax(abs(mean(y, {0, 2, 3}))).item() < 1e-5);
  CHECK(amax(abs(var(y, {0, 2, 3}, false, false) - 1.0)).item() < 1e-4);
  CHECK(amin(var(conv(x * 9.0), {0, 2, 3}, false, false)).item() > 50);
  check_equal(conv(x), y);
  Conv2d other = convolution();
  other.reparametrize(WeightNorm({.data_dependent = true}));
  CHECK_THROWS_WITH(other(Tensor::zeros({2, 4, 3, 3})),
                    "[weight_norm] outputs must vary over the first batch: input (2, 4, 3, 3), "
                    "weight (4, 2, 2, 2)");
}

TEST_CASE("spectral norm allows several calls before a backward pass") {
  Dense layer = dense();
  layer.reparametrize(SpectralNorm());
  const Tensor x = Tensor::ones({2, 5});
  layer.evaluate();
  const Tensor fixed = layer(x);
  layer.train();
  const Tensor y = fixed + layer(x) + layer(x * 2.0);
  CHECK_NOTHROW(sum(y).backward());
}

TEST_CASE("constraints project each unit's weights in every gate of a recurrent layer") {
  Rng rng(7);
  Sequential model{LSTM({.input = 3, .hidden = 4, .bidirectional = true}, rng)};
  constrain(model, max_norm(0.25));
  int64_t rows = 0, at_limit = 0;
  for (const auto& [name, weight] : model.named_parameters()) {
    if (weight.rank() != 2) continue;
    for (int64_t row = 0; row < weight.size(0); ++row, ++rows) {
      const double norm = std::sqrt(sum(square(slice(weight, 0, row, row + 1))).item());
      CHECK(norm <= 0.25 + 1e-7);
      at_limit += norm > 0.25 - 1e-6;
    }
  }
  CHECK(rows == 2 * 2 * 4 * 4);
  CHECK(at_limit > rows / 2);  // uniform within ±1/2: most norms are above
}

TEST_CASE("constraints project the rows of all weights") {
  Sequential model = normalized_network();
  constrain(model, max_norm(0.3));
  for (std::size_t i : {0, 3}) {
    const auto& layer = dynamic_cast<Weighted&>(model[i]);
    CHECK(amax(row_norms(layer.outputs_first(layer.weight))).item() ==
          doctest::Approx(0.3).epsilon(1e-5));
  }
  const Tensor before = model.state_dict()[0].second.clone();
  constrain(model, max_norm(0.31));
  check_equal(model.state_dict()[0].second, before);
  constrain(model, unit_norm());
  for (std::size_t i : {0, 3}) {
    const auto& layer = dynamic_cast<Weighted&>(model[i]);
    for (float norm : row_norms(layer.outputs_first(layer.weight)).to_vector<float>())
      CHECK(norm == doctest::Approx(1).epsilon(1e-5));
  }
}

TEST_CASE("settle() gives spectral normalization the norm of weights that were exchanged") {
  Rng rng(5);
  Sequential model{Dense(6, 4, rng), Dense(4, 3, rng)};
  normalize_weights(model, "spectral");
  for (const auto& [name, weight] : model.tensors(Role::weight)) {
    const NoGrad no_grad;
    Tensor exchanged = weight;
    exchanged.copy_from(randn(weight.shape(), rng));
  }
  settle(model);
  model.evaluate();
  fold(model);
  for (const auto& [name, weight] : model.tensors(Role::weight)) {
    Tensor w = weight;
    SpectralNormResult result =
        spectral_norm(w, randn({w.size(0)}, rng), {.n_power_iterations = 200});
    CHECK(w.to_vector<float>()[0] ==
          doctest::Approx(result.weight.to_vector<float>()[0]).epsilon(1e-3));
  }
}

TEST_CASE("constraints don't change frozen weights") {
  Rng rng(5);
  Sequential model{Dense(6, 4, rng), Dense(4, 3, rng)};
  model[0].freeze();
  const std::vector<float> before = model.state_dict()[0].second.to_vector<float>();
  constrain(model, max_norm(0.01));
  CHECK(model.state_dict()[0].second.to_vector<float>() == before);
  for (const float norm : row_norms(model.state_dict()[2].second).to_vector<float>())
    CHECK(norm < 0.0101f);
  LSTM lstm({.input = 2, .hidden = 3}, rng);
  lstm.freeze();
  const std::vector<float> cells = lstm.state_dict()[0].second.to_vector<float>();
  constrain(lstm, max_norm(0.01));
  CHECK(lstm.state_dict()[0].second.to_vector<float>() == cells);
}

TEST_CASE("a layer that is folded stays frozen, or trained") {
  for (const bool frozen : {false, true}) {
    CAPTURE(frozen);
    Rng rng(5);
    Sequential model{Dense(6, 4, rng),
                     Conv2d({.in_channels = 1, .out_channels = 2, .kernel = 1}, rng),
                     BatchNorm2d(2), GRU({.input = 2, .hidden = 3}, rng)};
    dynamic_cast<Dense&>(model[0]).reparametrize(WeightNorm());
    dynamic_cast<GRU&>(model[3]).reparametrize(WeightNorm());
    if (frozen) model.freeze();
    fold(model);
    CHECK(model.parameters().size() == 8);
    for (const auto& parameter : model.parameters())
      CHECK_MESSAGE(parameter.second.requires_grad() == !frozen, parameter.first);
  }
}
