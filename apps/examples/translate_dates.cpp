// Translation in small: an encoder and a decoder learn to write dates in the form of ISO 8601. The
// decoder's attention to the text that it reads is printed, and drawn as translate_dates.svg.
//
//   translate_dates [STEPS [SEED]]
#include <apps/pictures/plot.hpp>
#include <gradus.hpp>

namespace gd = gradus;
using gd::Tensor, gd::layers::Dense, gd::layers::Embedding;

using Texts = std::vector<std::string>;

// '\0' fills a text up to the common length, '\n' begins an answer.
const std::string alphabet("\0\n0123456789 ,./-JanuryFebMchApilgstSmOoNvD", 43);
constexpr int64_t longest = 18, answer_length = 10, width = 64;

struct Date {
  int64_t year, month, day;

  std::string answer() const { return fmt::format("{}-{:02}-{:02}", year, month, day); }
  // The ways to write it; the year of two digits is one of 1930 to 2029.
  Texts texts() const {
    constexpr std::array names{"January",   "February", "March",    "April",
                               "May",       "June",     "July",     "August",
                               "September", "October",  "November", "December"};
    const std::string name = names[static_cast<std::size_t>(month - 1)], begin = name.substr(0, 3);
    return {fmt::format("{} {} {}", day, name, year),
            fmt::format("{} {} {}", day, begin, year),
            fmt::format("{} {}, {}", name, day, year),
            fmt::format("{} {}, {:02}", begin, day, year % 100),
            fmt::format("{:02}/{:02}/{}", day, month, year),
            fmt::format("{}.{}.{:02}", day, month, year % 100)};
  }
};

// One day in ten is held out for the test, always the same ones.
Date random_date(bool held_out, gd::Rng& rng) {
  constexpr std::array<int64_t, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (;;) {
    const int64_t year = 1930 + rng.below(100), month = rng.below(12);
    const int64_t leap_day = month == 1 && year % 4 == 0 ? 1 : 0;
    const int64_t day = 1 + rng.below(days[static_cast<std::size_t>(month)] + leap_day);
    const bool of_test = (year * 372 + month * 31 + day) % 10 == 0;
    if (of_test == held_out) return {year, month + 1, day};
  }
}

// The characters of texts as numbers, (texts, length).
Tensor numbers(const Texts& texts, int64_t length) {
  std::vector<int64_t> result;
  for (std::string text : texts) {
    text.resize(static_cast<std::size_t>(length), '\0');
    for (const char c : text) result.push_back(static_cast<int64_t>(alphabet.find(c)));
  }
  return gd::Tensor::from(result, {std::ssize(texts), length});
}

class Translator : public gd::layers::Layer<Translator> {
 public:
  explicit Translator(gd::Rng& rng)
      : read_(std::ssize(alphabet), width, rng),
        written_(std::ssize(alphabet), width, rng),
        encoder_({.width = width, .heads = 4, .norm_first = true}, 1, rng, true),
        decoder_({.width = width, .heads = 4, .norm_first = true}, 1, rng, true),
        scores_(width, std::ssize(alphabet), rng) {}

  // Scores of the character after each of `begun` (n, length), for texts (n, longest). Appends how
  // much each layer of the decoder looks at each character of the texts.
  Tensor run(const Tensor& texts, const Tensor& begun, gd::Tensors* looks = nullptr) {
    const Tensor padding = texts == 0;
    const Tensor memory = encoder_.run(with_positions(read_(texts)), {.key_padding_mask = padding});
    return scores_(
        decoder_.run(with_positions(written_(begun)), {.memory = memory,
                                                       .self = {.is_causal = true},
                                                       .memory_key_padding_mask = padding,
                                                       .memory_weights = looks}));
  }
  Tensor forward(const Tensor&) override { throw std::logic_error("call run()"); }
  void members(gd::layers::Members& members) override {
    members.child("read", read_);
    members.child("written", written_);
    members.child("encoder", encoder_);
    members.child("decoder", decoder_);
    members.child("scores", scores_);
  }
  std::string description() const override { return "Translator"; }

 private:
  static Tensor with_positions(const Tensor& x) {
    return x + gd::sinusoidal_positions(x.size(1), width);
  }

  Embedding read_, written_;
  gd::layers::TransformerEncoder encoder_;
  gd::layers::TransformerDecoder decoder_;
  Dense scores_;
};

struct Batch {
  Texts texts, answers;

  Batch(int64_t count, bool held_out, gd::Rng& rng) {
    while (std::ssize(texts) < count) {
      const Date date = random_date(held_out, rng);
      const Texts ways = date.texts();
      texts.push_back(ways[static_cast<std::size_t>(rng.below(std::ssize(ways)))]);
      answers.push_back(date.answer());
    }
  }
};

