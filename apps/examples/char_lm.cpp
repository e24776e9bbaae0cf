// A character language model: an LSTM learns to predict the next character of a text, then writes a
// new text by sampling from its predictions.
//
//   char_lm FILE [STEPS]
#include "apps/examples/text.hpp"

// Embedding, LSTM and a score for each possible next character.
class CharacterLstm : public gd::layers::Layer<CharacterLstm> {
 public:
  CharacterLstm(int64_t symbols, gd::Rng& rng)
      : embedding_(symbols, 64, rng),
        lstm_({.input = 64, .hidden = 256, .orthogonal = true, .forget_bias = 1}, rng),
        scores_(256, symbols, rng) {}

  gd::Tensor forward(const gd::Tensor& characters) override {
    // A sequence of its own begins where the number of sequences differs.
    if (state_.h.defined() && state_.h.size(1) != characters.size(0)) state_ = {};
    const auto [outputs, last] = lstm_.run(embedding_(characters), {.state = state_});
    // Truncated backpropagation: the next piece gets the values of the state, but not its graph.
    state_ = last.detach();
    return scores_(outputs);
  }
  gd::Tensor next(int64_t character) {
    return (*this)(gd::Tensor::from(std::vector<int64_t>{character}, {1, 1}));
  }
  void members(gd::layers::Members& members) override {
    members.child("embedding", embedding_);
    members.child("lstm", lstm_);
    members.child("scores", scores_);
  }
  std::string description() const override { return "LSTM of characters"; }

 private:
  gd::layers::Embedding embedding_;
  gd::layers::LSTM lstm_;
  gd::layers::Dense scores_;
  gd::RecurrentState state_;  // of the LSTM, kept between pieces
};

int main(int argc, char** argv) {
  return learn_text<CharacterLstm>("char_lm", 3e-3, argc, argv);
}
