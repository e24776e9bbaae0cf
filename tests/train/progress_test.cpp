#include "train/progress.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <pty.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <thread>

#include "layers/dense.hpp"
#include "layers/sequential.hpp"
#include "optim/algorithms/sgd.hpp"

using namespace gradus;
using namespace gradus::train;

namespace {

// While it lives, stdout is a terminal of 100 columns.
class Terminal {
 public:
  Terminal() : stdout_(dup(STDOUT_FILENO)) {
    std::fflush(stdout);
    REQUIRE(openpty(&master_, &slave_, nullptr, nullptr, nullptr) == 0);
    fcntl(master_, F_SETFL, O_NONBLOCK);
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

  // What was written since the last call.
  std::string text() const {
    std::fflush(stdout);
    char buffer[4096];
    const ssize_t size = read(master_, buffer, sizeof buffer);
    return {buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
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
                                       .train_accuracy = 0.25,
                                       .val_loss = val_loss,
                                       .val_accuracy = std::isnan(val_loss) ? NAN : 0.75,
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
                            .correct = 6,
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
}

TEST_CASE("The time that is left is that of the steps so far, for each that is left") {
  TenSamples f;
  f.training.epochs = 100'000;
  TrainingState state{.history = History(10), .batches = 1, .samples = 4, .seconds = 1};
  const Terminal terminal;
  const Stopwatch outer;
  Progress progress(f.training, false);
  const Stopwatch inner;
  progress.after_step(state);  // step 31, the first of this program
  std::this_thread::sleep_for(std::chrono::milliseconds(110));
  state.history.resize(12);
  terminal.text();
  const double least = inner.seconds();
  progress.after_step(state);  // step 37, its seventh
  const double most = outer.seconds();
  const std::string text = terminal.text();
  int hours = 0, minutes = 0, seconds = 0;
  REQUIRE(std::sscanf(text.c_str() + text.rfind("samples/s") + 9, "%d:%d:%d left", &hours, &minutes,
                      &seconds) == 3);
  const double left = 3600. * hours + 60. * minutes + seconds, steps = 3 * 100'000 - 37;
  CHECK(left >= least / 7 * steps - 1);
  CHECK(left <= most / 7 * steps + 1);
}
