// Exercise 15.1: drawing a token.
#include <gradus.hpp>

namespace gd = gradus;

// A token drawn from softmax(scores/temperature), of the `most` tokens with the highest scores only
// (all different); their probabilities add up to 1 again. `uniform`, 0 or more and below 1, says
// which: the probabilities in the order of the tokens divide the interval from 0 to 1, and it is
// the token in whose part `uniform` lies.
std::size_t next_token(const std::vector<double>& scores, double temperature, std::size_t most,
                       double uniform) {
  return 0;
}
