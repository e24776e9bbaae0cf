// The task language: its loss and its scores.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "core/autograd.hpp"
#include "core/gradcheck.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "layers/embedding.hpp"
#include "layers/sequential.hpp"
#include "train/evaluate.hpp"

using namespace gradus;

namespace {

// A model of pairs: the scores of the next token depend on the present one alone.
layers::Sequential bigrams(const data::Tokenizer& tokenizer) {
  Rng rng(5);
  return layers::Sequential{layers::Embedding(tokenizer.size(), tokenizer.size(), rng)};
}

const std::string cats = "the cat sat on the mat, and the hat sat there";

}  // namespace

TEST_CASE("loss and scores of a text are those of its tokens, however they are divided") {
  const data::Tokenizer tokenizer = data::Tokenizer::of_pairs(cats, cats, 18);
  REQUIRE(tokenizer.pairs().size() > 1);
  const std::vector<int64_t> tokens = tokenizer.encode(cats);
  layers::Sequential model = bigrams(tokenizer);
  // By hand, in f64.
  double nats = 0;
  int64_t correct = 0, characters = 0;
  const Tensor scores = cast(model(Tensor::from(tokens, {std::ssize(tokens)})), DType::f64);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const double* row = scores.data<double>() + static_cast<int64_t>(i) * tokenizer.size();
    double sum = 0;
    for (int64_t k = 0; k < tokenizer.size(); ++k) sum += std::exp(row[k]);
    nats += std::log(sum) - row[tokens[i + 1]];
    correct += std::max_element(row, row + tokenizer.size()) - row == tokens[i + 1];
    characters += tokenizer.lengths()[static_cast<std::size_t>(tokens[i + 1])];
  }
  const double targets = static_cast<double>(tokens.size() - 1);
  for (const int64_t context : {1, 3, 5, 8}) {
    CAPTURE(context);
    const data::Dataset windows = data::Dataset::of_tokens(tokens, context, tokenizer);
    const train::Task& task = train::task_of(windows);
    CHECK(std::string(task.name) == "language");
    const train::Evaluation result =
        train::evaluate(model, windows, {.batch_size = 2, .keep_measured = true});
    CHECK(result.loss == doctest::Approx(nats / targets));
    CHECK(result.score == doctest::Approx(static_cast<double>(correct) / targets));
    CHECK(result.predictions.shape() == Shape{windows.size(), context});
    const auto all = task.scores(windows.targets(), result.measured, Rng(1), windows.weights());
    REQUIRE(all.size() == 3);
    CHECK(all[0].name == "accuracy");
    CHECK(all[0].value == doctest::Approx(static_cast<double>(correct) / targets));
    CHECK(all[1].name == "perplexity");
    CHECK(all[1].value == doctest::Approx(std::exp(nats / targets)));
    CHECK(all[2].name == "bits_per_character");
    CHECK(all[2].value ==
          doctest::Approx(nats / static_cast<double>(characters) / std::numbers::ln2));
    for (const train::Score& score : all) {
      CAPTURE(score.name);
      CHECK(score.interval.low <= score.value);
      CHECK(score.interval.high >= score.value);
    }
  }
}

TEST_CASE("intervals of perplexity cover it in about 95 of 100 texts") {
  // Texts of independent letters, by a model that knows their probabilities nearly.
  const data::Tokenizer tokenizer = data::Tokenizer::of_characters("abcd");
  layers::Sequential model = bigrams(tokenizer);
  Rng rng(8);
  const auto letters = [&](int64_t n) {
    std::vector<int64_t> tokens;
    for (int64_t i = 0; i < n; ++i) tokens.push_back(rng.below(4));
    return data::Dataset::of_tokens(tokens, 8, tokenizer);
  };
  const double truth = train::evaluate(model, letters(200'001)).loss;
  int covered = 0;
  constexpr int draws = 200;
  for (int draw = 0; draw < draws; ++draw) {
    const data::Dataset windows = letters(801);
    const Tensor measured = train::evaluate(model, windows, {.keep_measured = true}).measured;
    const auto scores = train::token_scores(measured, Rng(static_cast<uint64_t>(draw)), 300);
    covered +=
        scores[1].interval.low <= std::exp(truth) && scores[1].interval.high >= std::exp(truth);
  }
  // Three deviations of the binomial distribution around 95 %.
  CHECK(covered >= 180);
  CHECK(covered <= 199);
}

TEST_CASE("the loss of tokens leaves out what isn't scored, and its gradient too") {
  Rng rng(2);
  const Tensor logits = randn({2, 3, 4}, rng, DType::f64);
  const Tensor targets =
      Tensor::from(std::vector<int64_t>{1, 0, 3, data::not_scored, 2, 2}, {2, 3});
  const auto function = [&](const Tensors& x) { return train::token_loss()(x[0], targets); };
  Tensor x = logits.clone();
  x.set_requires_grad(true);
  const GradcheckResult result = gradcheck(function, {x});
  CHECK_MESSAGE(result.passed, result.message);
  train::token_loss()(x, targets).backward();
  for (int64_t k = 0; k < 4; ++k) CHECK(x.grad().data<double>()[3 * 4 + k] == 0);
  const Tensor smooth = train::token_loss(0.1)(logits, targets);
  CHECK(smooth.item() != doctest::Approx(function({logits}).item()));
}

TEST_CASE("errors of token_scores are exact") {
  CHECK_THROWS_WITH_AS(train::token_scores(Tensor::zeros({2, 3}, DType::f64), Rng(1)),
                       "[token_scores] measured must be f64 (N, 4), N from 1 on, got f64 (2, 3)",
                       std::invalid_argument);
}
