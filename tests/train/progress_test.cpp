#include "train/progress.hpp"

#include <doctest/doctest.h>
#include <pty.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <thread>
#include <tuple>

#include "layers/dense.hpp"
#include "layers/norm/spectral_norm.hpp"
#include "layers/sequential.hpp"
#include "optim/algorithms/sgd.hpp"
#include "train/fit.hpp"

using namespace gradus;
using namespace gradus::train;

namespace {

// While it lives, stdout is a terminal of 100 columns, or a pipe.
class Terminal {
 public:
  explicit Terminal(bool is_pipe = false) : stdout_(dup(STDOUT_FILENO)) {
    std::fflush(stdout);
    int pipe_ends[2];
    if (is_pipe) {
      REQUIRE(pipe(pipe_ends) == 0);
      std::tie(master_, slave_) = std::pair(pipe_ends[0], pipe_ends[1]);
    } else {
      REQUIRE(openpty(&master_, &slave_, nullptr, nullptr, nullptr) == 0);
    }
    dup2(slave_, STDOUT_FILENO);
    setenv("TERM", "xterm", 1);
    setenv("COLUMNS", "100", 1);
  }
  ~Terminal() {
    std::fflush(stdout);
    dup2(stdout_, STDOUT_FILENO);
    for (const int file : {stdout_, master_, slave_}) close(file);
    unsetenv("COLUMNS");
  }
  Terminal& operator=(Terminal&&) = delete;

  // What was written since the last call. A terminal passes it on later, so it ends with a mark.
  std::string text() const {
    std::fflush(stdout);
    constexpr char mark = '\0';
    REQUIRE(write(slave_, &mark, 1) == 1);
    std::string result;
    for (char c; read(master_, &c, 1) == 1 && c != mark;) result += c;
    return result;
  }

 private:
  int stdout_, master_ = -1, slave_ = -1;
};

// A training of ten samples in batches of four.
struct TenSamples {
  Rng rng{1};
  layers::Sequential model{layers::Dense(1, 2, rng)};
  optim::SGD optimizer{model.parameters()};
  Training training{
      .model = model,
      .optimizer = optimizer,
      .loss = {},
      .train = data::Dataset::of_features(std::vector<float>(10), 1, std::vector<int64_t>(10), 2),
      .epochs = 3,
      .batch_size = 4,
      .order = {}};
};

}  // namespace

TEST_CASE("An epoch has as many steps as whole batches, and one for the rest") {
  TenSamples f;
  CHECK(f.training.steps_per_epoch() == 3);
  f.training.batch_size = 3;
  CHECK(f.training.steps_per_epoch() == 4);
  f.training.batch_size = 4;
  f.training.drop_last = true;
  CHECK(f.training.steps_per_epoch() == 2);
  f.training.batch_size = 5;
  CHECK(f.training.steps_per_epoch() == 2);
  f.training.drop_last = false;
  CHECK(f.training.steps_per_epoch() == 2);
}

TEST_CASE("The line of an epoch has its losses, accuracies and speed") {
  TenSamples f;
  const auto line = [&](double val_loss, bool quiet) {
    const Terminal terminal;
    Progress progress(f.training, quiet);
    progress.after_epoch({.history = {{.epoch = 2,
                                       .train_loss = 1.5,
                                       .train_score = 0.25,
                                       .val_loss = val_loss,
                                       .val_score = std::isnan(val_loss) ? NAN : 0.75,
                                       .seconds = 0.5}}});
    return terminal.text();
  };
  CHECK(line(2.25, false) ==
        "epoch 2/3: training loss 1.5000, accuracy 25.00 %; validation loss 2.2500, accuracy "
        "75.00 %; 20 samples/s\r\n");
  CHECK(line(2.25, true) == "");
  f.training.drop_last = true;
  CHECK(line(NAN, false) == "epoch 2/3: training loss 1.5000, accuracy 25.00 %; 16 samples/s\r\n");
}

TEST_CASE("The line of a step has means of its epoch, and a bar as wide as there is room") {
  TenSamples f;
  const TrainingState state{.history = History(1),
                            .batches = 2,
                            .samples = 8,
                            .score_sum = 6,
                            .loss_sum = 4,
                            .seconds = 0.25};
  const std::string end = "  loss 0.5000  accuracy 75.00 %  32 samples/s  0:00 left";
  const auto line = [&](const char* columns) {
    const Terminal terminal;
    setenv("COLUMNS", columns, 1);
    Progress progress(f.training, false);
    progress.after_step(state);
    return terminal.text().substr(4);  // \r, and the code that erases the line
  };
  const auto blocks = [](int dark, int light) {
    std::string text;
    for (int i = 0; i < dark; ++i) text += "█";
    for (int i = 0; i < light; ++i) text += "░";
    return text;
  };
  CHECK(line("100") == "epoch 2/3 " + blocks(20, 10) + end);
  CHECK(line("97") == "epoch 2/3 " + blocks(20, 10) + end);
  CHECK(line("96") == "epoch 2/3 " + blocks(19, 10) + end);
  CHECK(line("72") == "epoch 2/3 " + blocks(3, 2) + end);
  CHECK(line("71") == "epoch 2/3 " + end);
  CHECK(line("21") == ("epoch 2/3 " + end).substr(0, 20));
  CHECK(line("1") == "");
}

