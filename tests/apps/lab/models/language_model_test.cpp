#include "apps/lab/models/language_model.hpp"

#include <doctest/doctest.h>

#include <gradus.hpp>

using namespace gradus;
using namespace gradus::lab;

TEST_CASE("Stories consist of story_characters and have the wanted length") {
  Rng rng(0);
  const Tensor text = write_stories(1000, rng);
  CHECK(text.shape() == Shape{1000});
  std::string read;
  for (const int64_t token : text.to_vector<int64_t>()) {
    REQUIRE(token >= 0);
    REQUIRE(token < std::ssize(story_characters));
    read += story_characters[static_cast<std::size_t>(token)];
  }
  CHECK(read.find(" has a ") != read.npos);
  CHECK(read.find(".\n") != read.npos);
}

TEST_CASE("The targets of pieces are the tokens that follow") {
  Rng rng(0);
  const TokenBatch batch = draw_pieces(Tensor::arange(50), 3, 8, rng);
  CHECK(batch.inputs.shape() == Shape{3, 8});
  CHECK((batch.inputs + 1).to_vector<int64_t>() == batch.targets.to_vector<int64_t>());
}

TEST_CASE("A language model doesn't see what follows") {
  Rng rng(0);
  LanguageModel model(2, {.width = 8, .heads = 2, .norm_first = true}, rng);
  const Tensor a = Tensor::from({{1, 2, 3, 4}}), b = Tensor::from({{1, 2, 3, 5}});
  const auto scores = [&](const Tensor& tokens) {
    return slice(no_grad([&] { return model(cast(tokens, DType::i64)); }), 1, 0, 3)
        .to_vector<float>();
  };
  CHECK(scores(a) == scores(b));
}

TEST_CASE("The loss of equal scores is the logarithm of the number of tokens") {
  const Tensor loss = token_loss(Tensor::zeros({2, 3, 5}), Tensor::zeros({2, 3}, DType::i64));
  CHECK(loss.item() == doctest::Approx(1.6094379));
}
