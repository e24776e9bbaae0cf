// regularization_test: focal loss, dropout and evaluate --uncertainty.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tests/apps/program.hpp"

using namespace gradus;

TEST_CASE("--focal-gamma sets the gamma of the focal loss, also in evaluate") {
  const TemporaryFolder folder;
  const auto test_loss = [&](const std::string& options) {
    std::filesystem::remove_all(folder.path("run"));
    const Process::Result result =
        run_gradus("train --data moons --epochs 2 --quiet --out run --loss " + options, folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const double loss = json_of_file(folder.path("run/report.json"))["test_loss"];
    CHECK(nlohmann::json::parse(run_gradus("evaluate run --json", folder).out)["loss"] == loss);
    return loss;
  };
  const double two = test_loss("focal");
  CHECK(test_loss("focal --focal-gamma 2") == two);
  CHECK(test_loss("focal --focal-gamma 1") > two);
  CHECK(test_loss("focal --focal-gamma 0") ==
        doctest::Approx(test_loss("cross-entropy")).epsilon(1e-4));
}

TEST_CASE("A run with every kind of dropout can be inspected and evaluated") {
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
  CHECK(scores["loss"] == json_of_file(folder.path("run/report.json"))["test_loss"]);
}

TEST_CASE("evaluate --uncertainty gives the same result for any number of threads") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus("train --data digits --model mlp --dropout 0.5 --epochs 3 --quiet --out run",
                     folder)
              .code == 0);
  const Process::Result one =
      run_gradus("evaluate run --json --uncertainty 10 --threads 1", folder);
  REQUIRE_MESSAGE(one.code == 0, one.err);
  CHECK(run_gradus("evaluate run --json --uncertainty 10 --threads 2", folder).out == one.out);
  const auto scores = nlohmann::json::parse(one.out);
  const auto& got = scores["uncertainty"];
  const auto &right = got["right"], &wrong = got["wrong"];
  CHECK(got["predictions"] == 10);
  CHECK(right["samples"].get<int>() + wrong["samples"].get<int>() == 360);
  CHECK(got["accuracy"] == right["samples"].get<double>() / 360);
  CHECK(std::abs(got["accuracy"].get<double>() - scores["accuracy"].get<double>()) < 0.02);
  CHECK(std::abs(got["loss"].get<double>() - scores["loss"].get<double>()) < 0.1);
  for (const char* measure : {"entropy", "mutual_information"})
    CHECK(wrong[measure] > right[measure]);
  CHECK(right["mutual_information"] > 0);

  const std::string text = run_gradus("evaluate run --uncertainty 10", folder).out;
  CHECK(text.find(fmt::format("\nmean of 10 predictions with dropout: loss {:.4f}, accuracy {:.2f} "
                              "%\n",
                              got["loss"].get<double>(), 100 * got["accuracy"].get<double>())) !=
        std::string::npos);
  CHECK(
      text.find(fmt::format("\nwrong  {:>7.4f}  {:>18.4f}  {:>7}\n", wrong["entropy"].get<double>(),
                            wrong["mutual_information"].get<double>(),
                            wrong["samples"].get<int>())) != std::string::npos);
  CHECK(text.find("\n\nclass  precision") != std::string::npos);
}

TEST_CASE("evaluate --uncertainty needs dropout and at least two predictions") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus("train --data moons --epochs 1 --quiet --out run", folder).code == 0);
  const auto check_refused = [&](const std::string& number, const std::string& error) {
    const Process::Result result = run_gradus("evaluate run --uncertainty " + number, folder);
    CHECK(result.code == 2);
    CHECK(result.out == "");
    CHECK(result.err == "error: " + error + "\n");
  };
  check_refused(
      "10",
      "[monte_carlo_predict] the model must have dropout: without it all samples are the same");
  check_refused("1", "--uncertainty must be a whole number from 2 to 10^9, got '1'");
}
