// Exercise 15.3: the weights of a GPT.
#include <gradus.hpp>

namespace gd = gradus;

struct Sizes {
  int64_t tokens, positions, width, blocks;
  // GPT-2 has no last layer of its own: the score of a token is the product of the last vector and
  // the token's vector in the first table.
  bool shares_table;
};

// How many numbers a GPT learns, biases and both parameters of each layer normalization included:
// - a table of the tokens and one of the positions;
// - in each block two normalizations, the four matrices of the attention, and two dense layers with
//   4·width units between them, all with biases;
// - a last normalization;
// - the dense layer of the scores, unless the table is shared.
int64_t weights_of_gpt(const Sizes& sizes) {
  return 0;
}
