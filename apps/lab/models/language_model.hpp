// LanguageModel: a small transformer that predicts the next character; write_stories: a text for
// it.
#pragma once

#include "apps/lab/experiment.hpp"
#include "layers/attention/transformer.hpp"
#include "layers/embedding.hpp"
#include "optim/optimizer.hpp"
#include "optim/schedule.hpp"

namespace gradus::lab {

/// A tensor of tokens (N, L), i64, and of the tokens that follow them, (N, L).
struct TokenBatch {
  Tensor inputs, targets;
};

/// −log of the probability of each token, its mean in nats: scores (N, L, tokens), targets (N, L).
Tensor token_loss(const Tensor& scores, const Tensor& targets);

/// The characters of write_stories(); a token is a place in it.
constexpr std::string_view story_characters = "\n .abcdefghijklmnopqrstuvwxyz";

/// `characters` tokens of short stories in simple English, i64 (characters). Later sentences repeat
/// names, colours and places of earlier ones.
Tensor write_stories(int64_t characters, Rng& rng);

/// `count` pieces of `length` tokens from random places of a text.
TokenBatch draw_pieces(const Tensor& text, int64_t count, int64_t length, Rng& rng);

/// Tokens i64 (N, L) → scores (N, L, tokens) of the tokens that follow: an embedding with
/// sinusoidal positions, causal encoder layers, with norm_first a last normalization, and a dense
/// layer.
class LanguageModel : public layers::Layer<LanguageModel> {
 public:
  /// For `tokens` kinds of tokens. The layers are causal whatever the options say.
  LanguageModel(int64_t tokens, int64_t layers, layers::TransformerOptions options, Rng& rng);
  /// For the characters of stories.
  LanguageModel(int64_t layers, const layers::TransformerOptions& options, Rng& rng)
      : LanguageModel(std::ssize(story_characters), layers, options, rng) {}

  Tensor forward(const Tensor& tokens) override;
  void members(layers::Members& members) override;
  std::string description() const override;

  layers::TransformerEncoder& encoder() { return encoder_; }

 private:
  layers::Embedding embedding_;
  layers::TransformerEncoder encoder_;
  layers::Dense output_;
};

/// A text for training, and pieces of another one for the test.
struct Stories {
  Tensor text;
  TokenBatch test;
};

/// 100,000 characters for training, and 64 pieces of `length` for the test.
Stories stories(int64_t length, uint64_t seed);

struct StoryTraining {
  std::string name;  ///< shown as progress
  int64_t steps = 0, batch_size = 16;
  optim::Schedule schedule = {};  ///< none: the optimizer's own rate
  int64_t test_every = 0;         ///< steps between tests; 0: only after the last one
};

/// One step on a batch: forward, backward and update.
void train_step(layers::Module& model, optim::Optimizer& optimizer, const TokenBatch& batch);

/// Trains on pieces that are drawn by the seed. The test loss after each test, in nats a character.
std::vector<double> train_on_stories(LanguageModel& model, optim::Optimizer& optimizer,
                                     const Stories& stories, const StoryTraining& training,
                                     uint64_t seed, const ExperimentOptions& experiment);

}  // namespace gradus::lab
