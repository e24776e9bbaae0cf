#include "layers/module.hpp"

#include "core/functional.hpp"
#include "core/io/safetensors.hpp"
#include "layers/activation.hpp"
#include "layers/convolution.hpp"
#include "layers/dense.hpp"
#include "layers/dropout.hpp"
#include "layers/embedding.hpp"
#include "layers/flatten.hpp"
#include "layers/norm/batch_norm.hpp"
#include "layers/norm/normalization.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/norm/weight_norm.hpp"
#include "layers/recurrent.hpp"
#include "layers/residual.hpp"
#include "layers/sequential.hpp"
#include "layers/summary.hpp"
#include "tests/layers/check.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Sequential small_model(uint64_t seed = 1) {
  Rng rng(seed);
  return Sequential{Dense(3, 4, rng), BatchNorm1d(4), Dropout(0.5, rng),
                    Residual(Sequential{Dense(4, 4, rng, {.bias = false}), PReLU()})};
}

Tensor input() {
  Rng rng(9);
  return randn({6, 3}, rng);
}

}  // namespace

TEST_CASE("members have PyTorch's names and order") {
  Sequential model = small_model();
  CHECK(names_of(model.state_dict()) ==
        std::vector<std::string>{"0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean",
                                 "1.running_var", "1.num_batches_tracked", "3.body.0.weight",
                                 "3.body.1.weight"});
  CHECK(names_of(model.named_buffers()) ==
        std::vector<std::string>{"1.running_mean", "1.running_var", "1.num_batches_tracked"});
  CHECK(names_of(model.parameters()).size() == 6);
  CHECK(model.parameter_count() == 3 * 4 + 4 + 4 + 4 + 16 + 1);
  REQUIRE(model.named_generators().size() == 1);
  CHECK(model.named_generators()[0].first == "2.rng");
}

TEST_CASE("descriptions show the options") {
  CHECK(small_model().description() ==
        "Sequential(Dense(3, 4), BatchNorm1d(4), Dropout(0.5), Residual(Sequential(Dense(4, 4, "
        "bias=false), PReLU(1))))");
}

TEST_CASE("named tensors are the module's own") {
  Sequential model = small_model();
  NamedTensors parameters = model.parameters();
  {
    const NoGrad no_grad;
    parameters[0].second.fill(7);
  }
  CHECK(model.state_dict()[0].second.data<float>()[0] == 7);
}

TEST_CASE("a copy agrees with its original and is independent of it") {
  Sequential model = small_model();
  randomize(model, *model.named_generators()[0].second);
  Sequential copy = model;
  const std::unique_ptr<Module> clone = model.clone();
  const Tensor y = model(input());
  check_equal(copy(input()), y);
  check_equal((*clone)(input()), y);
  const Tensor before = clone->state_dict()[0].second.clone();
  train_step(model, input(), 0.1);
  check_equal(clone->state_dict()[0].second, before);
  CHECK(model.state_dict()[0].second.to_vector<float>() != before.to_vector<float>());
  CHECK(clone->parameters()[0].second.requires_grad());
  CHECK(clone->parameters()[0].second.is_leaf());
  copy = model;
  copy.evaluate();
  check_equal(copy.state_dict()[4].second, model.state_dict()[4].second);
  CHECK(model.is_training());
}

TEST_CASE("a state dict makes another model agree") {
  Sequential model = small_model(1), other = small_model(2);
  train_step(model, input());
  other.load_state_dict(model.state_dict());
  model.evaluate();
  other.evaluate();
  check_equal(other(input()), model(input()));
}

TEST_CASE("a state dict that doesn't fit changes nothing, and the error lists what is wrong") {
  Sequential model = small_model();
  NamedTensors state = small_model(2).state_dict();
  const Tensor before = model.state_dict()[1].second.clone();
  state[0].second = Tensor::zeros({5, 3});
  state[4].second = Tensor::zeros({4}, DType::f64);
  state[6].first = "1.batches";
  state.emplace_back("0.bias", Tensor::zeros({4}));
  CHECK_THROWS_WITH_AS(model.load_state_dict(state),
                       "[load_state_dict] 0.weight is f32 (4, 3), got f32 (5, 3); 1.running_mean "
                       "is f32 (4), got f64 "
                       "(4); missing 1.num_batches_tracked; unexpected 1.batches; repeated 0.bias",
                       std::invalid_argument);
  check_equal(model.state_dict()[1].second, before);
}

