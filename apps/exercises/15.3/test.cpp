// Hint: a dense layer from a to b numbers has a·b weights and b biases; a normalization has two
// numbers for each of its inputs. A block has about 12·width².
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static void check_sizes(const std::string& name, const Sizes& sizes, int64_t right) {
  const int64_t got = weights_of_gpt(sizes);
  exercise::expect(got == right, fmt::format("{} has {} weights by weights_of_gpt, it should have "
                                             "{}",
                                             name, got, right));
}

void check() {
  check_sizes("a GPT without blocks", {3, 2, 1, 0, true}, 3 + 2 + 2);
  gd::Rng rng(1);
  gd::layers::TransformerEncoder blocks({.width = 8, .heads = 2, .norm_first = true}, 3, rng, true);
  const int64_t tables = (5 + 7) * 8;
  check_sizes("a GPT of width 8", {5, 7, 8, 3, true}, tables + blocks.parameter_count());
  check_sizes("a GPT of width 8 with a layer of scores", {5, 7, 8, 3, false},
              tables + blocks.parameter_count() + 9 * 5);
  check_sizes("the chapter's GPT", {19, 64, 64, 2, false}, 106'643);
  check_sizes("GPT-2", {50'257, 1024, 768, 12, true}, 124'439'808);
}
