#include "train/prediction/text_generator.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "core/ops/shape.hpp"
#include "core/step_memory.hpp"

using namespace gradus;
using train::draw_token;
using train::TextGenerator;

namespace {

const std::string pangram = "the quick brown fox\njumps over the lazy dog";

train::SavedModel model_of(const std::string& network, int64_t context, uint64_t seed = 1) {
  const data::Tokenizer tokenizer = data::Tokenizer::of_characters(pangram);
  train::ModelDescription description;
  description.model = network;
  description.options = {
      .input = {context}, .classes = tokenizer.size(), .tokens = tokenizer.size()};
  description.sample = {context};
  description.targets = {.kind = data::TargetKind::tokens, .names = tokenizer.texts()};
  description.tokenizer = tokenizer;
  Rng rng(seed);
  return {description, layers::build(network, description.options, rng)};
}

constexpr std::array networks{
    "gpt",
    "tied 16 (positions sinusoidal, transformer heads 2 post-norm)",
    "embedding 12, repeat 2 (transformer heads 3 positions rotary norm rms), norm rms, dense "
    "outputs",
    "embedding 8, positions learned, residual(norm, attention heads 2), dense outputs",
    "embedding 8, lstm 8, gru 6, rnn 5, dense outputs",
    "lstm"};

}  // namespace

TEST_CASE("step by step a network gives the bits that it gives for all steps at once") {
  for (const std::string network : networks) {
    CAPTURE(network);
    train::SavedModel saved = model_of(network, 12);
    const auto scope = saved.model.evaluation_scope();
    Rng rng(3);
    const Tensor tokens = randint(0, saved.description.options.tokens, {2, 12}, rng);
    const Tensor whole = saved.model(tokens);
    StepMemory memory(12);
    for (const auto& [first, last] : {std::pair{0, 5}, {5, 6}, {6, 7}, {7, 12}}) {
      const Tensor steps = saved.model.next_steps(slice(tokens, 1, first, last), memory);
      const Tensor expected = slice(whole, 1, first, last);
      REQUIRE(steps.shape() == expected.shape());
      for (int64_t i = 0; i < steps.numel(); ++i)
        CHECK(steps.data<float>()[i] == doctest::Approx(expected.data<float>()[i]).epsilon(1e-5));
    }
    CHECK(memory.length() == 12);
    CHECK_THROWS_WITH_AS(saved.model.next_steps(slice(tokens, 1, 0, 1), memory),
                         "[next_steps] the memory has room for 12 steps, got 1 after 12",
                         std::invalid_argument);
  }
}

TEST_CASE("no output of a language model depends on later tokens") {
  for (const std::string network : networks) {
    CAPTURE(network);
    train::SavedModel saved = model_of(network, 8);
    const auto scope = saved.model.evaluation_scope();
    Rng rng(3);
    const Tensor tokens = randint(0, saved.description.options.tokens, {1, 8}, rng);
    const Tensor before = saved.model(tokens);
    for (int64_t changed = 0; changed < 8; ++changed) {
      Tensor other = tokens.clone();
      int64_t& token = other.mutable_data<int64_t>()[changed];
      token = (token + 1) % saved.description.options.tokens;
      const Tensor after = saved.model(other);
      const int64_t width = before.size(2);
      for (int64_t i = 0; i < changed * width; ++i)
        CHECK(after.data<float>()[i] == before.data<float>()[i]);
      bool differs = false;
      for (int64_t i = changed * width; i < (changed + 1) * width; ++i)
        differs = differs || after.data<float>()[i] != before.data<float>()[i];
      CHECK(differs);
    }
  }
}

TEST_CASE("a text is continued by the last tokens of the context, past it too") {
  for (const std::string network : networks) {
    CAPTURE(network);
    TextGenerator generator(model_of(network, 6), "the q");
    train::SavedModel same = model_of(network, 6);
    const auto scope = same.model.evaluation_scope();
    Rng rng(7);
    std::string written = "the q";
    for (int i = 0; i < 10; ++i) {
      const std::string window = written.substr(written.size() > 6 ? written.size() - 6 : 0);
      const std::vector<int64_t> tokens = same.description.tokenizer->encode(window);
      const Tensor expected = same.model(Tensor::from(tokens, {1, std::ssize(tokens)}))(0, -1);
      const Tensor scores = generator.scores();
      for (int64_t k = 0; k < scores.numel(); ++k)
        CHECK(scores.data<float>()[k] ==
              doctest::Approx(expected.data<float>()[k]).epsilon(1e-5).scale(1));
      written += generator.next({}, rng);
    }
    CHECK(generator.length() == 15);
  }
}

TEST_CASE("the same seed writes the same text, temperature 0 without drawing") {
  const auto write = [](uint64_t seed, double temperature) {
    TextGenerator generator(model_of("gpt", 8), "");
    Rng rng(seed);
    std::string written;
    for (int i = 0; i < 30; ++i) written += generator.next({.temperature = temperature}, rng);
    return written;
  };
  CHECK(write(1, 1) == write(1, 1));
  CHECK(write(1, 1) != write(2, 1));
  CHECK(write(1, 0) == write(2, 0));
}

TEST_CASE("tokens are drawn with the probabilities of the softmax") {
  const Tensor scores = Tensor::from<double>({0, std::log(2.), std::log(5.), -INFINITY});
  const auto shares = [&](const train::SamplingOptions& options) {
    Rng rng(11);
    std::array<int, 4> counts{};
    for (int i = 0; i < 8000; ++i)
      ++counts[static_cast<std::size_t>(draw_token(scores, options, rng))];
    return counts;
  };
  const auto all = shares({});
  CHECK(all[0] == doctest::Approx(1000).epsilon(.1));
  CHECK(all[1] == doctest::Approx(2000).epsilon(.1));
  CHECK(all[2] == doctest::Approx(5000).epsilon(.1));
  CHECK(all[3] == 0);
  const auto two = shares({.top_k = 2});
  CHECK(two[0] == 0);
  CHECK(two[1] == doctest::Approx(8000 * 2 / 7.).epsilon(.1));
  // 5/8 is less than .7, 7/8 more; .6 is reached by the first alone.
  CHECK(shares({.top_p = .7})[0] == 0);
  CHECK(shares({.top_p = .7})[1] > 0);
  CHECK(shares({.top_p = .6})[1] == 0);
  // At a temperature of ½ probabilities are squared: 1, 4, 25 of 30.
  CHECK(shares({.temperature = .5})[2] == doctest::Approx(8000 * 25 / 30.).epsilon(.05));
  CHECK(shares({.temperature = 0})[2] == 8000);
}

TEST_CASE("errors of sampling are exact") {
  Rng rng(1);
  const Tensor scores = Tensor::from<double>({0, 1});
  CHECK_THROWS_WITH_AS(draw_token(scores, {.temperature = -1}, rng),
                       "[draw_token] temperature must be 0 or more and finite, got -1",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(draw_token(scores, {.top_p = 0}, rng),
                       "[draw_token] top_p must be above 0 and at most 1, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(draw_token(Tensor::from<double>({NAN, 1}), {}, rng),
                       "[draw_token] scores must be numbers below infinity, got nan",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(TextGenerator(model_of("gpt", 4), "Zebra"),
                       "[tokenizer] the character 'Z' doesn't occur in the training text",
                       std::invalid_argument);
}
