#include "train/step_log.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/io/checksum.hpp"
#include "layers/dense.hpp"
#include "layers/sequential.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace gradus::train;

TEST_CASE("A log of steps has a row for each, with checksums of the model") {
  using Lines = std::vector<std::string>;
  const TemporaryFolder folder;
  const std::string path = folder.path("steps.csv");
  Rng rng(1);
  layers::Sequential model{layers::Dense(3, 2, rng)};
  const NamedTensors state = model.state_dict();
  const std::string sums =
      fmt::format(",{:016x},{:016x}", checksum(state[0].second), checksum(state[1].second));
  const auto row = [&](int step) { return fmt::format("{},0.5,{}{}", step, step + 0.25, sums); };
  const std::string names = "step,lr,loss,0.weight,0.bias";
  {
    StepLog log(path, model, 0);
    CHECK(log.missing_steps() == 0);
    CHECK(read_step_log(path) == Lines{names});
    for (int step = 1; step <= 2; ++step) log.add({.step = step, .lr = 0.5, .loss = step + 0.25});
    log.flush();
    log.add({.step = 3, .lr = 0.5, .loss = 3.25});
    log.flush();
    CHECK(read_step_log(path) == Lines{names, row(1), row(2), row(3)});
  }
  std::ofstream(path, std::ios::app) << "4,0.5,incompl";
  CHECK(read_step_log(path) == Lines{names, row(1), row(2), row(3)});
  CHECK(StepLog(path, model, 5).missing_steps() == 2);
  CHECK(read_step_log(path) == Lines{names, row(1), row(2), row(3)});
  CHECK(StepLog(path, model, 2).missing_steps() == 0);
  CHECK(read_step_log(path) == Lines{names, row(1), row(2)});
  CHECK(read_step_log(folder.path("none")).empty());
}

TEST_CASE("A log knows the finite losses of its steps") {
  const TemporaryFolder folder;
  Rng rng(1);
  layers::Sequential model{layers::Dense(1, 1, rng)};
  const std::string path = folder.write(
      "steps.csv", "step,lr,loss,sum\n1,0.5,2.5,ab\n12,,1.5,ab\n3,0.5,nan,ab\n4,0.5\nx,0.5,3,ab\n");
  StepLog log(path, model, 5);
  log.add({.step = 6, .loss = 0.25});
  log.add({.step = 7, .loss = NAN});
  std::vector<std::pair<int64_t, double>> losses;
  for (const StepLoss& of : log.losses()) losses.emplace_back(of.step, of.loss);
  CHECK(losses == std::vector<std::pair<int64_t, double>>{{1, 2.5}, {12, 1.5}, {6, 0.25}});
}

TEST_CASE("A log replaces a link by a file, and reads nothing but files") {
  const TemporaryFolder folder;
  Rng rng(1);
  layers::Sequential model{layers::Dense(1, 1, rng)};
  const std::string victim = folder.write("victim", "mine\n"), path = folder.path("steps.csv");
  std::filesystem::create_symlink(victim, path);
  StepLog(path, model, 0).flush();
  CHECK_FALSE(std::filesystem::is_symlink(path));
  CHECK(read_step_log(victim) == std::vector<std::string>{"mine"});
  CHECK_THROWS_WITH_AS(read_step_log(folder.path()),
                       (folder.path() + ": is not a regular file").c_str(), std::runtime_error);
}
