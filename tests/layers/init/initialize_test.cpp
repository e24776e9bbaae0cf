#include "layers/init/initialize.hpp"

#include "core/io/safetensors.hpp"
#include "core/ops/creation.hpp"
#include "core/ops/linear.hpp"
#include "layers/activation.hpp"
#include "layers/attention/transformer.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/embedding.hpp"
#include "layers/flatten.hpp"
#include "layers/init/initializers.hpp"
#include "layers/init/lsuv.hpp"
#include "layers/init/pretrained.hpp"
#include "layers/norm/batch_norm.hpp"
#include "layers/norm/weight_norm.hpp"
#include "layers/recurrent.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Sequential images_model(uint64_t seed = 1) {
  Rng rng(seed);
  return Sequential{Conv2d({.in_channels = 2, .out_channels = 4, .kernel = 3}, rng),
                    BatchNorm2d(4),
                    ReLU(),
                    Flatten(),
                    Dense(64, 6, rng),
                    Tanh(),
                    Dense(6, 3, rng)};
}

Tensor random_images(int64_t count = 32) {
  Rng rng(9);
  return randn({count, 2, 6, 6}, rng);
}

Sequential initialized(std::string_view text, const Tensor& batch = {}) {
  Sequential model = images_model();
  Rng rng(4);
  initialize(model, text, rng, batch);
  return model;
}

Tensor parameter(Sequential& model, const std::string& name) {
  for (const auto& [path, tensor] : model.state_dict())
    if (path == name) return tensor;
  FAIL(name);
  return {};
}

void check_same(Sequential a, Sequential b) {
  const NamedTensors first = a.state_dict(), second = b.state_dict();
  REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) check_equal(first[i].second, second[i].second);
}

void check_text_refused(std::string_view text, const std::string& message) {
  CAPTURE(std::string(text));
  Sequential model = images_model();
  Rng rng(4);
  CHECK_THROWS_WITH_AS(initialize(model, text, rng), message.c_str(), std::invalid_argument);
}

}  // namespace

TEST_CASE("every registered initializer sets only the weights of dense and convolution layers") {
  const TemporaryFolder folder;
  const std::string file = folder.path("saved.safetensors");
  Rng random(1);
  const Tensor kernel = randn({3, 2, 3, 3}, random), matrix = randn({5, 12}, random);
  write_safetensors(file, {{"0.bias", Tensor::zeros({3})},
                           {"0.weight", kernel},
                           {"3.bias", Tensor::zeros({5})},
                           {"3.weight", matrix}});
  const auto build = [] {
    Rng rng(1);
    return Sequential{Conv2d({.in_channels = 2, .out_channels = 3, .kernel = 3}, rng),
                      BatchNorm2d(3), Flatten(), Dense(12, 5, rng)};
  };
  const NamedTensors standard = build().state_dict();
  for (const auto& entry : initializers().entries()) {
    INFO(entry.name);
    const auto drawn = [&] {
      Sequential model = build();
      Rng rng(2), data(3);
      initialize(model, entry.name + (entry.name == "pretrained" ? ":" + file : ""), rng,
                 randn({16, 2, 4, 4}, data));
      return model.state_dict();
    };
    const NamedTensors state = drawn(), again = drawn();
    for (std::size_t i = 0; i < state.size(); ++i) {
      CAPTURE(state[i].first);
      check_equal(state[i].second, again[i].second);
      const bool ours = state[i].first.starts_with("0.") || state[i].first.starts_with("3.");
      if (!ours) check_equal(state[i].second, standard[i].second);
      if (ours && state[i].first.ends_with("weight"))
        CHECK(state[i].second.to_vector<float>() != standard[i].second.to_vector<float>());
      if (ours && state[i].first.ends_with("bias")) CHECK(mean_square(state[i].second) == 0);
    }
  }
}

TEST_CASE("a text sets the initializer's arguments, by key or by position") {
  check_same(initialized("he-normal:fan=out"), initialized("he-normal:out"));
  check_same(initialized("he-normal:out"), initialized("he_normal:gain=relu,fan=out"));
  check_same(initialized("he-uniform:gain=leaky-relu,slope=0.2"),
             initialized("he-uniform:in,leaky_relu,0.2"));
  check_same(initialized("xavier-normal:gain=1.5"), initialized("xavier-normal:1.5"));
  check_same(initialized("normal:std=0.02"), initialized("normal:0.02,0"));
  check_same(initialized("lecun-normal"), initialized("he-normal:gain=linear"));
  check_same(initialized("he-normal"), initialized("lecun-normal:gain=relu"));
  check_same(initialized("identity:2"), initialized("dirac:gain=2"));
  check_same(initialized("constant:0.25"), initialized("constant:value=0.25"));
}

