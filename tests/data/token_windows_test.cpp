// Windows of tokens: Dataset::of_tokens, and how Loader draws them.
#include <doctest/doctest.h>

#include <set>

#include "data/loader.hpp"
#include "data/sampling.hpp"

using namespace gradus;
using data::Dataset;
using Numbers = std::vector<int64_t>;

namespace {

const std::string alphabet = "abcdefghijk";  // 11 tokens

Dataset letters(int64_t context) {
  const data::Tokenizer tokenizer = data::Tokenizer::of_characters(alphabet);
  return Dataset::of_tokens(tokenizer.encode(alphabet), context, tokenizer);
}

}  // namespace

TEST_CASE("each token but the first is a target once") {
  const Dataset windows = letters(4);
  CHECK(windows.size() == 3);
  CHECK(windows.sample_shape() == Shape{4});
  CHECK(windows.target_count() == 11);
  const data::Batch batch = windows.batch(0, 3);
  CHECK(batch.inputs.to_vector<int64_t>() == Numbers{0, 1, 2, 3, 4, 5, 6, 7, 6, 7, 8, 9});
  CHECK(batch.targets.to_vector<int64_t>() == Numbers{1, 2, 3, 4, 5, 6, 7, 8, -1, -1, 9, 10});
  CHECK(batch.weights.to_vector<float>() == std::vector<float>{1, 1, .5f});
  CHECK(windows.targets().to_vector<int64_t>() == batch.targets.to_vector<int64_t>());
  CHECK(data::target_counts(windows) == Numbers{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
}

TEST_CASE("a text that windows divide has no shared targets and no weights") {
  CHECK_FALSE(letters(5).weights().defined());
  CHECK(letters(5).size() == 2);
  CHECK(letters(10).size() == 1);
  CHECK(letters(10).batch(0, 1).targets.to_vector<int64_t>() ==
        Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(letters(1).size() == 10);
}

TEST_CASE("a shuffled loader draws windows at random places of a whole text") {
  const Dataset windows = letters(4);
  CHECK(windows.window_starts() == 7);
  Rng rng(3);
  data::Loader loader(windows, {.batch_size = 2}, rng);
  std::set<int64_t> starts;
  for (int epoch = 0; epoch < 30; ++epoch)
    for (const data::Batch& batch : loader) {
      CHECK_FALSE(batch.weights.defined());
      for (int64_t i = 0; i < batch.inputs.size(0); ++i) {
        const int64_t first = batch.inputs.data<int64_t>()[4 * i];
        starts.insert(first);
        for (int64_t j = 0; j < 4; ++j) {
          CHECK(batch.inputs.data<int64_t>()[4 * i + j] == first + j);
          CHECK(batch.targets.data<int64_t>()[4 * i + j] == first + j + 1);
        }
      }
    }
  CHECK(starts == std::set<int64_t>{0, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("a part of a text keeps to its windows, shuffled or in order") {
  const Dataset part = letters(4).first(2);
  CHECK(part.window_starts() == 0);
  Rng rng(1);
  std::set<int64_t> firsts;
  for (const data::Batch& batch : data::Loader(part, {.batch_size = 1}, rng))
    firsts.insert(batch.inputs.data<int64_t>()[0]);
  CHECK(firsts == std::set<int64_t>{0, 4});
  for (const data::Batch& batch :
       data::Loader(letters(4), {.batch_size = 3, .shuffle = false}, rng))
    CHECK(batch.inputs.to_vector<int64_t>() == Numbers{0, 1, 2, 3, 4, 5, 6, 7, 6, 7, 8, 9});
}

TEST_CASE("the checksum of a text depends on each token") {
  const data::Tokenizer tokenizer = data::Tokenizer::of_characters("ab");
  const auto sum = [&](const std::string& of) {
    return Dataset::of_tokens(tokenizer.encode(of), 2, tokenizer).checksum();
  };
  CHECK(sum("ababa") == sum("ababa"));
  for (const char* other : {"bbaba", "aaaba", "abbba", "abaaa", "ababb"})
    CHECK(sum(other) != sum("ababa"));
}

TEST_CASE("errors of windows are exact") {
  const data::Tokenizer tokenizer = data::Tokenizer::of_characters("ab");
  CHECK_THROWS_WITH_AS(Dataset::of_tokens(Numbers{0, 1}, 2, tokenizer),
                       "[dataset] a context of 2 needs more than as many tokens, got 2",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Dataset::of_tokens(Numbers{}, 0, tokenizer),
                       "[dataset] a context of 0 needs more than as many tokens, got 0",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Dataset::of_tokens(Numbers{0, 2}, 1, tokenizer),
                       "[dataset] tokens must be 0 to 1, got 2", std::invalid_argument);
  CHECK_THROWS_WITH_AS(letters(4).windows(Numbers{7}),
                       "[dataset] windows of the text begin at 0 to 6, got 7",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(letters(4).normalized({.mean = {1}, .deviation = {2}}),
                       "[dataset] tokens can't be normalized", std::invalid_argument);
  CHECK_THROWS_WITH_AS(letters(4).labels(), "[dataset] the targets are tokens, not classes",
                       std::invalid_argument);
}