TEST_CASE("modes reach every module, and a scope gives each its own back") {
  Sequential model = small_model();
  model.evaluate();
  CHECK_FALSE(model[1].is_training());
  model.train();
  model[1].evaluate();
  {
    const EvaluationScope scope = model.evaluation_scope();
    CHECK_FALSE(model[2].is_training());
    CHECK_FALSE(grad_enabled());
    CHECK_FALSE(model(input()).requires_grad());
  }
  CHECK(grad_enabled());
  CHECK(model.is_training());
  CHECK_FALSE(model[1].is_training());
  CHECK(model[2].is_training());
}

TEST_CASE("frozen parameters get no gradient, and modes stay") {
  Sequential model = small_model();
  model[0].freeze();
  sum(model(input())).backward();
  NamedTensors parameters = model.parameters();
  CHECK_FALSE(parameters[0].second.grad().defined());
  CHECK(parameters[2].second.grad().defined());
  CHECK(model[0].is_training());
  const Sequential copy = model;
  model[0].unfreeze();
  CHECK(model.parameters()[0].second.requires_grad());
  CHECK_FALSE(Sequential(copy).parameters()[0].second.requires_grad());
}

TEST_CASE("parameters are frozen and trained again by their names") {
  Sequential model = small_model();
  const auto trained = [&] {
    std::string list;
    for (const auto& [name, tensor] : model.parameters())
      if (tensor.requires_grad()) list += name + ' ';
    return list;
  };
  sum(model(input())).backward();
  model.freeze("*.weight");
  CHECK(trained() == "0.bias 1.bias ");
  // Of a gradient from before nothing is left.
  CHECK_FALSE(model.parameters()[0].second.grad().defined());
  CHECK(model.parameters()[1].second.grad().defined());
  model.unfreeze("3.*");
  CHECK(trained() == "0.bias 1.bias 3.body.0.weight 3.body.1.weight ");
  model.freeze();
  CHECK(trained().empty());
  model.unfreeze("[01].bias");
  CHECK(trained() == "0.bias 1.bias ");
  model.unfreeze();
  CHECK(trained() == "0.weight 0.bias 1.weight 1.bias 3.body.0.weight 3.body.1.weight ");

  check_refused([&] { model.freeze("0.weigth"); },
                "[freeze] no parameter matches '0.weigth': did you mean 0.weight, 1.weight?");
  check_refused([&] { model.unfreeze("head.*"); },
                "[unfreeze] no parameter matches 'head.*', there are 0.bias, 1.bias, 0.weight, "
                "1.weight, 3.body.0.weight, 3.body.1.weight");
  Sequential none{ReLU()};
  none.freeze();
  check_refused([&] { none.freeze("*"); }, "[freeze] no parameter matches '*', there are none");
}

TEST_CASE("a module is saved and loaded") {
  const TemporaryFolder folder;
  const std::string path = folder.path("model.safetensors");
  Sequential model = small_model(1), other = small_model(2);
  train_step(model, input());
  model.save(path);
  CHECK(folder.files() == 1);
  other.load(path);
  model.evaluate();
  other.evaluate();
  check_equal(other(input()), model(input()));
  CHECK(other.parameters()[0].second.requires_grad());
  CHECK(read_safetensors(path).metadata.at("format") == "pt");

  // Nothing changes unless everything fits.
  Rng rng(3);
  Sequential larger{Dense(3, 4, rng), BatchNorm1d(5), Dropout(0.5, rng), Dense(4, 4, rng)};
  const Tensor before = larger.state_dict()[0].second.clone();
  CHECK_THROWS_WITH_AS(
      larger.load(path),
      (path + ": [load_state_dict] 1.weight is f32 (5), got f32 (4); 1.bias is f32 (5), got f32 "
              "(4); 1.running_mean is f32 (5), got f32 (4); 1.running_var is f32 (5), got f32 (4); "
              "missing 3.weight; missing 3.bias; unexpected 3.body.0.weight; unexpected "
              "3.body.1.weight")
          .c_str(),
      std::runtime_error);
  check_equal(larger.state_dict()[0].second, before);
  Sequential single{Dense(3, 4, rng, {.bias = false})};
  single.to(DType::f64);
  single.save(path);
  CHECK_THROWS_WITH_AS(
      (Sequential{Dense(3, 4, rng, {.bias = false})}.load(path)),
      (path + ": [load_state_dict] 0.weight is f32 (4, 3), got f64 (4, 3)").c_str(),
      std::runtime_error);
  CHECK_THROWS_AS(other.load(folder.path("missing")), std::runtime_error);
  CHECK_THROWS_AS(other.load(folder.write("broken", "no tensors")), std::runtime_error);
  CHECK_THROWS_AS(other.save(folder.path("no/folder")), std::runtime_error);
  // Without parameters there is nothing to save, and the file is one all the same.
  Sequential empty{ReLU()};
  empty.save(path);
  empty.load(path);
  CHECK_THROWS_AS(other.load(path), std::runtime_error);
}

