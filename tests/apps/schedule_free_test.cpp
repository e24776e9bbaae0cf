// gradus train --optimizer schedule-free-adamw, and muon: resumed, extended, replayed runs.
#include <doctest/doctest.h>

#include "core/io/file.hpp"
#include "tests/apps/same_result.hpp"

using namespace gradus;

namespace {

const std::string digits =
    "train --data digits --model mlp-bn --limit 256 --batch-size 32 --quiet ";

}  // namespace

TEST_CASE("Runs of optimizers with state of their own are resumed, extended and replayed") {
  for (const std::string optimizer : {"schedule-free-adamw", "muon", "adafactor"}) {
    CAPTURE(optimizer);
    const TemporaryFolder folder;
    const std::string train = digits + "--optimizer " + optimizer +
                              " --schedule constant --warmup 4 --weight-decay 0.05 "
                              "--no-decay-of-vectors --keep-checkpoints ";
    const std::string validated = train + "--val-split 0.2 --epochs 4 ";
    REQUIRE(run_gradus(validated + "--threads 1 --out whole", folder).code == 0);
    REQUIRE(run_gradus(validated + "--until-epoch 2 --out parts", folder).code == 0);
    REQUIRE(
        run_gradus("train --resume parts --threads 2 --quiet --keep-checkpoints", folder).code ==
        0);
    check_same_result(folder, "whole", "parts");
    CHECK(run_gradus("replay parts --quiet", folder).out.ends_with("gave the same bits\n"));
    const auto scores = nlohmann::json::parse(run_gradus("evaluate parts --json", folder).out);
    const auto report = json_of_file(folder.path("parts/report.json"));
    CHECK(scores["loss"] == report["test_loss"]);
    CHECK(report["test_accuracy"] > 0.7);

    // The warm-up would begin anew.
    const std::string constant =
        digits + "--optimizer " + optimizer + " --schedule constant --keep-checkpoints ";
    REQUIRE(run_gradus(constant + "--epochs 3 --out long", folder).code == 0);
    REQUIRE(run_gradus(constant + "--epochs 1 --out first", folder).code == 0);
    REQUIRE(run_gradus("train --extend first --epochs 2 --quiet --out second", folder).code == 0);
    CHECK(read_text(folder.path("second/best.safetensors")) ==
          read_text(folder.path("long/best.safetensors")));
  }
}

TEST_CASE(
    "The default schedule is constant for a schedule-free optimizer, and one-cycle for others") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(digits + "--epochs 1 --optimizer ScheduleFreeAdamW --out free", folder).code ==
          0);
  REQUIRE(run_gradus(digits + "--epochs 1 --out other", folder).code == 0);
  const auto config = [&](const char* run) {
    return json_of_file(folder.path(std::string(run) + "/config.json"));
  };
  CHECK(config("free")["schedule"] == "constant");
  CHECK(config("free")["optimizer"] == "schedule-free-adamw");
  CHECK(config("free")["lr"] == 0.0025);
  CHECK(config("other")["schedule"] == "one-cycle");
  CHECK(config("other")["origins"]["schedule"] == "default");
}

TEST_CASE("What has no meaning with a schedule-free optimizer is refused") {
  const TemporaryFolder folder;
  const std::string also = " cannot be combined with --optimizer schedule-free-adamw";
  const std::string constant =
      "--schedule must be constant with --optimizer schedule-free-adamw, which may have a "
      "--warmup; got ";
  const std::pair<std::string, std::string> cases[] = {
      {"--ema 0.9", "--ema" + also},
      {"--swa 2", "--swa" + also},
      {"--max-norm 1", "--max-norm" + also},
      {"--l1 0.1 --proximal", "--proximal" + also},
      {"--schedule cosine", constant + "cosine"},
      {"--schedule constant+cosine@50%", constant + "constant+cosine@50%"},
      {"--schedule reduce-on-plateau", constant + "reduce-on-plateau"}};
  for (const auto& [options, error] : cases) {
    const Process::Result result =
        run_gradus(digits + "--optimizer schedule-free-adamw --epochs 3 " + options, folder);
    CHECK(result.code == 2);
    CHECK(result.err == "error: " + error + "\n");
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}
