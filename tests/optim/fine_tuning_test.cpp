#include <doctest/doctest.h>

#include "gradus.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

using WeightValues = std::vector<float>;

Sequential make_body(Rng& rng) {
  return Sequential{Dense(4, 8, rng), Tanh(), Dense(8, 6, rng), Tanh()};
}

WeightValues values_of(Module& module, std::string_view name) {
  for (const auto& [path, tensor] : module.parameters())
    if (path == name) return tensor.to_vector<float>();
  return {};
}

bool contains(const NamedTensors& tensors, std::string_view part) {
  return std::ranges::any_of(
      tensors, [&](const auto& named) { return named.first.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("A saved body is fine-tuned with a new head") {
  const TemporaryFolder folder;
  Rng rng(1);
  make_body(rng).save(folder.path("body.safetensors"));

  // The program of a user.
  Sequential body = make_body(rng), head{Dense(6, 3, rng)};
  body.load(folder.path("body.safetensors"));
  body.freeze("0.*");
  optim::AdamW optimizer(joined({{"body", body.parameters()}, {"head", head.parameters()}}),
                         {.lr = 1e-2, .weight_decay = 0.1});
  optimizer.add_group({.pattern = "body.*", .lr_factor = 0.01});
  optimizer.add_group({.pattern = "*.bias", .weight_decay = 0});
  const Tensor x = randn({32, 4}, rng), labels = argmax(slice(x, 1, 0, 3), 1);
  const auto epoch = [&] {
    Tensor loss;
    for (int step = 0; step < 50; ++step) {
      loss = cross_entropy(head(body(x)), labels);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
    }
    return loss.item();
  };

  const WeightValues frozen = values_of(body, "0.weight"), slow = values_of(body, "2.weight");
  const double first = epoch(), last = epoch();
  CHECK(last < first);
  CHECK(first < std::log(3.0));
  // A frozen parameter gets no gradient, no step, no weight decay and no state.
  CHECK(values_of(body, "0.weight") == frozen);
  CHECK_FALSE(body.parameters()[0].second.grad().defined());
  CHECK_FALSE(contains(optimizer.state_dict(), "body.0."));
  CHECK(contains(optimizer.state_dict(), "body.2.weight.exp_avg"));
  CHECK(values_of(body, "2.weight") != slow);
  CHECK(optimizer.lr("body.2.bias") == doctest::Approx(1e-4));
  CHECK(optimizer.lr("head.0.bias") == 1e-2);
  CHECK_THROWS_WITH(optimizer.add_group({.pattern = "body.0.*", .lr = 1}),
                    "[adamw] no trained parameter matches 'body.0.*', there are body.2.bias, "
                    "body.2.weight, head.0.bias, head.0.weight");

  // Frozen in the middle of a training, although it has a gradient and state.
  const WeightValues before = values_of(body, "2.weight");
  body.freeze();
  epoch();
  CHECK(values_of(body, "2.weight") == before);
  body.unfreeze("2.*");
  epoch();
  CHECK(values_of(body, "2.weight") != before);
  CHECK(values_of(body, "0.weight") == frozen);
}

TEST_CASE("The parameters of two modules are joined by prefixes") {
  const Tensor a = Tensor::zeros({1}), b = Tensor::zeros({2});
  const NamedTensors all =
      joined({{"g", {{"0.weight", a}, {"0.bias", b}}}, {"d", {{"0.weight", b}}}, {"e", {}}});
  REQUIRE(all.size() == 3);
  CHECK(all[0].first == "g.0.weight");
  CHECK(all[0].second.is_same(a));
  CHECK(all[2].first == "d.0.weight");
  CHECK(all[2].second.is_same(b));
  Rng rng(1);
  Dense shared(2, 2, rng);
  CHECK_THROWS_WITH(
      optim::SGD(joined({{"a", shared.parameters()}, {"b", shared.parameters()}}), {.lr = 1}),
      "[sgd] parameters 'a.weight' and 'b.weight' must not be the same tensor");
}