namespace {

// A module of a user, with a parameter beside its children.
class TwoHeads : public Layer<TwoHeads> {
 public:
  explicit TwoHeads(Rng& rng)
      : body_(Dense(3, 4, rng), Tanh()), left_(4, 1, rng), right_(4, 2, rng) {}
  Tensor forward(const Tensor& x) override {
    const Tensor features = body_(x) * scale_;
    return cat({left_(features), right_(features)}, 1);
  }
  void members(Members& members) override {
    members.parameter("scale", scale_, Role::gain);
    members.child("body", body_);
    members.child("left", left_);
    members.child("right", right_);
  }
  std::string description() const override { return "TwoHeads"; }

 private:
  Parameter scale_{Tensor::ones({4})};
  Sequential body_;
  Dense left_, right_;
};

}  // namespace

TEST_CASE("modules print themselves as trees") {
  Rng rng(1);
  CHECK(fmt::format("{}", Dense(3, 4, rng)) ==
        "Dense(3, 4): weight (4, 3), bias (4): 16 parameters");
  CHECK(fmt::format("{}", ReLU()) == "ReLU()");
  CHECK(fmt::format("{}", Sequential()) == "Sequential()");
  Sequential model = small_model();
  const char* const tree =
      "Sequential(\n"
      "  (0): Dense(3, 4): weight (4, 3), bias (4): 16 parameters\n"
      "  (1): BatchNorm1d(4): weight (4), bias (4): 8 parameters\n"
      "  (2): Dropout(0.5)\n"
      "  (3): Residual(\n"
      "    (body): Sequential(\n"
      "      (0): Dense(4, 4, bias=false): weight (4, 4): 16 parameters\n"
      "      (1): PReLU(1): weight (1): 1 parameter\n"
      "    ): 17 parameters\n"
      "  ): 17 parameters\n"
      "): 41 parameters";
  CHECK(to_string(model) == tree);
  const Module& base = model;
  CHECK(fmt::format("{}", base) == tree);
  std::ostringstream stream;
  stream << model;
  CHECK(stream.str() == tree);

  model = Sequential{TwoHeads(rng)};
  model.freeze("0.body.*");
  model.freeze("0.left.weight");
  CHECK(to_string(model) ==
        "Sequential(\n"
        "  (0): TwoHeads(\n"
        "    scale (4)\n"
        "    (body): Sequential(\n"
        "      (0): Dense(3, 4): weight (4, 3), bias (4): 16 parameters, frozen\n"
        "      (1): Tanh()\n"
        "    ): 16 parameters, frozen\n"
        "    (left): Dense(4, 1): weight (1, 4), bias (1): 5 parameters, 4 of them frozen\n"
        "    (right): Dense(4, 2): weight (2, 4), bias (2): 10 parameters\n"
        "  ): 35 parameters, 20 of them frozen\n"
        "): 35 parameters, 20 of them frozen");
  CHECK(fmt::format("{:>8}|", ReLU()) == "  ReLU()|");
}

TEST_CASE("the parameters of a module that is differentiated by its input get gradients") {
  Rng rng(3);
  Sequential model{Dense(2, 3, rng)};
  const Tensor slopes = jacobian(model, Tensor::from({1.f, 2.f}));  // the weight
  const Tensor weight = model.parameters()[0].second, bias = model.parameters()[1].second;
  CHECK(slopes.to_vector<float>() == weight.to_vector<float>());
  sum(slopes).backward();
  CHECK(weight.grad().to_vector<float>() == std::vector<float>(6, 1));
  CHECK_FALSE(bias.grad().defined());
  CHECK(vmap(std::ref(model))(Tensor::ones({4, 2})).requires_grad());
}