TEST_CASE("arguments reach the formulas") {
  const auto square_of = [](std::string_view text, const char* name) {
    Sequential model = initialized(text);
    return mean_square(parameter(model, name));
  };
  const auto near = [](double value) { return doctest::Approx(value).epsilon(0.3); };
  CHECK(square_of("constant:0.25", "4.weight") == 0.0625);
  CHECK(square_of("he-normal:fan=out", "4.weight") == near(2.0 / 6));
  CHECK(square_of("he-normal:fan=average", "4.weight") == near(2.0 / 35));
  CHECK(square_of("he-uniform:gain=leaky-relu,slope=2", "4.weight") == near(0.4 / 64));
  CHECK(square_of("xavier-uniform:gain=logistic", "4.weight") == near(16 * 2.0 / 70));
  CHECK(square_of("xavier-normal:gain=1.5", "4.weight") == near(2.25 * 2.0 / 70));
  CHECK(square_of("lecun-uniform:out,tanh", "4.weight") == near(25.0 / 9 / 6));
  CHECK(square_of("normal:std=0.02", "4.weight") == near(4e-4));
  CHECK(square_of("normal:0.02,3", "4.weight") == near(9));
  CHECK(square_of("truncated-normal:std=0.02,cut=0.1", "4.weight") == near(4e-6 / 3));
  CHECK(square_of("uniform:low=0,high=3", "4.weight") == near(3));
  CHECK(square_of("orthogonal:gain=relu", "4.weight") == doctest::Approx(2.0 / 64));
  CHECK(square_of("sparse:sparsity=0.5,std=0.1", "4.weight") == near(0.005));
  CHECK(square_of("dirac:3", "0.weight") == 9 * 2.0 / 72);
  CHECK(square_of("identity:3", "4.weight") == 9.0 / 64);
}

TEST_CASE("a type keeps a part to layers of a kind, and bias to biases") {
  Sequential standard = images_model();
  Sequential dense = initialized("dense=zeros"), conv = initialized("conv=constant:2");
  check_equal(parameter(dense, "0.weight"), parameter(standard, "0.weight"));
  check_equal(parameter(dense, "0.bias"), parameter(standard, "0.bias"));
  CHECK(mean_square(parameter(dense, "6.weight")) == 0);
  CHECK(mean_square(parameter(conv, "0.weight")) == 4);
  CHECK(mean_square(parameter(conv, "0.bias")) == 0);
  check_equal(parameter(conv, "4.weight"), parameter(standard, "4.weight"));

  Sequential both = initialized("conv=constant:2+dense=constant:3+bias=constant:0.5");
  CHECK(mean_square(parameter(both, "0.weight")) == 4);
  CHECK(mean_square(parameter(both, "4.weight")) == 9);
  for (const char* bias : {"0.bias", "4.bias", "6.bias"})
    CHECK(mean_square(parameter(both, bias)) == 0.25);
  CHECK(mean_square(parameter(both, "1.bias")) == 0);
  check_same(initialized("he-normal+zeros"), initialized("zeros"));
}

TEST_CASE("identity and dirac copy vectors and images, also with groups") {
  Rng rng(1);
  Sequential model{
      Conv2d({.in_channels = 4, .out_channels = 4, .kernel = 3, .padding = 1, .groups = 2}, rng),
      ConvTranspose2d({.in_channels = 4, .out_channels = 4, .kernel = 5, .padding = 2, .groups = 2},
                      rng),
      Flatten(), Dense(64, 64, rng)};
  const Tensor x = randn({2, 4, 4, 4}, rng);
  for (const char* name : {"identity", "dirac"}) {
    initialize(model, name, rng);
    check_equal(model(x).detach(), reshape(x, {2, 64}));
  }
}

TEST_CASE("transposed convolutions are drawn by their own fans") {
  Rng rng(1);
  Sequential model{ConvTranspose2d({.in_channels = 200, .out_channels = 10, .kernel = 2}, rng)};
  initialize(model, "he-normal", rng);
  CHECK(mean_square(parameter(model, "0.weight")) == doctest::Approx(2.0 / 800).epsilon(0.1));
}

