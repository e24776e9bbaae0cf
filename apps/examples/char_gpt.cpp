// A character language model: a small GPT learns to predict the next character of a text, then
// writes a new text by sampling from its predictions. char_lm does the same with an LSTM.
//
//   char_gpt FILE [STEPS]
#include "apps/examples/text.hpp"

// Embedding, four blocks of attention and a score for each possible next character.
class CharacterGpt : public gd::layers::Layer<CharacterGpt> {
 public:
  CharacterGpt(int64_t symbols, gd::Rng& rng)
      : embedding_(symbols, 128, rng),
        blocks_({.width = 128,
                 .heads = 4,
                 .activation = "gelu",
                 .norm_first = true,
                 .is_causal = true,
                 .rotary = true},
                4, rng, true),
        scores_(128, symbols, rng) {}

  gd::Tensor forward(const gd::Tensor& characters) override {
    return scores_(blocks_(embedding_(characters)));
  }
  // The keys and values of earlier characters are kept. Longer pieces than those of the training
  // would be new to it: when one is full, the next begins with its second half.
  gd::Tensor next(int64_t character) {
    piece_.push_back(character);
    const bool full = std::ssize(piece_) > length;
    if (full) piece_.erase(piece_.begin(), piece_.end() - length / 2);
    if (full || piece_.size() == 1)
      caches_.assign(blocks_.layers().size(), gd::layers::KeyValueCache(length));
    const int64_t read = caches_.front().length(), unread = std::ssize(piece_) - read;
    const std::vector<int64_t> characters(piece_.begin() + read, piece_.end());
    const gd::Tensor x = embedding_(gd::Tensor::from(characters, {1, unread}));
    return scores_(blocks_.run(x, {.is_causal = true}, &caches_)(gd::Slice{}, unread - 1));
  }
  void members(gd::layers::Members& members) override {
    members.child("embedding", embedding_);
    members.child("blocks", blocks_);
    members.child("scores", scores_);
  }
  std::string description() const override { return "GPT of characters"; }

 private:
  gd::layers::Embedding embedding_;
  gd::layers::TransformerEncoder blocks_;
  gd::layers::Dense scores_;
  std::vector<int64_t> piece_;
  std::vector<gd::layers::KeyValueCache> caches_;
};

int main(int argc, char** argv) {
  return learn_text<CharacterGpt>("char_gpt", 1e-3, argc, argv);
}
