#include <doctest/doctest.h>

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