TEST_CASE("texts that can't be read are refused in one line before anything changes") {
  const std::string he = "; it takes fan=in, gain=relu, slope=0.01";
  check_text_refused("he-normal:fam=out", "[he-normal] has no option 'fam' at character 11" + he);
  check_text_refused("he-normal:fan=up",
                     "[he-normal] fan must be one of in, out, average, got 'up' at character 11");
  check_text_refused("he-normal:in,relu,1,2",
                     "[he-normal] '2' is one argument too many at character 21" + he);
  check_text_refused("he-normal:in,fan=in", "[he-normal] fan is given twice, at character 14" + he);
  check_text_refused("he-normal:fan=",
                     "[he-normal] fan must be one of in, out, average, got '' at character 11");
  check_text_refused("he-normal:slope=x,gain=leaky-relu",
                     "[he-normal] slope must be a finite number, got 'x' at character 11");
  check_text_refused("normal:std=nan",
                     "[normal] std must be 0 or more and finite, got 'nan' at character 8");
  check_text_refused("zeros:1",
                     "[zeros] '1' is one argument too many at character 7; it takes no arguments");
  check_text_refused(
      "lsuv:iterations=1.5",
      "[lsuv] iterations must be a whole number from 1 to 10^9, got '1.5' at character 6");
  check_text_refused("pretrained",
                     "[pretrained] a file is needed, as in pretrained:best.safetensors");
  check_text_refused("conf=he-normal", "unknown type of layer 'conf': did you mean conv?");
  check_text_refused("dense=lsuv",
                     "[initialize] lsuv applies to the whole module and can't have a layer type");
  check_text_refused("bias=he-normal",
                     "[init] a weight must be (out, in) or (out, in, kernel…), got (4)");
  check_text_refused("normal:std=-1",
                     "[normal] std must be 0 or more and finite, got '-1' at character 8");
  check_text_refused("lsuv", "[lsuv] a batch of data is needed");
  check_text_refused("lsuv:0",
                     "[lsuv] tolerance must be positive and finite, got '0' at character 6");

  Sequential model = images_model();
  Rng rng(4);
  CHECK_THROWS_WITH(initialize(model, "zeros+he-normal:x=1", rng),
                    ("[he-normal] has no option 'x' at character 17" + he).c_str());
  CHECK_THROWS_WITH(initialize(model, "zeros+he-norml", rng),
                    "unknown initializer 'he-norml' at character 7: did you mean he-normal?");
  for (const char* text : {"", "he-normal+", "+he-normal", "hi"})
    CHECK_THROWS_AS(initialize(model, text, rng), std::invalid_argument);
  CHECK_THROWS_AS(initialize(model, "he-normal:gain=rel", rng), std::invalid_argument);
  check_same(model, images_model());
}

TEST_CASE("frozen weights are drawn too, and stay frozen") {
  Sequential model = images_model();
  model.freeze();
  Rng rng(4);
  initialize(model, "constant:value=0.25", rng);
  CHECK(parameter(model, "0.weight").to_vector<float>() == std::vector<float>(4 * 2 * 9, 0.25f));
  CHECK(!parameter(model, "0.weight").requires_grad());
}

TEST_CASE("a part for a type of layer needs such a layer") {
  Rng rng(4);
  Sequential dense{Dense(4, 3, rng)},
      convolution{Conv1d({.in_channels = 2, .out_channels = 3, .kernel = 3}, rng)};
  CHECK_THROWS_WITH(
      initialize(dense, "conv=he-normal", rng),
      "[initialize] the text initializes convolution layers, but the network has none");
  CHECK_THROWS_WITH(initialize(convolution, "he-normal+dense=zeros", rng),
                    "[initialize] the text initializes dense layers, but the network has none");
}

TEST_CASE("normalized weights are not initialized again") {
  Rng rng(1);
  Sequential model{Dense(3, 2, rng), Dense(2, 2, rng)};
  dynamic_cast<Dense&>(model[1]).reparametrize(WeightStandardization());
  const std::string message =
      "[initialize] initialization must come before weight normalization: 1 is " +
      model[1].description();
  for (const char* text : {"he-normal", "lsuv"})
    CHECK_THROWS_WITH_AS(initialize(model, text, rng, Tensor::ones({2, 3})), message.c_str(),
                         std::invalid_argument);
}

