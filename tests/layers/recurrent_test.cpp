#include "layers/recurrent.hpp"

#include <cmath>

#include "core/ops/linear.hpp"
#include "layers/dense.hpp"
#include "layers/norm/cosine_norm.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/norm/weight_norm.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Tensor wave(const Shape& shape, double frequency, double phase) {
  return cos(reshape(Tensor::arange(shape.numel(), DType::f64) * frequency + phase, shape));
}

// Known values: element k of parameter p is ½ sin(0.7k + p).
void fill(Module& module) {
  const NoGrad no_grad;
  module.to(DType::f64);
  double p = 0;
  for (auto& [name, tensor] : module.named_parameters())
    tensor.copy_from(
        reshape(sin(Tensor::arange(tensor.numel(), DType::f64) * 0.7 + p++), tensor.shape()) / 2);
}

// One number that every element of a gradient changes.
double signature(const Tensor& gradient, double phase) {
  return sum(gradient * wave(gradient.shape(), 1.3, phase)).item();
}

double parameter_signature(Module& module) {
  double total = 0, p = 0;
  for (const auto& [name, tensor] : module.named_parameters())
    total += signature(tensor.grad(), p++);
  return total;
}

template <class Use>
void with_layer(const std::string& kind, const RecurrentOptions& options, Use use) {
  Rng rng(1);
  INFO(kind);
  if (kind == "RNN") {
    RNN layer(options, rng);
    use(layer);
  } else if (kind == "LSTM") {
    LSTM layer(options, rng);
    use(layer);
  } else {
    GRU layer(options, rng);
    use(layer);
  }
}

const std::vector<std::string> kinds{"RNN", "LSTM", "GRU"};

Tensor lengths_of(std::initializer_list<int64_t> lengths) {
  return Tensor::from(lengths);
}

}  // namespace

TEST_CASE("recurrent layers give PyTorch's values and gradients for packed sequences") {
  struct Reference {
    const char* kind;
    bool bias;
    std::vector<double> values;  // the loss, and signatures of parameters, input and first state
  };
  // torch.nn.RNN, LSTM, GRU(3, 2, num_layers=2, bidirectional=True), pack_padded_sequence.
  const std::vector<Reference> references{
      {"RNN", true, {-3.041880738321, 0.22835047584, 0.7676604939227, 0.9307554640096}},
      {"RNN", false, {-2.825470545305, -3.320692982132, 0.8411590650253, 1.599856255645}},
      {"LSTM", true, {3.882470482891, -1.30145783941, 0.4459115878856, 0.05206827942535}},
      {"LSTM", false, {2.748236824827, 0.5054589976706, 0.1855162417804, 0.2957109359799}},
      {"GRU", true, {1.668501685039, -0.1125770433696, 0.2933985645834, 0.01312105259177}},
      {"GRU", false, {0.5906494601007, -0.9510586973882, 0.01054244370769, 0.6069266439091}}};
  for (const Reference& r : references) {
    const RecurrentOptions options{
        .input = 3, .hidden = 2, .layers = 2, .bidirectional = true, .bias = r.bias};
    with_layer(r.kind, options, [&](Recurrent& layer) {
      CAPTURE(r.bias);
      fill(layer);
      const Tensor x = wave({3, 4, 3}, 0.3, 0).set_requires_grad();
      RecurrentState first{wave({4, 3, 2}, 1.1, 1).set_requires_grad()};
      if (std::string(r.kind) == "LSTM") first.c = wave({4, 3, 2}, 0.9, 2);
      const auto [y, state] = layer.run(x, {.state = first, .lengths = lengths_of({2, 4, 1})});
      Tensor loss = sum(y * wave(y.shape(), 1, 0)) + sum(state.h * wave(state.h.shape(), 1, 1));
      if (state.c.defined()) loss = loss + sum(state.c * wave(state.c.shape(), 1, 2));
      loss.backward();
      check_near(Tensor::from({loss.item(), parameter_signature(layer), signature(x.grad(), 0),
                               signature(first.h.grad(), 0)}),
                 r.values);
      CHECK(sum(abs(slice(slice(y, 0, 0, 1), 1, 2, 4))).item() == 0);
    });
  }
}

