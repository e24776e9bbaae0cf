// A small GPT: two blocks of attention learn to predict the next character, and write sentences.
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>
#include <regex>

namespace gd = gradus;
using gd::Slice, gd::Tensor;
using namespace gd::layers;
constexpr int64_t context = 64, width = 64, heads = 4, symbols = 19, batch = 8;
const std::string alphabet = " .abcdefghiklnorsty";
const std::vector<std::string> nouns{"dog", "cat", "bird", "goat", "king", "girl", "boy", "horse"};
const std::vector<std::string> verbs{"see", "hear", "like", "find"};
gd::Rng rng(1);  // of all that is random

// Writes sentences by a grammar, and adds up the bits of its choices.
struct Author {
  double bits = 0;
  std::size_t choose(std::size_t count) {
    bits += std::log2(count);
    return static_cast<std::size_t>(rng.below(static_cast<int64_t>(count)));
  }
  // A noun and its verb, if wanted with a clause between: "the dogs that the cat sees hear ".
  void noun_and_verb(std::string& text, bool with_clause) {
    const bool plural = choose(2) == 1;
    text += "the " + nouns[choose(8)] + (plural ? "s " : " ");
    if (with_clause) noun_and_verb(text += "that ", false);
    text += verbs[choose(4)] + (plural ? " " : "s ");
  }
  std::string sentences(std::size_t length) {
    std::string text;
    while (text.size() < length) {
      noun_and_verb(text, choose(2) == 1);
      text += "the " + nouns[choose(8)];
      text += choose(2) == 1 ? "s. " : ". ";
    }
    return text.substr(0, length);
  }
};
// Whether a sentence is one of the grammar, and each verb has the number of its noun.
bool is_right(const std::string& sentence) {
  const std::string noun = fmt::format("the (?:{})(s?)", fmt::join(nouns, "|"));
  const std::string verb = fmt::format(" (?:{})(s?)", fmt::join(verbs, "|"));
  const std::regex form(noun + "(?: that " + noun + verb + ")?" + verb + " " + noun);
  std::smatch s;
  return std::regex_match(sentence, s, form) && s.length(1) != s.length(4) &&
         (!s[2].matched || s.length(2) != s.length(3));
}
// A text as numbers, in rows.
Tensor tokens_of(const std::string& text, int64_t rows) {
  std::vector<int64_t> numbers;
  for (const char c : text) numbers.push_back(static_cast<int64_t>(alphabet.find(c)));
  return Tensor::from(numbers, {rows, std::ssize(numbers) / rows});
}
// Attention between the steps, then a network for each step, each with a shortcut.
struct Block : public Layer<Block> {
  LayerNorm norm1{{width}}, norm2{{width}};
  MultiheadAttention attention{width, heads, rng};
  Dense up{width, 4 * width, rng}, down{4 * width, width, rng};
  std::optional<KeyValueCache> cache;  // while writing: the keys and values of the steps so far
  Tensor forward(const Tensor& x) override {
    KeyValueCache* const known = cache ? &*cache : nullptr;
    const Tensor y = x + attention.run(norm1(x), {.is_causal = true, .cache = known}).y;
    return y + down(gd::gelu(up(norm2(y))));
  }
  void members(Members& m) override {
    m.child("norm1", norm1), m.child("attention", attention), m.child("norm2", norm2);
    m.child("up", up), m.child("down", down);
  }
  std::string description() const override { return "Block"; }
};
struct Gpt : public Layer<Gpt> {
  Embedding tokens{symbols, width, rng};
  Parameter positions{0.1 * gd::randn({context, width}, rng)};
  Block first, second;
  LayerNorm norm{{width}};
  Dense scores{width, symbols, rng};
  Gpt() { init::normal(tokens.weight, rng, {.std = 0.1}); }
  // Tokens (n, steps) → scores of the token after each step, (n, steps, symbols).
  Tensor forward(const Tensor& x) override {
    const int64_t known = first.cache ? first.cache->length() : 0;
    const Tensor places = positions(Slice{known, known + x.size(1)});
    return scores(norm(second(first(tokens(x) + places))));
  }
  void members(Members& m) override {
    m.child("tokens", tokens), m.parameter("positions", positions), m.child("first", first);
    m.child("second", second), m.child("norm", norm), m.child("scores", scores);
  }
  std::string description() const override { return "Gpt"; }
};
// The bits that each token but the first costs: −log₂ of the probability that it got.
Tensor bits_of(Gpt& model, const Tensor& pieces) {
  const int64_t steps = pieces.size(1) - 1;
  const Tensor scores = model(pieces(Slice{}, Slice{0, steps})).reshape({-1, symbols});
  const Tensor next = pieces(Slice{}, Slice{1, steps + 1}).flatten();
  return gd::cross_entropy(scores, next, {.reduction = gd::Reduction::none}) / std::log(2.);
}
// Sentences: each token is drawn from the probabilities of the one after those before it.
std::vector<std::string> write(Gpt& model, int64_t count, double temperature) {
  const gd::NoGrad no_grad;
  for (Block* block : {&model.first, &model.second}) block->cache.emplace(context);
  std::vector<std::string> texts(static_cast<std::size_t>(count));
  Tensor last = tokens_of(std::string(texts.size(), ' '), count);
  for (int64_t step = 0; step < context; ++step) {
    const Tensor scores = model(last)(Slice{}, 0) / temperature;
    last = gd::multinomial(scores.softmax(1), 1, rng);
    for (int64_t i = 0; i < count; ++i)
      texts[i] += alphabet[static_cast<std::size_t>(last[i].item())];
  }
  for (std::string& text : texts) text.resize(std::min(text.find('.'), text.size()));
  return texts;
}
int main() {
  Author author;
  const std::string text = author.sentences(100'000);
  const Tensor share = gd::one_hot(tokens_of(text, 1).flatten(), symbols).mean({0});
  const double frequency = -(share * share.log()).sum().item() / std::log(2.),
               grammar = author.bits / 100'000;
  fmt::print("{}\nbits per character: {:.2f} uniform, {:.2f} by frequency, {:.2f} in the grammar\n",
             text.substr(0, 86), std::log2(symbols), frequency, grammar);
  Gpt model;
  gd::optim::AdamW optimizer(model.parameters());
  const auto rate = gd::optim::warmup(50, gd::optim::cosine(0.005, {.total_steps = 450}));
  gd::pictures::Chart learning{"Learning", "step", "bits per character"};
  learning.line("GPT", {})
      .line("frequency", {0, 500}, {frequency, frequency})
      .line("grammar", {0, 500}, {grammar, grammar});
  for (int step = 0; step <= 500; ++step) {
    std::string pieces;
    for (int64_t i = 0; i < batch; ++i) pieces += " " + author.sentences(context);
    const Tensor loss = bits_of(model, tokens_of(pieces, batch)).mean();
    if (step % 100 == 0) fmt::print("step {:3}: {:.2f} bits\n", step, loss.item());
    learning.series[0].add(step, loss.item());
    optimizer.zero_grad();
    loss.backward();
    gd::optim::clip_grad_norm(model.parameters(), 1);
    optimizer.set_lr(rate(step));
    optimizer.step();
  }
  const std::string sentence = " the dogs that the king sees like the bird.";
  gd::pictures::Chart bits{"Bits of:" + sentence, "character", "bits"};
  bits.line("each character", bits_of(model, tokens_of(sentence, 1)).detach());
  bits.series[0].mark = gd::pictures::Mark::bars;
  gd::pictures::save("gpt.svg", {learning, bits});
  for (const double temperature : {0.5, 1., 1.5}) {
    const std::vector<std::string> written = write(model, 100, temperature);
    fmt::print("temperature {}: {} of 100 are right\n", temperature,
               std::ranges::count_if(written, is_right));
    fmt::print("  {}\n  {}\n", written[0], written[1]);
  }
}