TEST_CASE("a user's function draws all weights") {
  Sequential model = images_model();
  Rng rng(1);
  initialize(
      model, [](Tensor& weight, Rng&) { init::constant(weight, 2); }, rng);
  check_same(model, initialized("constant:2"));
}

TEST_CASE("layer-sequential unit variance gives every layer's outputs a variance of 1") {
  const Tensor batch = random_images(64);
  for (const char* text : {"lsuv", "he-normal:gain=40+lsuv:tolerance=0.001", "uniform+lsuv"}) {
    CAPTURE(std::string(text));
    Sequential model = initialized(text, batch);
    CHECK(model.is_training());
    CHECK(model.named_buffers()[2].second.item() == 0);
    model.evaluate();
    int layers = 0;
    const CallObserver observer([&](Module& module, const Tensor&, const Tensor& output) {
      if (!dynamic_cast<Weighted*>(&module)) return;
      ++layers;
      CHECK(std::abs(var(output, {}, false, false).item() - 1) <= 0.0101);
    });
    model(batch);
    CHECK(layers == 3);
  }
}

TEST_CASE("layer-sequential unit variance alone scales orthogonal weights") {
  Sequential model = initialized("lsuv", random_images());
  const Tensor w = parameter(model, "6.weight").detach(), product = matmul(w, w, {.b = true});
  const float* values = product.data<float>();
  for (int i = 0; i < 9; ++i) CHECK(std::abs(values[i] / values[0] - (i % 4 == 0 ? 1 : 0)) < 1e-5);
  check_same(model, initialized("orthogonal+lsuv", random_images()));
}

TEST_CASE("layer-sequential unit variance leaves what is within the tolerance") {
  const Tensor batch = random_images(64);
  Sequential model = initialized("lsuv", batch);
  Tensor weight = parameter(model, "6.weight");
  no_grad([&] { weight.copy_from(weight * 1.1); });
  const std::vector<float> before = weight.to_vector<float>();
  lsuv(model, batch, {.tolerance = 0.5});
  CHECK(parameter(model, "6.weight").to_vector<float>() == before);
  CHECK(initializers().entry("lsuv").help.ends_with(": tolerance=0.01, iterations=10"));
}

TEST_CASE("outputs that don't vary have no unit variance") {
  Sequential model = initialized("zeros");
  CHECK_THROWS_WITH_AS(lsuv(model, random_images()),
                       "[lsuv] outputs must vary over the batch: layer 0 has variance 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(lsuv(model, random_images(), {.tolerance = 0}),
                       "[lsuv] tolerance must be positive and finite, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(lsuv(model, random_images(), {.iterations = 0}),
                       "[lsuv] iterations must be a whole number from 1 to 10^9, got 0",
                       std::invalid_argument);
}

TEST_CASE("pretrained values come from a file, those whose names match") {
  const TemporaryFolder folder;
  const std::string file = folder.path("best.safetensors");
  Sequential saved = images_model(5);
  init::constant(saved.named_buffers()[0].second, 7);
  write_safetensors(file, saved.state_dict());
  check_same(initialized("pretrained:" + file), saved);

  Sequential drawn = initialized("he-normal");
  Sequential part = initialized("he-normal+pretrained:" + file + ",?.weight");
  for (const auto& entry : part.state_dict()) {
    const std::string& name = entry.first;
    CAPTURE(name);
    check_equal(entry.second, parameter(name.ends_with(".weight") ? saved : drawn, name));
  }
  Sequential first = initialized("zeros+pretrained:file=" + file + ",names=0.*");
  check_equal(parameter(first, "0.bias"), parameter(saved, "0.bias"));
  CHECK(mean_square(parameter(first, "4.weight")) == 0);
}