TEST_CASE("layer normalization inside cells follows its equations") {
  struct Reference {
    const char* kind;
    std::vector<double> values;
  };
  // The equations written out in PyTorch.
  for (const auto& [kind, values] :
       std::vector<Reference>{{"RNN", {-0.9245835170898, -4.995221735088, -0.7421006095629}},
                              {"LSTM", {-0.5248615039485, 0.9439170433151, -0.008446932661997}},
                              {"GRU", {0.4078476114541, 0.5315157936002, -0.1464647305135}}})
    with_layer(
        kind, {.input = 2, .hidden = 3, .layer_norm = true}, [&, &want = values](Recurrent& layer) {
          fill(layer);
          const Tensor x = wave({2, 3, 2}, 0.3, 0).set_requires_grad();
          const Tensor y = layer(x);
          const Tensor loss = sum(y * wave(y.shape(), 1, 0));
          loss.backward();
          check_near(
              Tensor::from({loss.item(), parameter_signature(layer), signature(x.grad(), 0)}),
              want);
        });
}

TEST_CASE("recurrent layers have PyTorch's names, order and shapes") {
  with_layer("LSTM", {.input = 3, .hidden = 2, .layers = 2, .bidirectional = true},
             [](Recurrent& layer) {
               const NamedTensors state = layer.state_dict();
               std::vector<std::string> expected;
               for (const std::string suffix : {"_l0", "_l0_reverse", "_l1", "_l1_reverse"})
                 for (const std::string name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"})
                   expected.push_back(name + suffix);
               CHECK(names_of(state) == expected);
               CHECK(state[0].second.shape() == Shape{8, 3});
               CHECK(state[1].second.shape() == Shape{8, 2});
               CHECK(state[2].second.shape() == Shape{8});
               CHECK(state[8].second.shape() == Shape{8, 4});
             });
  with_layer(
      "GRU", {.input = 3, .hidden = 2, .bias = false, .layer_norm = true}, [](Recurrent& layer) {
        CHECK(names_of(layer.state_dict()) ==
              std::vector<std::string>{"weight_ih_l0", "weight_hh_l0", "gain_ih_l0", "gain_hh_l0"});
      });
}

TEST_CASE("a sequence in a batch of unequal lengths gives the same results as alone") {
  for (const std::string& kind : kinds)
    for (const bool layer_norm : {false, true})
      with_layer(
          kind,
          {.input = 3, .hidden = 4, .layers = 2, .bidirectional = true, .layer_norm = layer_norm},
          [](Recurrent& layer) {
            fill(layer);
            const Tensor x = wave({3, 5, 3}, 0.3, 0);
            const auto [y, state] = layer.run(x, {.lengths = lengths_of({5, 2, 3})});
            const Tensor own = slice(slice(x, 0, 1, 2), 1, 0, 2);
            const auto [alone, last] = layer.run(own);
            check_near(slice(slice(y, 0, 1, 2), 1, 0, 2), alone.to_vector<double>());
            check_near(slice(state.h, 1, 1, 2), last.h.to_vector<double>());
          });
}

TEST_CASE("a sequence in pieces, with the state passed on, equals the whole sequence") {
  for (const std::string& kind : kinds)
    with_layer(kind, {.input = 3, .hidden = 4, .layers = 2}, [](Recurrent& layer) {
      const Tensor x = cast(wave({2, 5, 3}, 0.3, 0), DType::f32);
      const auto [whole, end] = layer.run(x);
      const auto [first, middle] = layer.run(slice(x, 1, 0, 2));
      const auto [second, last] = layer.run(slice(x, 1, 2, 5), {.state = middle.detach()});
      // Products of other sizes may round differently.
      CHECK(amax(abs(cat({first, second}, 1) - whole)).item() < 1e-6);
      CHECK(amax(abs(last.h - end.h)).item() < 1e-6);
      CHECK(!middle.detach().h.requires_grad());
      CHECK(middle.h.requires_grad());
    });
}

TEST_CASE("last_only returns the last state of a run") {
  for (const bool bidirectional : {false, true})
    with_layer(
        "GRU",
        {.input = 3, .hidden = 4, .layers = 2, .bidirectional = bidirectional, .last_only = true},
        [&](Recurrent& layer) {
          const Tensor x = cast(wave({2, 5, 3}, 0.3, 0), DType::f32);
          const Tensor y = layer(x), h = layer.run(x).state.h;
          REQUIRE(y.shape() == Shape{2, bidirectional ? 8 : 4});
          check_equal(slice(y, 1, 0, 4),
                      squeeze(slice(h, 0, bidirectional ? 2 : 1, bidirectional ? 3 : 2), 0));
          if (bidirectional) check_equal(slice(y, 1, 4, 8), squeeze(slice(h, 0, 3, 4), 0));
        });
}

TEST_CASE("derivatives of recurrent layers") {
  Rng rng(4);
  const RecurrentOptions stacked{.input = 3,
                                 .hidden = 2,
                                 .layers = 2,
                                 .bidirectional = true,
                                 .dropout = 0.3,
                                 .dropout_kind = RecurrentDropout::variational};
  const RecurrentOptions normalized{.input = 3, .hidden = 3, .bias = false, .layer_norm = true};
  check_gradients(RNN(stacked, rng), random_input({2, 3, 3}));
  check_gradients(LSTM(stacked, rng), random_input({2, 3, 3}));
  check_gradients(GRU(stacked, rng), random_input({2, 3, 3}));
  check_gradients(RNN(normalized, rng), random_input({2, 2, 3}));
  check_gradients(LSTM(normalized, rng), random_input({2, 2, 3}));
  check_gradients(GRU(normalized, rng), random_input({2, 2, 3}));
}

TEST_CASE("naive dropout draws a mask for each step, variational one for all") {
  for (const RecurrentDropout kind : {RecurrentDropout::naive, RecurrentDropout::variational})
    with_layer("RNN", {.input = 8, .hidden = 8, .layers = 2, .dropout = 0.5, .dropout_kind = kind},
               [&](Recurrent& layer) {
                 for (auto& [name, tensor] : layer.named_parameters()) {
                   const NoGrad no_grad;
                   if (name.starts_with("weight_hh")) tensor.fill(0);
                 }
                 // Without memory and with a constant input the steps differ by their masks alone.
                 const Tensor x = Tensor::ones({3, 6, 8});
                 const auto deviation = [&](const Tensor& y) {
                   return sum(abs(y - slice(y, 1, 0, 1))).item();
                 };
                 CHECK((deviation(layer(x)) == 0) == (kind == RecurrentDropout::variational));
                 CHECK(layer(x).to_vector<float>() != layer(x).to_vector<float>());
                 layer.evaluate();
                 CHECK(deviation(layer(x)) == 0);
                 CHECK(layer(x).to_vector<float>() == layer(x).to_vector<float>());
               });
}

TEST_CASE("the variational mask of the state is the same at all steps") {
  const RecurrentOptions options{.input = 1,
                                 .hidden = 50,
                                 .bias = false,
                                 .dropout = 0.5,
                                 .dropout_kind = RecurrentDropout::variational,
                                 .nonlinearity = "relu"};
  with_layer("RNN", options, [](Recurrent& layer) {
    const NoGrad no_grad;
    Tensor w_hh = layer.state_dict()[1].second;
    w_hh.fill(0);
    for (int i = 0; i < 50; ++i) w_hh.mutable_data<float>()[51 * i] = 1;
    const Tensor y =
        layer.run(Tensor::zeros({1, 4, 1}), {.state = {Tensor::ones({1, 1, 50})}}).outputs;
    int kept = 0;
    for (int i = 0; i < 50; ++i) {
      const bool keeps = y.data<float>()[i] == 2;
      kept += keeps;
      for (int time = 0; time < 4; ++time)
        CHECK(y.data<float>()[50 * time + i] == (keeps ? std::pow(2, time + 1) : 0));
    }
    CHECK(kept > 10);
    CHECK(kept < 40);
  });
}

TEST_CASE("recurrent weights start uniform, or orthogonal, and the forget bias where it is set") {
  with_layer("LSTM", {.input = 7, .hidden = 16, .orthogonal = true, .forget_bias = 1},
             [](Recurrent& layer) {
               const NamedTensors state = layer.state_dict();
               CHECK(amax(abs(state[0].second)).item() <= 0.25);
               CHECK(amax(abs(state[0].second)).item() > 0.24);
               for (int gate = 0; gate < 4; ++gate) {
                 const Tensor square = slice(state[1].second, 0, 16 * gate, 16 * (gate + 1));
                 const Tensor product = matmul(square, square, {.b = true});
                 for (int i = 0; i < 16 * 16; ++i)
                   CHECK(product.data<float>()[i] ==
                         doctest::Approx(i % 17 == 0 ? 1 : 0).epsilon(1e-5).scale(1));
               }
               for (int j = 16; j < 32; ++j) {
                 CHECK(state[2].second.data<float>()[j] == 1);
                 CHECK(state[3].second.data<float>()[j] == 0);
               }
               CHECK(state[2].second.data<float>()[15] != 1);
             });
}

TEST_CASE("weights of recurrent layers can be normalized, and made plain again") {
  for (const std::string& kind : kinds)
    with_layer(kind, {.input = 3, .hidden = 4, .bidirectional = true}, [](Recurrent& layer) {
      const Tensor x = wave({2, 5, 3}, 0.3, 0);
      fill(layer);
      const Tensor before = layer(x).detach();
      layer.reparametrize(WeightNorm());
      const std::vector<std::string> names = names_of(layer.state_dict());
      CHECK(std::vector(names.begin(), names.begin() + 5) ==
            std::vector<std::string>{"weight_ih_l0_v", "weight_ih_l0_g", "weight_hh_l0_v",
                                     "weight_hh_l0_g", "bias_ih_l0"});
      check_near(layer(x), before.to_vector<double>());
      train_step(layer, x, 0.1);
      const Tensor trained = layer(x).detach();
      CHECK(trained.to_vector<double>() != before.to_vector<double>());
      layer.fold();
      CHECK(names_of(layer.state_dict())[0] == "weight_ih_l0");
      check_near(layer(x), trained.to_vector<double>());
    });
  with_layer("GRU", {.input = 3, .hidden = 4}, [](Recurrent& layer) {
    CHECK_THROWS_WITH_AS(layer.reparametrize(CosineNorm()),
                         "[reparametrize] CosineNorm() normalizes the product of input and weight, "
                         "which recurrent layers don't support",
                         std::invalid_argument);
    layer.reparametrize(SpectralNorm());
    CHECK(layer.description() == "GRU(3, 4) with SpectralNorm()");
    CHECK_THROWS_WITH_AS(
        layer.reparametrize(WeightNorm()),
        "[reparametrize] GRU(3, 4) with SpectralNorm() already has a reparametrization",
        std::invalid_argument);
  });
}

TEST_CASE("recurrent layers copy, save, load, and describe themselves") {
  Rng rng(2);
  const RecurrentOptions options{.input = 3,
                                 .hidden = 4,
                                 .layers = 2,
                                 .bidirectional = true,
                                 .bias = false,
                                 .dropout = 0.25,
                                 .dropout_kind = RecurrentDropout::variational,
                                 .layer_norm = true,
                                 .orthogonal = true,
                                 .last_only = true};
  Sequential model{Rows(), LSTM(options, rng), Dense(8, 2, rng)};
  CHECK(model.description() ==
        "Sequential(Rows(), LSTM(3, 4, layers=2, bidirectional=true, bias=false, dropout=0.25, "
        "variational, layer_norm=true, orthogonal=true, last_only=true), Dense(8, 2))");
  REQUIRE(model.named_generators().size() == 1);
  Sequential copy = model, other{Rows(), LSTM(options, rng), Dense(8, 2, rng)};
  other.load_state_dict(model.state_dict());
  const Tensor x = cast(wave({2, 1, 4, 3}, 0.4, 0), DType::f32);
  check_equal(model(x), copy(x));
  for (Sequential* m : {&model, &copy, &other}) m->evaluate();
  check_equal(model(x), copy(x));
  check_equal(model(x), other(x));
  CHECK(LSTM({.input = 3, .hidden = 4, .forget_bias = 1}, rng).description() ==
        "LSTM(3, 4, forget_bias=1)");
  CHECK(LSTM({.input = 3, .hidden = 4, .layers = 2, .dropout = 0.5}, rng).description() ==
        "LSTM(3, 4, layers=2, dropout=0.5)");
  CHECK(LSTM({.input = 3, .hidden = 4, .dropout_kind = RecurrentDropout::variational}, rng)
            .description() == "LSTM(3, 4)");
  RNN relu({.input = 3, .hidden = 4, .nonlinearity = "relu"}, rng);
  CHECK(relu.description() == "RNN(3, 4, nonlinearity=relu)");
  CHECK(relu.flops({2, 5, 3}, {2, 5, 4}) == 2 * 2 * 5 * 4 * (3 + 4));
}

TEST_CASE("the rows of an image hold those of all channels") {
  const Tensor image = reshape(Tensor::arange(12, DType::f64), {1, 2, 3, 2});
  const Tensor rows = Rows()(image);
  CHECK(rows.shape() == Shape{1, 3, 4});
  CHECK(rows.to_vector<double>() == std::vector<double>{0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11});
  CHECK_THROWS_WITH_AS(Rows()(Tensor::zeros({2, 3})),
                       "[rows] input must be images (N, C, H, W), got (2, 3)",
                       std::invalid_argument);
}

TEST_CASE("recurrent layers refuse wrong options") {
  Rng rng(1);
  const auto refused = [&](const RecurrentOptions& options, const char* message) {
    CHECK_THROWS_WITH_AS(LSTM(options, rng), message, std::invalid_argument);
  };
  refused({.hidden = 4}, "[lstm] input must be 1 or more, got 0");
  refused({.input = 3}, "[lstm] hidden must be 1 or more, got 0");
  refused({.input = 3, .hidden = 4, .layers = 0}, "[lstm] layers must be 1 or more, got 0");
  refused({.input = 3, .hidden = 4, .layers = 2, .dropout = 1},
          "[lstm] dropout must be 0 or more and below 1, got 1");
  refused({.input = 3, .hidden = 4, .layers = 2, .dropout = NAN},
          "[lstm] dropout must be 0 or more and below 1, got nan");
  refused({.input = 3, .hidden = 4, .dropout = 0.5},
          "[lstm] naive dropout needs at least 2 layers, since it is between layers: dropout 0.5, "
          "1 layer");
  refused({.input = 3, .hidden = 4, .bias = false, .forget_bias = 1},
          "[lstm] forget_bias must be a finite number, and needs an LSTM with biases, got 1");
  refused({.input = 3, .hidden = 4, .nonlinearity = "relu"},
          "[lstm] only an RNN has a nonlinearity, got 'relu'");
  CHECK_THROWS_WITH_AS(RNN({.input = 3, .hidden = 4, .nonlinearity = "gelu"}, rng),
                       "[rnn] nonlinearity must be tanh or relu, got 'gelu'",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      GRU({.input = 3, .hidden = 4, .forget_bias = 2}, rng),
      "[gru] forget_bias must be a finite number, and needs an LSTM with biases, got 2",
      std::invalid_argument);
}

TEST_CASE("recurrent layers refuse wrong inputs, lengths and states") {
  Rng rng(1);
  LSTM lstm({.input = 3, .hidden = 4, .layers = 2}, rng);
  const auto refused = [&](const Tensor& x, const RecurrentInput& input, const char* message) {
    CHECK_THROWS_WITH_AS(lstm.run(x, input), message, std::invalid_argument);
  };
  const Tensor x = Tensor::zeros({2, 5, 3});
  refused(Tensor::zeros({2, 3}), {}, "[lstm] input must be (batch, length, 3), got (2, 3)");
  refused(Tensor::zeros({2, 5, 4}), {}, "[lstm] input must be (batch, length, 3), got (2, 5, 4)");
  refused(Tensor::zeros({2, 0, 3}), {},
          "[lstm] sequences must have at least one step, got input (2, 0, 3)");
  refused(Tensor::zeros({2, 5, 3}, DType::f64), {},
          "[lstm] weight_hh must have the input's type f64, got f32");
  refused(x, {.lengths = lengths_of({5, 0})}, "[lstm] lengths must be 1 to 5: sequence 1 has 0");
  refused(x, {.lengths = lengths_of({6, 1})}, "[lstm] lengths must be 1 to 5: sequence 0 has 6");
  refused(x, {.lengths = lengths_of({5})},
          "[lstm] lengths must be i64 (2), one per sequence, got i64 (1)");
  refused(x, {.lengths = Tensor::ones({2})},
          "[lstm] lengths must be i64 (2), one per sequence, got f32 (2)");
  refused(
      x, {.state = {Tensor::zeros({1, 2, 4})}},
      "[lstm] the first state's h must be (layers·directions, batch, hidden) = (2, 2, 4), got (1, "
      "2, 4)");
  refused(
      x, {.state = {Tensor::zeros({2, 2, 4}), Tensor::zeros({2, 3, 4})}},
      "[lstm] the first state's c must be (layers·directions, batch, hidden) = (2, 2, 4), got (2, "
      "3, 4)");
  GRU gru({.input = 3, .hidden = 4}, rng);
  CHECK_THROWS_WITH_AS(gru.run(x, {.state = {Tensor::zeros({1, 2, 4}), Tensor::zeros({1, 2, 4})}}),
                       "[gru] only an LSTM has a cell state c", std::invalid_argument);
}

TEST_CASE("recurrent layers describe the equations of their normalizations") {
  Rng rng(2);
  const std::string of_cells =
      "LayerNorm inside each cell: over the gates of a step; y = (x − μ)/√(σ² + 1e-05)·gain";
  const std::string of_weights =
      "WeightNorm: over each output's 4 weights; w ← g·v/‖v‖, g of each output";
  for (const bool layer_norm : {false, true}) {
    GRU layer({.input = 3, .hidden = 4, .layer_norm = layer_norm}, rng);
    CHECK(layer.equation() == (layer_norm ? of_cells : ""));
    layer.reparametrize(WeightNorm());
    CHECK(layer.equation() == (layer_norm ? of_cells + "; " + of_weights : of_weights));
  }
}

TEST_CASE("a folded recurrent layer computes what it computed in evaluation") {
  Rng rng(2);
  GRU layer({.input = 3, .hidden = 4}, rng);
  layer.reparametrize(SpectralNorm());
  layer.evaluate();
  const Tensor x = randn({2, 5, 3}, rng);
  const Tensor before = layer(x).detach();
  layer.fold();
  check_equal(layer(x), before);
}
