// A character language model: an LSTM learns to predict the next character of a text, then writes a
// new text by sampling from its predictions.
//
//   char_lm FILE [STEPS]
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

// Embedding, LSTM and a score for each possible next character.
class Model : public gd::layers::Layer<Model> {
 public:
  gd::RecurrentState state;  // of the LSTM, kept between pieces

  Model(int64_t symbols, gd::Rng& rng)
      : embedding_(symbols, 64, rng),
        lstm_({.input = 64, .hidden = 256, .orthogonal = true, .forget_bias = 1}, rng),
        scores_(256, symbols, rng) {}

  gd::Tensor forward(const gd::Tensor& characters) override {
    const auto [outputs, last] = lstm_.run(embedding_(characters), {.state = state});
    // Truncated backpropagation: the next piece gets the values of the state, but not its graph.
    state = last.detach();
    return scores_(outputs);
  }
  void members(gd::layers::Members& members) override {
    members.child("embedding", embedding_);
    members.child("lstm", lstm_);
    members.child("scores", scores_);
  }
  std::string description() const override { return "Model of characters"; }

 private:
  gd::layers::Embedding embedding_;
  gd::layers::LSTM lstm_;
  gd::layers::Dense scores_;
};

// Scales a gradient whose norm over all parameters exceeds `limit` down to it: gradients through
// many steps can explode (Pascanu et al. 2013).
void clip(gd::NamedTensors& parameters, double limit) {
  double squares = 0;
  for (const auto& [name, tensor] : parameters)
    squares += gd::sum(gd::square(tensor.grad())).item();
  const double scale = std::min(1.0, limit / std::sqrt(squares));
  for (auto& [name, tensor] : parameters) tensor.set_grad(tensor.grad() * scale);
}

void train(Model& model, const Text& text, int64_t steps) {
  gd::NamedTensors parameters = model.parameters();
  gd::optim::Adam optimizer(parameters, {.lr = 3e-3});
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
    clip(parameters, 1);
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

std::string write(Model& model, const Text& text, int64_t count, gd::Rng& rng) {
  const gd::NoGrad no_grad;
  model.state = {};
  std::string written;
  int64_t character = text.numbers[0];
  for (int64_t i = 0; i < count; ++i) {
    const gd::Tensor scores = model(gd::Tensor::from(std::vector<int64_t>{character}, {1, 1}));
    // A temperature below 1 makes likely characters more likely.
    const auto probabilities = gd::softmax(scores / 0.7, -1).to_vector<float>();
    double rest = rng.uniform();
    for (character = 0; character < text.symbols() - 1; ++character)
      if ((rest -= probabilities[static_cast<std::size_t>(character)]) < 0) break;
    written += text.alphabet[static_cast<std::size_t>(character)];
  }
  return written;
}

int main(int argc, char** argv) try {
  const auto steps = gd::parse_number<int64_t>(argc > 2 ? argv[2] : "600");
  if (argc < 2 || argc > 3 || !steps) {
    fmt::print(stderr, "usage: char_lm FILE [STEPS]\n");
    return 2;
  }
  const Text text(argv[1]);
  gd::Rng rng(1);
  Model model(text.symbols(), rng);
  train(model, text, *steps);
  fmt::print("\n{}\n", write(model, text, 500, rng));
} catch (const std::exception& error) {
  fmt::print(stderr, "error: {}\n", error.what());
  return 1;
}