TEST_CASE("pretrained values that don't fit are refused all at once, and change nothing") {
  const TemporaryFolder folder;
  const std::string file = folder.path("other.safetensors");
  write_safetensors(file, {{"0.weight", Tensor::ones({4, 2, 3, 3})},
                           {"4.weight", Tensor::ones({6, 63})},
                           {"4.gain", Tensor::ones({6})}});
  Sequential model = images_model();
  CHECK_THROWS_WITH_AS(
      load_pretrained(model, file),
      ("[pretrained] " + file +
       " doesn't fit the network: [load_state_dict] 4.weight is f32 (6, 64), got f32 (6, 63); "
       "unexpected 4.gain")
          .c_str(),
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(load_pretrained(model, file, "9.*"),
                       ("[pretrained] no tensor in " + file +
                        " matches '9.*'; the file has 4.gain, 0.weight, 4.weight")
                           .c_str(),
                       std::invalid_argument);
  CHECK_THROWS_AS(load_pretrained(model, folder.path("none")), std::runtime_error);
  Rng rng(4);
  CHECK_THROWS_AS(initialize(model, "pretrained:" + file + "+zeros", rng), std::invalid_argument);
  check_same(model, images_model());
}

TEST_CASE("recurrent= draws only the weights of recurrent layers, gate by gate") {
  Rng rng(1);
  Sequential before{GRU({.input = 3, .hidden = 4, .layers = 2, .last_only = true}, rng),
                    Dense(4, 2, rng)};
  Sequential model = before;
  initialize(model, "recurrent=orthogonal", rng);
  const NamedTensors old = before.named_parameters(), drawn = model.named_parameters();
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    CAPTURE(drawn[i].first);
    const bool is_weight = drawn[i].first.find("weight_") != std::string::npos;
    if (is_weight)
      CHECK(drawn[i].second.to_vector<float>() != old[i].second.to_vector<float>());
    else
      check_equal(drawn[i].second, old[i].second);
    if (drawn[i].first.find("weight_hh") == std::string::npos) continue;
    for (int64_t gate = 0; gate < 3; ++gate) {
      const Tensor square = slice(drawn[i].second, 0, 4 * gate, 4 * gate + 4);
      const Tensor product = matmul(square, transpose(square, 0, 1));
      for (int64_t j = 0; j < 16; ++j)
        CHECK(product.data<float>()[j] == doctest::Approx(j % 5 == 0 ? 1 : 0).epsilon(1e-5));
    }
  }
  CHECK_THROWS_WITH(initialized("recurrent=orthogonal"),
                    "[initialize] the text initializes recurrent layers, but the network has none");
  Sequential normalized = before;
  dynamic_cast<GRU&>(normalized[0]).reparametrize(WeightNorm());
  CHECK_THROWS_WITH(
      initialize(normalized, "recurrent=orthogonal", rng),
      doctest::Contains("initialization must come before weight normalization: 0 is "));
}

TEST_CASE("the three projections of attention are drawn one by one") {
  Rng rng(1);
  TransformerEncoderLayer layer({.width = 6, .heads = 2}, rng);
  const auto weight_of = [&] { return layer.named_parameters()[0].second; };
  init::constant(layer.named_parameters()[1].second, 1);
  initialize(layer, "orthogonal", rng);
  REQUIRE(layer.named_parameters()[0].first == "self_attn.in_proj_weight");
  for (int64_t i = 0; i < 3; ++i) {
    const Tensor third = slice(weight_of().detach(), 0, 6 * i, 6 * (i + 1));
    const Tensor product = matmul(third, third, {.b = true});
    CHECK(mean_square(product - eye(6)) < 1e-10);
  }
  CHECK(mean_square(layer.named_parameters()[1].second) == 0);

  MultiheadAttention wide(128, 4, rng);
  initialize(wide, "he-normal:fan=out", rng);
  CHECK(mean_square(wide.named_parameters()[0].second) == doctest::Approx(2.0 / 128).epsilon(0.05));
  initialize(wide, "dense=zeros+bias=constant:2", rng);
  CHECK(mean_square(wide.named_parameters()[0].second) == 0);
  CHECK(mean_square(wide.named_parameters()[1].second) == 4);
}

TEST_CASE("lsuv scales the projections of attention") {
  Rng rng(1);
  Sequential model{TransformerEncoderLayer({.width = 8, .heads = 2, .norm_first = true}, rng)};
  const Tensor x = randn({16, 5, 8}, rng);
  initialize(model, "lsuv", rng, x);
  double variance = 0;
  const CallObserver observer([&](Module&, const Tensor&, const Tensor& y) {
    if (LayerScope::path() == "0.self_attn.in_proj") variance = var(y, {}, false, false).item();
  });
  model(x);
  CHECK(variance == doctest::Approx(1).epsilon(0.02));
}
