// presets_test: presets and --config.
#include <doctest/doctest.h>

#include "apps/gradus/run/config.hpp"
#include "apps/gradus/run/provenance.hpp"
#include "layers/network/models.hpp"
#include "tests/apps/same_result.hpp"
#include "tests/layers/network/model_inputs.hpp"

using namespace gradus;

TEST_CASE("Every preset has valid options and a network that can be built") {
  const app::Json known = app::to_json(app::TrainConfig());
  for (const auto& preset : app::presets().entries()) {
    const app::Json& values = preset.make;
    CAPTURE(preset.name);
    for (const auto& entry : values.items())
      CHECK_MESSAGE(known.contains(entry.key()), entry.key());
    const app::TrainConfig config = app::train_config_from_json(values);
    CHECK((values.contains("data") || config.task == "language"));
    Rng rng(1);
    CHECK(
        layers::build(config.model, layers::options_for(config.model, {}), rng).parameter_count() >
        0);
  }
}

TEST_CASE("Options override a preset, and the origin of each value is saved") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus(
      "train --preset digits --limit 64 --epochs 1 --optimizer adam --beta1 0.8 --quiet", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  const auto config = json_of_file(folder.path("runs/digits-1/config.json"));
  CHECK(config["epochs"] == 1);
  CHECK(config["batch_size"] == 32);
  const auto& origins = config["origins"];
  CHECK(origins["epochs"] == "flag");
  CHECK(origins["beta1"] == "flag");
  CHECK(origins["optimizer"] == "flag");
  CHECK(origins["batch_size"] == "preset digits");
  CHECK(origins["val_split"] == "default");
  for (const auto& entry : origins.items())
    CHECK_MESSAGE(config.contains(entry.key()), entry.key());
  CHECK(config["versions"]["gradus"] == app::version);
  CHECK(config["checksums"]["validation"].is_null());
  for (const char* part : {"train", "test"})
    CHECK(config["checksums"][part].get<std::string>().size() == 16);
}

TEST_CASE("--config with the config.json or the folder of a run gives the same bits") {
  const TemporaryFolder folder;
  const std::string train =
      "train --keep-checkpoints --data digits --limit 200 --epochs 2 --quiet --optimizer nadam "
      "--beta1 0.8 --ema 0.9 "
      "--val-split 0.2 --augment shift:1 --model ";
  std::vector<std::string> arguments = gradus_arguments(train);
  arguments.insert(
      arguments.end(),
      {"conv 4 3x3, norm group:2, relu, maxpool 2, dropout .2, dense 10", "--out", "one"});
  REQUIRE(Process(arguments, folder.path()).wait().code == 0);
  const Process::Result again = run_gradus(
      "train --keep-checkpoints --config one/config.json --threads 1 --quiet --out two", folder);
  REQUIRE_MESSAGE(again.code == 0, again.err);
  check_same_result(folder, "one", "two");
  const Process::Result of_folder =
      run_gradus("train --keep-checkpoints --config one --quiet --out three", folder);
  REQUIRE_MESSAGE(of_folder.code == 0, of_folder.err);
  check_same_result(folder, "one", "three");
  const auto config = json_of_file(folder.path("two/config.json"));
  CHECK(config["origins"]["beta1"] == "config one/config.json");
  CHECK(config["origins"]["threads"] == "flag");
}

TEST_CASE("Errors of --preset and --config") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& line, int code, const std::string& error) {
    CAPTURE(line);
    const Process::Result result = run_gradus("train " + line, folder);
    CHECK(result.code == code);
    CHECK_MESSAGE(result.err.starts_with("error: " + error), result.err);
    CHECK_FALSE(std::filesystem::exists(folder.path("runs")));
  };
  folder.write("broken.json", "{\"lr\": 0.1");
  folder.write("unknown.json", R"({"learning_rate": 0.1})");
  folder.write("wrong.json", R"({"lr": -1})");
  refused("--preset mnist-fas", 2,
          "unknown preset 'mnist-fas': did you mean mnist-fast, mnist-best?");
  refused("--config nowhere.json", 1, "nowhere.json: No such file or directory\n");
  refused("--config broken.json", 1, "broken.json: ");
  refused("--config unknown.json", 1, "unknown.json: 'learning_rate' is not an option\n");
  std::filesystem::create_directory(folder.path("empty"));
  refused("--config empty", 1, "empty/config.json: No such file or directory\n");
  refused("--config wrong.json", 1, "wrong.json: --lr must be positive and finite, got '-1'\n");
  refused("--config wrong.json --preset digits", 2, "--config cannot be combined with --preset\n");
  refused("--resume x --preset digits", 2, "--preset cannot be combined with --resume: ");
}