TEST_CASE("The time that is left is that of the steps so far, for each that is left") {
  TenSamples f;
  f.training.epochs = 100'000;
  using Start = std::pair<std::size_t, int64_t>;  // finished epochs, and batches of the next
  for (const auto& [epochs, batches] : {Start{0, 1}, {50'000, 1}, {0, 150'000}}) {
    TrainingState state{.history = History(epochs), .batches = batches, .samples = 4, .seconds = 1};
    const Terminal terminal;
    const Stopwatch outer;
    Progress progress(f.training, false);
    const Stopwatch inner;
    // Its first step and its seventh.
    for (const std::size_t step : {1, 7}) {
      state.history.resize(epochs + step / 3);
      std::this_thread::sleep_for(std::chrono::milliseconds(110));
      terminal.text();
      const double least = inner.seconds();
      progress.after_step(state);
      const double most = outer.seconds();
      const std::string text = terminal.text();
      int hours = 0, minutes = 0, seconds = 0;
      REQUIRE(std::sscanf(text.c_str() + text.rfind("samples/s") + 9, "%d:%d:%d left", &hours,
                          &minutes, &seconds) == 3);
      const double left = 3600. * hours + 60. * minutes + seconds;
      const auto made = static_cast<double>(step),
                 steps = static_cast<double>(300'001 - 3 * epochs - step) -
                         static_cast<double>(batches);
      CHECK(left >= least / made * steps - 1);
      CHECK(left <= most / made * steps + 1);
    }
  }
}

TEST_CASE("The line of a step is erased before that of the epoch") {
  TenSamples f;
  const Terminal terminal;
  Progress progress(f.training, false);
  TrainingState state{.history = {}, .batches = 1, .samples = 4, .seconds = 1};
  progress.after_step(state);
  terminal.text();
  state.history.push_back({.epoch = 1, .seconds = 1});
  progress.after_epoch(state);
  CHECK(terminal.text().starts_with("\r\x1b[Kepoch 1/3: "));
}

TEST_CASE("fit shows its progress in a terminal, always or never") {
  const auto text = [](ShowProgress progress, bool in_terminal) {
    TenSamples f;
    const Terminal terminal(!in_terminal);
    fit(f.model, f.optimizer, f.training.train, {.progress = progress}, f.rng);
    return terminal.text();
  };
  for (const bool in_terminal : {false, true}) {
    const auto shown = [&](ShowProgress progress) {
      const std::string all = text(progress, in_terminal);
      CHECK((all.find("samples/s  0:00 left") != all.npos) ==
            (in_terminal && progress != ShowProgress::never));
      return all.find("epoch 1/1: training loss") != all.npos;
    };
    CHECK(shown(ShowProgress::always));
    CHECK_FALSE(shown(ShowProgress::never));
    CHECK(shown(ShowProgress::in_terminal) == in_terminal);
  }
}

TEST_CASE("Each epoch can be the best one, but of averages only those from their first on") {
  TenSamples f;
  const History history{{.val_score = 0.75}, {.val_score = 0.5}};
  CHECK(f.training.best_epoch(history) == 0);
  f.training.average_from = 2;
  CHECK(f.training.best_epoch(history) == 1);
}

TEST_CASE("From its first update on the average is what is evaluated") {
  TenSamples f;
  f.training.average.emplace(f.model.state_dict());
  Tensor weight = f.model.parameters()[0].second;
  const auto evaluated = [&] {
    float value = 0;
    f.training.with_average([&] { value = weight.to_vector<float>()[0]; });
    return value;
  };
  const NoGrad no_grad;
  weight.fill(3);
  CHECK(evaluated() == 3);
  f.training.average->update();
  weight.fill(7);
  CHECK(evaluated() == 3);
  CHECK(weight.to_vector<float>()[0] == 7);
}

TEST_CASE("Averaged weights are divided by their own singular value") {
  TenSamples f;
  layers::Dense dense(2, 2, f.rng, {.bias = false});
  dense.reparametrize(layers::SpectralNorm());
  layers::Sequential model{dense};
  optim::SGD optimizer(model.parameters());
  Training training{
      .model = model, .optimizer = optimizer, .loss = {}, .train = f.training.train, .order = {}};
  training.average.emplace(model.state_dict(), optim::WeightAverageOptions{},
                           model.tensors(layers::Role::iterate));
  model.evaluate();
  const NoGrad no_grad;
  Tensor weight = model.parameters()[0].second;
  for (const std::vector<float>& values : {std::vector<float>{9, 0, 0, 1}, {1, 1, 1, 3}}) {
    weight.copy_from(Tensor::from(values, {2, 2}));
    layers::settle(model);
    training.average->update();
  }
  Tensor outputs;
  training.with_average([&] { outputs = model(Tensor::from<float>({1, 0, 0, 1}, {2, 2})); });
  // Of the mean (5, ½; ½, 2).
  const double singular_value = (7 + std::sqrt(10)) / 2;
  CHECK(outputs.to_vector<float>()[0] == doctest::Approx(5 / singular_value).epsilon(1e-6));
}
