// Text, learn_text: what the programs that learn a text character by character have in common.
#pragma once

#include <gradus.hpp>

namespace gd = gradus;

constexpr int64_t readers = 32, length = 64;

// A text as numbers of characters.
struct Text {
  std::string alphabet;
  std::vector<int64_t> numbers;

  explicit Text(const char* path) {
    std::ifstream file(path, std::ios::binary);
    for (std::istreambuf_iterator<char> it(file), end; it != end; ++it) {
      if (alphabet.find(*it) == std::string::npos) alphabet += *it;
      numbers.push_back(static_cast<int64_t>(alphabet.find(*it)));
    }
    if (numbers.size() < readers) gd::file_error(path, "the file is missing or too short");
  }

  int64_t symbols() const { return std::ssize(alphabet); }
  // The next `length` characters of each reader, (readers, length). Readers start at equal
  // distances in the text and have read `start` characters.
  gd::Tensor piece(int64_t start) const {
    const auto size = std::ssize(numbers);
    std::vector<int64_t> values;
    for (int64_t reader = 0; reader < readers; ++reader)
      for (int64_t i = 0; i < length; ++i)
        values.push_back(
            numbers[static_cast<std::size_t>((reader * (size / readers) + start + i) % size)]);
    return gd::Tensor::from(values, {readers, length});
  }
};

inline void train(gd::layers::Module& model, const Text& text, int64_t steps, double lr) {
  const gd::NamedTensors parameters = model.parameters();
  gd::optim::Adam optimizer(parameters, {.lr = lr});
  const gd::Stopwatch watch;
  double loss_sum = 0;
  int64_t summed = 0;
  for (int64_t step = 1; step <= steps; ++step) {
    const int64_t at = (step - 1) * length;
    const gd::Tensor guesses = gd::reshape(model(text.piece(at)), {readers * length, -1});
    const gd::Tensor next = gd::reshape(text.piece(at + 1), {readers * length});
    gd::Tensor loss = gd::cross_entropy(guesses, next);
    optimizer.zero_grad();
    loss.backward();
    gd::optim::clip_grad_norm(parameters, 1);
    optimizer.step();
    loss_sum += loss.item();
    ++summed;
    if (step % 50 != 0 && step != steps) continue;
    fmt::print("step {}: {:.3f} nats per character, {:.0f} s\n", step,
               loss_sum / static_cast<double>(std::exchange(summed, 0)), watch.seconds());
    std::fflush(stdout);
    loss_sum = 0;
  }
}

// A text of `count` characters. model.next(character) reads one more, and returns scores for the
// one after it.
std::string write(auto& model, const Text& text, int64_t count, gd::Rng& rng) {
  const gd::NoGrad no_grad;
  std::string written;
  int64_t character = text.numbers[0];
  for (int64_t i = 0; i < count; ++i) {
    // A temperature below 1 makes likely characters more likely.
    const gd::Tensor probabilities = gd::softmax(model.next(character) / 0.7, -1);
    character = static_cast<int64_t>(gd::multinomial(probabilities.flatten(), 1, rng).item());
    written += text.alphabet[static_cast<std::size_t>(character)];
  }
  return written;
}

// The main function of a program: FILE [STEPS]. Trains a Model(symbols, rng), then lets it write.
template <class Model>
int learn_text(const char* program, double lr, int argc, char** argv) try {
  const auto steps = gd::parse_number<int64_t>(argc > 2 ? argv[2] : "600");
  if (argc < 2 || argc > 3 || !steps) {
    fmt::print(stderr, "usage: {} FILE [STEPS]\n", program);
    return 2;
  }
  const Text text(argv[1]);
  gd::Rng rng(1);
  Model model(text.symbols(), rng);
  train(model, text, *steps, lr);
  fmt::print("\n{}\n", write(model, text, 500, rng));
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "error: {}\n", error.what());
  return 1;
}
