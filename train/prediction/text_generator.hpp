// TextGenerator: continues a text by a language model; draw_token: one token from scores.
#pragma once

#include "core/step_memory.hpp"
#include "train/saved_model.hpp"

namespace gradus::train {

/// How a token is drawn from the scores of all.
struct SamplingOptions {
  /// Divides the scores, 0 or more: below 1 probable tokens become more probable; 0 takes the most
  /// probable, of equal ones the first.
  double temperature = 1;
  std::optional<int64_t> top_k = {};  ///< only the k most probable tokens, 1 or more
  /// Only the most probable tokens that together have this probability, above 0 to 1 (Holtzman et
  /// al. 2020); one at least.
  double top_p = 1;
};

/// Draws a token from its scores (K), f32 or f64, before the softmax. Throws std::invalid_argument
/// for options out of range, and for a score that is NaN or +∞.
int64_t draw_token(const Tensor& scores, const SamplingOptions& options, Rng& rng);

/// Continues a text token by token:
///
///     TextGenerator generator(gd::train::read_run("runs/gpt"), "Once upon a time");
///     while (…) fmt::print("{}", generator.next({.temperature = 0.8}, rng));
///
/// Each token costs one step of the network, which remembers the earlier ones, until the context is
/// full. Then the window slides: each token costs a whole window. Networks whose layers can't
/// continue a sequence, or don't give the same scores when they do, compute a whole window for each
/// token.
class TextGenerator {
 public:
  /// An empty prompt is a line break, or the first token if the text had none. Throws
  /// std::invalid_argument for a character of the prompt that isn't a token, and for a model of
  /// another task.
  TextGenerator(SavedModel model, std::string_view prompt);

  /// Draws the next token, and returns its text.
  std::string next(const SamplingOptions& options, Rng& rng);
  /// The scores (K) of the next token.
  Tensor scores();
  /// The number of tokens so far, those of the prompt included.
  int64_t length() const { return std::ssize(tokens_); }
  /// The number of tokens that the model sees.
  int64_t context() const { return context_; }

 private:
  Tensor window(std::size_t first) const;
  bool continues_exactly();

  SavedModel model_;
  int64_t context_;
  std::vector<int64_t> tokens_;
  std::optional<StepMemory> memory_;  // none: whole windows
  Tensor scores_;                     // of the next token; undefined until they are needed
};

}  // namespace gradus::train
