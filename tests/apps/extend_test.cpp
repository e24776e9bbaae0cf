// gradus train --extend: continues a finished run in a new one.
#include <doctest/doctest.h>

#include "core/io/file.hpp"
#include "tests/apps/same_result.hpp"

using namespace gradus;

namespace {

const std::string short_run =
    "train --data digits --model mlp --limit 256 --batch-size 32 --quiet ";

std::string best_weights(const TemporaryFolder& folder, const std::string& run) {
  return read_text(folder.path(run + "/best.safetensors"));
}

}  // namespace

TEST_CASE("A run that is extended from its checkpoint ends like a longer run") {
  const TemporaryFolder folder;
  const std::string train =
      short_run +
      "--dropout 0.2 --gradient-noise 0.01 --mixup 0.2 --ema 0.9 --schedule constant "
      "--keep-checkpoints ";
  REQUIRE(run_gradus(train + "--epochs 4 --out whole", folder).code == 0);
  REQUIRE(run_gradus(train + "--epochs 1 --out first", folder).code == 0);
  const Process::Result second =
      run_gradus("train --extend first --epochs 2 --quiet --keep-checkpoints --out second", folder);
  REQUIRE_MESSAGE(second.code == 0, second.err);
  CHECK(second.out.starts_with(folder.path("first") +
                               " was trained for 1 epoch; its optimizer continues\n"));
  REQUIRE(run_gradus("train --extend second --epochs 1 --quiet --out third", folder).code == 0);
  CHECK(best_weights(folder, "third") == best_weights(folder, "whole"));

  // Numbers of epochs and steps are those of the run itself.
  const std::vector<std::string> rows = metric_rows(folder.path("second"));
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].starts_with("1,8,"));
  CHECK(rows[2].starts_with("2,16,"));
  CHECK(run_gradus("replay third --quiet", folder).out == "all 8 steps gave the same bits\n");
  const nlohmann::json report = json_of_file(folder.path("third/report.json"));
  CHECK(report["extends"]["run"] == folder.path("second"));
  CHECK(report["extends"]["epochs"] == 3);
  CHECK(report["extends"]["steps"] == 24);
}

TEST_CASE("Without a checkpoint a run is extended from its weights, with a new optimizer") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(short_run + "--epochs 1 --optimizer momentum --out first", folder).code == 0);
  // With a rate of almost zero nothing changes.
  const Process::Result second =
      run_gradus("train --extend first --epochs 1 --lr 1e-30 --quiet --out second", folder);
  REQUIRE_MESSAGE(second.code == 0, second.err);
  CHECK(second.out.starts_with(
      folder.path("first") +
      " was trained for 1 epoch; it has no checkpoint, so the optimizer starts anew\n"));
  CHECK(best_weights(folder, "second") == best_weights(folder, "first"));
  CHECK(run_gradus("replay second --quiet", folder).out == "all 8 steps gave the same bits\n");
}

TEST_CASE("An interrupted extension is resumed without the run that it extends") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(short_run + "--epochs 1 --keep-checkpoints --out first", folder).code == 0);
  REQUIRE(run_gradus("train --extend first --epochs 3 --schedule step --quiet --keep-checkpoints "
                     "--out whole",
                     folder)
              .code == 0);
  REQUIRE(run_gradus("train --extend first --epochs 3 --schedule step --quiet --until-epoch 1 "
                     "--out parts",
                     folder)
              .code == 0);
  std::filesystem::remove_all(folder.path("first"));
  REQUIRE(run_gradus("train --resume parts --keep-checkpoints --quiet", folder).code == 0);
  check_same_result(folder, "whole", "parts");
}

TEST_CASE("Another schedule replaces the options of the run's schedule") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(short_run + "--epochs 1 --schedule step --step-size 2 --gamma 0.5 --out first",
                     folder)
              .code == 0);
  CHECK(
      run_gradus("train --extend first --quiet --schedule constant --lr 0.01 --out second", folder)
          .code == 0);
  CHECK(metric_rows(folder.path("second"))[1].starts_with("1,8,0.01,"));
}

TEST_CASE("Runs that can't be extended are refused") {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& words) {
    const Process::Result result = run_gradus("train " + words, folder);
    CHECK(result.code != 0);
    CHECK(result.out == "");
    return result.err;
  };
  REQUIRE(run_gradus(short_run + "--epochs 2 --until-epoch 1 --out stopped", folder).code == 0);
  REQUIRE(run_gradus(short_run + "--epochs 0 --out first", folder).code == 0);
  CHECK(error("--extend stopped") ==
        "error: stopped: the run isn't finished; --resume continues it\n");
  CHECK(error("--extend none") == "error: none: no such run folder\n");
  CHECK(error("--extend first --seed 2") ==
        "error: --seed cannot be combined with --extend: the run keeps its other options\n");
  write_file_atomically(folder.path("stopped/diverged.txt"), "the loss is NaN\n");
  CHECK(error("--extend stopped") == "error: stopped: the run diverged, so it can't be extended\n");
  CHECK_FALSE(std::filesystem::exists(folder.path("runs")));
}
