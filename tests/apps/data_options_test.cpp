// data_options_test: --preprocess, --augment, --balanced and --data.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/io/safetensors.hpp"
#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

const std::string digits_run = "train --data digits --limit 300 --epochs 3 --model mlp --quiet ";

Process::Result trained(const std::string& options, const TemporaryFolder& folder) {
  Process::Result result = run_gradus(digits_run + options, folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  return result;
}

}  // namespace

TEST_CASE("Every preprocessing is saved with the run and applied in evaluation") {
  const TemporaryFolder folder;
  for (const std::string name :
       {"none", "min-max", "z-score", "pca:0.9", "pca-whiten:20/0.1", "zca:0.1"}) {
    CAPTURE(name);
    const std::string run = name.substr(0, name.find(':'));
    trained(fmt::format("--preprocess {} --out {}", name, run), folder);
    const auto report = json_of_file(folder.path(run + "/report.json"));
    CHECK(report["test_accuracy"] > 0.5);
    const Process::Result evaluated = run_gradus("evaluate --json " + run, folder);
    REQUIRE_MESSAGE(evaluated.code == 0, evaluated.err);
    const auto scores = nlohmann::json::parse(evaluated.out);
    CHECK(scores["accuracy"] == report["test_accuracy"]);
    CHECK(scores["loss"] == report["test_loss"]);
    CHECK(run_gradus("inspect " + run, folder).code == 0);
  }
  CHECK(read_safetensors(folder.path("zca/best.safetensors")).at("preprocessing.matrix").shape() ==
        Shape{784, 1, 28, 28});
}

TEST_CASE("A run with augmentation has the same bits for 1 and 2 threads, and when it is resumed") {
  const TemporaryFolder folder;
  const std::string options =
      "--augment rotate:10,elastic:34/4,noise --preprocess zca:0.1 --balanced --batch-size 10 ";
  trained(options + "--threads 1 --out one", folder);
  trained(options + "--threads 2 --out two", folder);
  CHECK(metric_rows(folder.path("one")) == metric_rows(folder.path("two")));
  CHECK(read_text(folder.path("one/best.safetensors")) ==
        read_text(folder.path("two/best.safetensors")));

  Process stopped(gradus_arguments("train --data digits --limit 300 --epochs 3 --model mlp " +
                                   options + "--out three"),
                  folder.path());
  stopped.wait_for("epoch 1/3");
  stopped.kill(SIGINT);
  stopped.wait();
  if (!std::filesystem::exists(folder.path("three/report.json")))
    REQUIRE(run_gradus("train --resume three --quiet", folder).code == 0);
  CHECK(metric_rows(folder.path("one")) == metric_rows(folder.path("three")));
  CHECK(read_text(folder.path("one/best.safetensors")) ==
        read_text(folder.path("three/best.safetensors")));
}

TEST_CASE("Errors of data options") {
  const TemporaryFolder folder;
  struct Wrong {
    const char *options, *error;
  };
  for (const auto& [options, error] :
       {Wrong{"--data digits --augment flip:1",
              "[flip] probability must be in [0, 1), got '1' at character 6"},
        Wrong{"--data digits --preprocess zca:0",
              "[zca] eps must be positive and finite, got '0' at character 5"},
        Wrong{"--data digits --preprocess pca:800",
              "[pca] components must be 1 to 784, the number of values, got 800"},
        Wrong{"--data moons --augment flip",
              "--augment needs images, but samples of moons are (2)"},
        Wrong{"--data digits --preprocess pca:10 --model cnn",
              "[cnn] 'conv 32 3x3' at character 1, input (10): needs images (C, H, W)"}}) {
    const std::string line = fmt::format("train --limit 20 {}", options);
    CAPTURE(line);
    const Process::Result result = run_gradus(line, folder);
    CHECK(result.code == 2);
    CHECK(result.err == fmt::format("error: {}\n", error));
  }
  CHECK(folder.files() == 0);
}

TEST_CASE("A run can be evaluated on folders of IDX files and on CSV files") {
  const TemporaryFolder folder;
  Bytes labels(20), images(20 * 784);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<uint8_t>(i % 10);
  for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<uint8_t>(i % 251);
  std::filesystem::create_directory(folder.path("idx"));
  for (const std::string part : {"train", "t10k"}) {
    folder.write("idx/" + part + "-images-idx3-ubyte", idx_bytes({20, 28, 28}, images));
    folder.write("idx/" + part + "-labels-idx1-ubyte", idx_bytes({20}, labels));
  }
  std::string table;
  for (int i = 0; i < 100; ++i) table += fmt::format("{},{},{}\n", i % 7, i % 11, i % 2);
  folder.write("table.csv", table);

  trained("--out images", folder);
  REQUIRE(run_gradus("train --data table.csv --epochs 2 --quiet --out numbers", folder).code == 0);
  CHECK(run_gradus("evaluate images --data idx", folder)
            .out.starts_with("idx, 20 test samples: loss "));
  CHECK(run_gradus("evaluate numbers --data table.csv", folder)
            .out.starts_with("table.csv, 100 samples: loss "));
  CHECK(run_gradus("evaluate numbers --data table.csv", folder).err ==
        "80 of 100 samples are training samples of the run\n");
  CHECK(run_gradus("evaluate numbers", folder).out.find(", 20 test samples: loss ") !=
        std::string::npos);
  CHECK(run_gradus("evaluate numbers --data idx", folder).err ==
        "error: --data idx has samples (1, 28, 28) in 10 classes, the run's model needs (2) in "
        "2\n");
  CHECK(run_gradus("evaluate images --data table.csv", folder).err ==
        "error: --data table.csv has samples (2) in 2 classes, the run's model needs (1, 28, 28) "
        "in 10\n");
}