TEST_CASE("a module converts to f64 and back, indices stay") {
  Sequential model = small_model();
  const Tensor before = model.state_dict()[0].second.clone();
  model[0].freeze();
  model.to(DType::f64);
  const NamedTensors state = model.state_dict();
  CHECK(state[0].second.dtype() == DType::f64);
  CHECK_FALSE(state[0].second.requires_grad());
  CHECK(state[2].second.requires_grad());
  CHECK(state[4].second.dtype() == DType::f64);
  CHECK(state[6].second.dtype() == DType::i64);
  model.to(DType::f32);
  check_equal(model.state_dict()[0].second.detach(), before);
  CHECK_THROWS_WITH_AS(model.to(DType::i64), "[to] the type must be f32 or f64, got i64",
                       std::invalid_argument);
}

TEST_CASE("observers see every call with its path, children first") {
  Sequential model = small_model();
  std::vector<std::string> paths;
  {
    const CallObserver observer(
        [&](Module&, const Tensor&, const Tensor&) { paths.push_back(LayerScope::path()); });
    model(input());
  }
  model(input());
  CHECK(paths ==
        std::vector<std::string>{"0", "1", "2", "3.body.0", "3.body.1", "3.body", "3", ""});
}

TEST_CASE("errors name the path of the layer") {
  Rng rng(1);
  Sequential model{Dense(3, 4, rng), Residual(Sequential{ReLU(), BatchNorm1d(5)})};
  CHECK_THROWS_WITH_AS(
      model(input()),
      "layer 1.body.1: [batch_norm] input must be (N, C) or (N, C, L) with 5 channels, got (6, 4)",
      std::invalid_argument);
  CHECK(LayerScope::path().empty());
  Residual narrowing(Dense(3, 2, rng));
  CHECK_THROWS_WITH_AS(
      narrowing(input()),
      "[residual] body and shortcut must have the same shape: body (2), shortcut (3), input (3)",
      std::invalid_argument);
}

TEST_CASE("sequentials can be nested, extended and indexed") {
  Rng rng(1);
  Sequential inner{Dense(3, 3, rng)};
  const Sequential copied{inner};
  CHECK(copied.size() == 1);
  CHECK(copied.description() == "Sequential(Dense(3, 3))");
  Sequential outer;
  outer.push_back(inner);
  outer.push_back(ReLU());
  CHECK(outer.description() == "Sequential(Sequential(Dense(3, 3)), ReLU())");
  CHECK(outer.parameters()[0].first == "0.0.weight");
  CHECK_THROWS_WITH_AS(outer[2],
                       "[sequential] the index must be below the number of modules, 2, got 2",
                       std::invalid_argument);
}

TEST_CASE("dropout has its own generator, which can be reset") {
  Rng rng(4);
  Dropout first(0.5, rng), second(0.5, rng);
  const Tensor x = Tensor::ones({64});
  auto [name, generator] = first.named_generators()[0];
  const Rng::State start = generator->state();
  const Tensor y = first(x);
  CHECK(y.to_vector<float>() != second(x).to_vector<float>());
  CHECK(y.to_vector<float>() != first(x).to_vector<float>());
  *generator = Rng(start);
  check_equal(first(x), y);
  first.evaluate();
  CHECK(first(x).is_same(x));
}

TEST_CASE("a tensor's role is set by its module, independent of its rank") {
  Rng rng(1);
  Sequential model{Conv2d({.in_channels = 1, .out_channels = 2, .kernel = 3}, rng),
                   LayerNorm({2, 6, 6}),
                   BatchNorm2d(2),
                   PReLU(2),
                   Flatten(),
                   Dense(72, 3, rng)};
  dynamic_cast<Dense&>(model[5]).reparametrize(WeightNorm());
  dynamic_cast<Conv2d&>(model[0]).reparametrize(SpectralNorm());
  const auto names = [&](Role role) {
    std::string list;
    for (const auto& [name, tensor] : model.tensors(role)) list += name + ' ';
    return list;
  };
  CHECK(names(Role::weight) == "0.weight_orig 5.weight_v ");
  CHECK(names(Role::bias) == "0.bias 1.bias 2.bias 5.bias ");
  CHECK(names(Role::gain) == "1.weight 2.weight 3.weight 5.weight_g ");
  CHECK(names(Role::statistic) == "2.running_mean 2.running_var ");
  CHECK(names(Role::iterate) == "0.weight_u 0.weight_v 2.num_batches_tracked ");
  LSTM lstm({.input = 2, .hidden = 3, .layer_norm = true}, rng);
  CHECK(lstm.tensors(Role::weight).size() == 2);
  CHECK(lstm.tensors(Role::gain).size() == 3);
}
