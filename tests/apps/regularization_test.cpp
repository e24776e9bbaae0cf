#include <doctest/doctest.h>

#include <algorithm>

#include "tests/apps/program.hpp"

using namespace gradus;

TEST_CASE("The focal loss takes its gamma from the command line, and keeps it with the run") {
  const TemporaryFolder folder;
  const auto test_loss = [&](const std::string& options) {
    std::filesystem::remove_all(folder.path("run"));
    const Process::Result result =
        run_gradus("train --data moons --epochs 2 --quiet --out run --loss " + options, folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const double loss = read_json(folder.path("run/report.json"))["test_loss"];
    CHECK(nlohmann::json::parse(run_gradus("evaluate run --json", folder).out)["loss"] == loss);
    return loss;
  };
  const double two = test_loss("focal");
  CHECK(test_loss("focal --focal-gamma 2") == two);
  CHECK(test_loss("focal --focal-gamma 1") > two);
  CHECK(test_loss("focal --focal-gamma 0") ==
        doctest::Approx(test_loss("cross-entropy")).epsilon(1e-4));
}

TEST_CASE("A run with every kind of dropout knows its model again") {
  const TemporaryFolder folder;
  const std::string model =
      "--model lenet --dropout 0.3 --input-dropout 0.1 --channel-dropout 0.2 --drop-connect 0.4";
  REQUIRE(
      run_gradus("train --data digits --limit 128 --epochs 1 --quiet --out run " + model, folder)
          .code == 0);
  const auto layers = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  };
  const std::string of_run = run_gradus("inspect run", folder).out;
  const std::string of_name = run_gradus("inspect " + model, folder).out;
  for (const std::string& out : {of_run, of_name})
    for (const char* layer : {"0      Dropout(0.1)", "Dropout2d(0.2)", " with DropConnect(0.4)"})
      CHECK(out.find(layer) != std::string::npos);
  CHECK(layers(of_run) == layers(of_name));
  const auto scores = nlohmann::json::parse(run_gradus("evaluate run --json", folder).out);
  CHECK(scores["loss"] == read_json(folder.path("run/report.json"))["test_loss"]);
}
