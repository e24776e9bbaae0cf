// old_runs_test: the runs in tests/data/runs, made by a program without a version of the numerics.
#include <cmath>

#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

namespace fs = std::filesystem;

void copy_runs(const TemporaryFolder& folder) {
  fs::copy(GRADUS_SOURCE "/tests/data/runs", folder.path("runs"), fs::copy_options::recursive);
}

}  // namespace

TEST_CASE("Runs of an older program are listed, and their evaluation gives the same loss") {
  const TemporaryFolder folder;
  copy_runs(folder);
  const Process::Result list = run_gradus("runs runs", folder);
  CHECK_MESSAGE(list.code == 0, list.err);
  for (const char* name : {"finished", "weight-norm", "stopped"})
    CHECK(list.out.find(name) != std::string::npos);
  for (const std::string run : {"runs/finished", "runs/weight-norm"}) {
    const Process::Result result = run_gradus("evaluate " + run + " --json", folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const double was = json_of_file(folder.path(run + "/report.json"))["test_loss"];
    const double is = nlohmann::json::parse(result.out)["loss"];
    CHECK(std::abs(was - is) < 1e-6);
  }
}

TEST_CASE("The validation columns of an older run without --val-split are read as the test set's") {
  const TemporaryFolder folder;
  copy_runs(folder);
  const auto runs = nlohmann::json::parse(run_gradus("runs runs --json", folder).out);
  REQUIRE(runs.size() == 3);
  for (const auto& run : runs) CHECK(run["val_accuracy"].is_null());
  REQUIRE(run_gradus("compare runs/finished runs/stopped", folder).code == 0);
  const std::string picture = read_text(folder.path("compare.svg"));
  CHECK(picture.find("Test accuracy") != picture.npos);
  CHECK(picture.find("Validation") == picture.npos);
  // A new run with its options holds nothing out.
  const std::string from = "train --config runs/finished --epochs 1 --limit 64 --quiet --out new";
  const Process::Result result = run_gradus(from, folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(json_of_file(folder.path("new/report.json"))["best_epoch_chosen_on"].is_null());
  REQUIRE(run_gradus("train --resume runs/stopped --quiet", folder).code == 0);
  const auto report = json_of_file(folder.path("runs/stopped/report.json"));
  CHECK(report["best_epoch_chosen_on"] == "test");
  CHECK(read_text(folder.path("runs/stopped/curves.svg")).find("validation") == std::string::npos);
}

TEST_CASE("Runs of an older program can be replayed and resumed") {
  const TemporaryFolder folder;
  copy_runs(folder);
  for (const char* run : {"runs/finished", "runs/weight-norm", "runs/stopped"}) {
    const Process::Result result = run_gradus(fmt::format("replay {} --quiet", run), folder);
    CHECK_MESSAGE(result.code == 0, result.out);
    CHECK_MESSAGE(result.out.starts_with("all "), result.out);
  }
  const Process::Result resumed = run_gradus("train --resume runs/stopped --quiet", folder);
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  CHECK(metric_rows(folder.path("runs/stopped")).size() == 3);
  CHECK(run_gradus("replay runs/stopped --quiet", folder).code == 0);
}
