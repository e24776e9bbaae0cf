#include "apps/lab/models/language_model.hpp"

#include <gradus.hpp>

namespace gradus::lab {

using namespace gradus::layers;

Tensor token_loss(const Tensor& scores, const Tensor& targets) {
  return cross_entropy(reshape(scores, {targets.numel(), scores.size(2)}), flatten(targets));
}

static std::string write_story(Rng& rng) {
  const auto one_of = [&](const std::vector<std::string>& words) {
    return words[static_cast<std::size_t>(rng.below(std::ssize(words)))];
  };
  const std::string name = one_of({"anna", "tom", "maria", "peter", "ida", "paul"});
  const std::string animal = one_of({"cat", "dog", "horse", "bird", "mouse", "frog"});
  const std::string colour = one_of({"grey", "white", "brown", "yellow", "black"});
  const std::string place = one_of({"garden", "forest", "kitchen", "river", "village"});
  const std::string verb = one_of({"sleeps", "eats", "plays", "waits", "sings"});
  std::string story = fmt::format("{} has a {} {}. ", name, colour, animal);
  if (rng.below(2)) story += fmt::format("the {} {} in the {}. ", animal, verb, place);
  if (rng.below(2)) story += fmt::format("{} looks for the {} {}. ", name, colour, animal);
  return story + fmt::format("{} finds the {} in the {}.\n", name, animal, place);
}

Tensor write_stories(int64_t characters, Rng& rng) {
  std::string text;
  while (std::ssize(text) < characters) text += write_story(rng);
  std::vector<int64_t> tokens;
  for (const char character : text.substr(0, static_cast<std::size_t>(characters)))
    tokens.push_back(static_cast<int64_t>(story_characters.find(character)));
  return Tensor::from(tokens, {characters});
}

TokenBatch draw_pieces(const Tensor& text, int64_t count, int64_t length, Rng& rng) {
  Tensors inputs, targets;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t start = rng.below(text.size(0) - length);
    inputs.push_back(slice(text, 0, start, start + length));
    targets.push_back(slice(text, 0, start + 1, start + length + 1));
  }
  return {stack(inputs), stack(targets)};
}

static TransformerOptions causal(TransformerOptions options) {
  options.is_causal = true;
  return options;
}

LanguageModel::LanguageModel(int64_t tokens, int64_t layers, TransformerOptions options, Rng& rng)
    : embedding_(tokens, options.width, rng),
      encoder_(causal(options), layers, rng, options.norm_first),
      output_(options.width, tokens, rng) {}

Tensor LanguageModel::forward(const Tensor& tokens) {
  const Tensor x = call_child("embedding", embedding_, tokens);
  const Tensor placed = x + sinusoidal_positions(x.size(1), x.size(2));
  return call_child("output", output_, call_child("encoder", encoder_, placed));
}

void LanguageModel::members(Members& members) {
  members.child("embedding", embedding_);
  members.child("encoder", encoder_);
  members.child("output", output_);
}

std::string LanguageModel::description() const {
  return fmt::format("LanguageModel({}, {})", embedding_.description(), encoder_.description());
}

Stories stories(int64_t length, uint64_t seed) {
  Rng train = Rng(seed).fork(10), test = Rng(seed).fork(11);
  return {write_stories(100'000, train),
          draw_pieces(write_stories(20'000, test), 64, length, test)};
}

void train_step(Module& model, optim::Optimizer& optimizer, const TokenBatch& batch) {
  optimizer.zero_grad();
  token_loss(model(batch.inputs), batch.targets).backward();
  optimizer.step();
}

std::vector<double> train_on_stories(LanguageModel& model, optim::Optimizer& optimizer,
                                     const Stories& stories, const StoryTraining& training,
                                     uint64_t seed, const ExperimentOptions& experiment) {
  Rng order = Rng(seed).fork(12);
  const int64_t length = stories.test.inputs.size(1);
  std::vector<double> losses;
  while (optimizer.steps() < training.steps) {
    experiment.report(
        fmt::format("{}, seed {}, step {}", training.name, seed, optimizer.steps() + 1));
    if (training.schedule) optimizer.follow(training.schedule);
    train_step(model, optimizer, draw_pieces(stories.text, training.batch_size, length, order));
    if (optimizer.steps() == training.steps ||
        (training.test_every > 0 && optimizer.steps() % training.test_every == 0))
      losses.push_back(no_grad([&] {
                         return token_loss(model(stories.test.inputs), stories.test.targets);
                       }).item());
  }
  return losses;
}

}  // namespace gradus::lab