void train(Translator& model, int64_t steps, gd::Rng& rng) {
  const gd::NamedTensors parameters = model.parameters();
  gd::optim::AdamW optimizer(parameters);
  const gd::optim::Schedule rate = gd::optim::warmup(
      50, gd::optim::cosine(0.003, {.total_steps = std::max<int64_t>(steps, 51) - 50}));
  const gd::Stopwatch watch;
  for (int64_t step = 0; step < steps; ++step) {
    const Batch batch(64, false, rng);
    // Each character is predicted from the right ones before it.
    Texts begun;
    for (const std::string& answer : batch.answers)
      begun.push_back("\n" + answer.substr(0, answer_length - 1));
    const Tensor scores = model.run(numbers(batch.texts, longest), numbers(begun, answer_length));
    const Tensor loss = gd::cross_entropy(scores.reshape({-1, std::ssize(alphabet)}),
                                          numbers(batch.answers, answer_length).flatten());
    optimizer.zero_grad();
    loss.backward();
    gd::optim::clip_grad_norm(parameters, 1);
    optimizer.set_lr(rate(step));
    optimizer.step();
    if ((step + 1) % 100 != 0) continue;
    fmt::print("step {}: loss {:.4f}, {:.0f} s\n", step + 1, loss.item(), watch.seconds());
    std::fflush(stdout);
  }
}

struct Translation {
  Texts answers;
  Tensor looks;  // (texts, answer_length, longest)
};

// Each character is the most probable one after those before it.
Translation translate(Translator& model, const Texts& texts) {
  const gd::NoGrad no_grad;
  const Tensor read = numbers(texts, longest);
  Tensor written = numbers(Texts(texts.size(), "\n"), 1);
  gd::Tensors looks;
  for (int64_t i = 0; i < answer_length; ++i) {
    looks.clear();
    const Tensor next = model.run(read, written, &looks)(gd::Slice{}, i).argmax(1);
    written = gd::cat({written, next.unsqueeze(1)}, 1);
  }
  Translation result{{}, looks.back()};
  for (int64_t i = 0; i < read.size(0); ++i) {
    std::string& answer = result.answers.emplace_back();
    for (const int64_t number : written[i].to_vector<int64_t>())
      answer += alphabet[static_cast<std::size_t>(number)];
    answer.erase(0, 1);
  }
  return result;
}

// A row for each character of the answer, with marks below the characters that it looks at.
void print_looks(const std::string& text, const std::string& answer, const Tensor& looks) {
  fmt::print("\n  {}\n", text);
  for (std::size_t i = 0; i < answer.size(); ++i) {
    fmt::print("{} ", answer[i]);
    for (std::size_t j = 0; j < text.size(); ++j) {
      const double weight = looks.at({static_cast<int64_t>(i), static_cast<int64_t>(j)}).item();
      fmt::print("{}", " .:-=+*#%@"[static_cast<std::size_t>(weight * 9.99)]);
    }
    fmt::print("\n");
  }
}

int main(int argc, char** argv) try {
  const auto steps = gd::parse_number<int64_t>(argc > 1 ? argv[1] : "500");
  const auto seed = gd::parse_number<uint64_t>(argc > 2 ? argv[2] : "1");
  if (argc > 3 || !steps || !seed) {
    fmt::print(stderr, "usage: translate_dates [STEPS [SEED]]\n");
    return 2;
  }
  gd::Rng rng(*seed);
  Translator model(rng);
  train(model, *steps, rng);

  const Batch test(1000, true, rng);
  const Texts answers = translate(model, test.texts).answers;
  int right = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) right += answers[i] == test.answers[i] ? 1 : 0;
  fmt::print("{} of {} dates that the training never saw are right\n\n", right, answers.size());

  const Texts texts = Date{1998, 3, 24}.texts();
  const Translation translation = translate(model, texts);
  gd::pictures::Sheet sheet{"What the decoder looks at",
                            "Row: a character that it writes. Column: a character that it reads.",
                            180, 100};
  sheet.columns = 3;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string& answer = translation.answers[i];
    const Tensor looks = translation.looks[static_cast<int64_t>(i)];
    fmt::print("{:<13} → {}\n", texts[i], answer);
    sheet.add(1 - looks, texts[i]);
  }
  print_looks(texts[0], translation.answers[0], translation.looks[0]);
  gd::pictures::save("translate_dates.svg", sheet);
} catch (const std::exception& error) {
  fmt::print(stderr, "error: {}\n", error.what());
  return 1;
}
