// TiedEmbedding: values, gradients through both uses of the weight, names, errors.
#include "layers/attention/tied_embedding.hpp"

#include "layers/activation.hpp"
#include "layers/attention/sequence_layers.hpp"
#include "layers/dense.hpp"
#include "layers/sequential.hpp"
#include "tests/layers/check.hpp"

using namespace gradus;
using namespace gradus::layers;

namespace {

Tensor tokens(const std::vector<int64_t>& values, const Shape& shape) {
  return Tensor::from(values, shape);
}

}  // namespace

TEST_CASE("TiedEmbedding looks up and scores by the same weight") {
  Rng rng(1);
  TiedEmbedding tied(3, 2, Sequential{}, rng);
  tied.to(DType::f64);
  const NoGrad no_grad;
  tied.named_parameters()[0].second.copy_from(
      Tensor::from(std::vector<double>{1, 0, 2, 1, 0, -1}, {3, 2}));
  // Token 1 is (2, 1): its products with the rows (1, 0), (2, 1), (0, −1).
  check_near(tied(tokens({1, 0}, {1, 2})), {2, 5, -1, 1, 2, 0});
  CHECK(tied(tokens({2}, {1, 1})).shape() == Shape{1, 1, 3});
  CHECK(tied(Tensor::zeros({0, 4}, DType::i64)).shape() == Shape{0, 4, 3});
}

TEST_CASE("TiedEmbedding has one weight, that of the embedding, and those of its body") {
  Rng rng(2);
  TiedEmbedding tied(7, 4, Sequential{LearnedPositions(5, 4, rng), Dense(4, 4, rng)}, rng);
  CHECK(names_of(tied.state_dict()) == std::vector<std::string>{"embedding.weight", "body.0.weight",
                                                                "body.1.weight", "body.1.bias"});
  CHECK(tied.description() ==
        "TiedEmbedding(7, 4, Sequential(LearnedPositions(5, 4), Dense(4, 4)))");
  CHECK(tied.flops({1, 5}, {1, 5, 7}) == 2 * 5 * 4 * 7);
}

TEST_CASE("The weight of a TiedEmbedding gets the gradients of both uses") {
  Rng rng(3);
  check_gradients(TiedEmbedding(4, 3, Sequential{Dense(3, 3, rng), Tanh()}, rng),
                  tokens({0, 3, 3, 1, 2, 0}, {2, 3}));
}

TEST_CASE("Errors of TiedEmbedding") {
  Rng rng(4);
  check_refused([&] { TiedEmbedding(0, 2, Sequential{}, rng); },
                "[embedding] count must be 1 or more, got 0");
  TiedEmbedding tied(3, 2, Dense(2, 5, rng), rng);
  check_refused(
      [&] {
        tied(tokens({1, 0}, {1, 2}));
      },
      "[tied_embedding] the body must return (N, T, 2), got (1, 2, 5)");
  check_refused(
      [&] {
        tied(tokens({1, 3}, {1, 2}));
      },
      "layer embedding: [embedding] index at position (0, 1) must be 0 to 2, got 3");
}
