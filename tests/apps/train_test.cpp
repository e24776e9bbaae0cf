// gradus train: accuracy, files of a run, averages, pretrained weights.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "layers/norm/normalizations.hpp"
#include "tests/apps/same_result.hpp"
#include "tests/data/files/numpy_files.hpp"

using namespace gradus;

TEST_CASE("Training on the built-in digits reaches 97 %" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus("train --keep-checkpoints --data digits", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(result.err == "");
  const std::string run = folder.path("runs/digits-cnn-bn-1");
  const auto report = json_of_file(run + "/report.json");
  CHECK(report["test_accuracy"] >= 0.97);
  CHECK(report["data"] == "digits");
  CHECK(report["epochs"] == 6);
  CHECK(report["seed"] == 0);
  CHECK(report["parameters"] == 421738);
  CHECK(report["train_seconds"] > 0);
  CHECK(report["test_loss"] > 0);
  const auto& criteria = report["information_criteria"];
  CHECK(criteria["parameters"] == 421738);
  CHECK(criteria["samples"] == 1437);
  CHECK(criteria["log_likelihood"] < 0);
  CHECK(criteria["aic"] == 2 * 421738 - 2 * criteria["log_likelihood"].get<double>());
  CHECK(criteria["bic"] ==
        doctest::Approx(421738 * std::log(1437) - 2 * criteria["log_likelihood"].get<double>()));
  int64_t samples = 0, right = 0;
  const auto& matrix = report["confusion_matrix"];
  for (std::size_t i = 0; i < 10; ++i) {
    right += matrix[i][i].get<int64_t>();
    for (const auto& cell : matrix[i]) samples += cell.get<int64_t>();
  }
  CHECK(samples == 360);
  CHECK(report["test_accuracy"] == static_cast<double>(right) / 360);

  const std::vector<std::string> rows = metric_rows(run);
  REQUIRE(rows.size() == 7);
  CHECK(rows[0] == "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy");
  CHECK(rows[6].starts_with("6,72,"));
  CHECK(read_text(run + "/curves.svg").starts_with("<svg"));
  const auto config = json_of_file(run + "/config.json");
  CHECK(config["model"] == "cnn-bn");
  CHECK(config["lr"] == 0.004);
  CHECK(config["epochs"] == 6);

  // Without a terminal: one plain line for each epoch.
  CHECK(result.out.find("\r") == std::string::npos);
  CHECK(result.out.find("\nepoch 6/6: training loss ") != std::string::npos);
  CHECK(result.out.find("\ntest accuracy 9") != std::string::npos);
  CHECK(result.out.ends_with("the run is in runs/digits-cnn-bn-1\n"));
}

TEST_CASE("Progress is as wide as COLUMNS, and a dumb terminal gets plain lines") {
  const TemporaryFolder folder;
  const auto on_terminal = [&](const std::string& environment) {
    const std::string command = fmt::format(
        "script -qec '{} {} train --data moons --model mlp --epochs 1 --out {}' /dev/null",
        environment, GRADUS_PROGRAM, environment.substr(5, 4));
    const Process::Result result = Process({"/bin/sh", "-c", command}, folder.path()).wait();
    REQUIRE_MESSAGE(result.code == 0, result.out);
    return result.out;
  };
  const std::string redrawn = on_terminal("TERM=xterm COLUMNS=50");
  const std::size_t begin = redrawn.find("\r\x1b[Kepoch 1/1 ");
  REQUIRE(begin != std::string::npos);
  const std::size_t end = redrawn.find("\r\x1b[K", begin + 1);
  CHECK(end - begin - 4 == 49);
  const std::string plain = on_terminal("TERM=dumb COLUMNS=50");
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(plain.find("\nepoch 1/1: training loss ") != std::string::npos);
}

TEST_CASE("evaluate gives the scores of a run's report") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus("train --keep-checkpoints --data digits --model mlp --limit 256 --epochs 2 "
                     "--val-split 0.25 "
                     "--out run",
                     folder)
              .code == 0);
  const auto report = json_of_file(folder.path("run/report.json"));
  CHECK(report["best_epoch_chosen_on"] == "validation");
  const Process::Result json = run_gradus("evaluate run --json", folder);
  REQUIRE_MESSAGE(json.code == 0, json.err);
  const auto scores = nlohmann::json::parse(json.out);
  CHECK(scores["accuracy"] == report["test_accuracy"]);
  CHECK(scores["loss"] == report["test_loss"]);
  CHECK(scores["confusion_matrix"] == report["confusion_matrix"]);
  const Process::Result text = run_gradus("evaluate run", folder);
  CHECK(text.out.starts_with("digits, 360 test samples: loss "));
  CHECK(run_gradus("evaluate run --data moons", folder).err ==
        "error: --data moons has samples (2) in 2 classes, the run's model needs (1, 28, 28) in "
        "10\n");
}

TEST_CASE("A run gives the same bits for any number of threads, and others for another seed") {
  const TemporaryFolder folder;
  const std::string train =
      "train --keep-checkpoints --data digits --model lenet --norm batch --dropout 0.2 "
      "--input-dropout 0.1 "
      "--channel-dropout 0.1 --drop-connect 0.2 --limit 500 --epochs 2 --quiet ";
  REQUIRE(run_gradus(train + "--threads 1 --out one", folder).code == 0);
  REQUIRE(run_gradus(train + "--threads 2 --out two", folder).code == 0);
  REQUIRE(run_gradus(train + "--threads 2 --seed 1 --out other", folder).code == 0);
  check_same_result(folder, "one", "two");
  CHECK(metric_rows(folder.path("one")) != metric_rows(folder.path("other")));
}

TEST_CASE("Averaged weights are evaluated and saved, and don't change the training") {
  const TemporaryFolder folder;
  const std::string train =
      "train --keep-checkpoints --data digits --model mlp-bn --limit 300 --batch-size 32 --epochs "
      "3 --val-split 0.2 "
      "--quiet ";
  REQUIRE(run_gradus(train + "--out plain", folder).code == 0);
  REQUIRE(run_gradus(train + "--ema 0.9 --out ema", folder).code == 0);
  REQUIRE(run_gradus(train + "--swa 2 --out swa", folder).code == 0);
  const auto column = [&](const std::string& run, int epoch, int index) {
    std::istringstream cells(metric_rows(folder.path(run)).at(static_cast<std::size_t>(epoch)));
    std::string cell;
    for (int i = 0; i <= index; ++i) std::getline(cells, cell, ',');
    return cell;
  };
  constexpr int train_loss = 3, val_loss = 5;
  for (int epoch = 1; epoch <= 3; ++epoch) {
    CAPTURE(epoch);
    for (const char* run : {"ema", "swa"})
      CHECK(column(run, epoch, train_loss) == column("plain", epoch, train_loss));
    CHECK(column("ema", epoch, val_loss) != column("plain", epoch, val_loss));
    // The mean over one epoch equals its weights.
    CHECK((column("swa", epoch, val_loss) != column("plain", epoch, val_loss)) == (epoch == 3));
  }
  const auto scores = nlohmann::json::parse(run_gradus("evaluate ema --json", folder).out);
  CHECK(scores["loss"] == json_of_file(folder.path("ema/report.json"))["test_loss"]);
}

TEST_CASE("A run starts from pretrained weights, and can be resumed without their file") {
  const TemporaryFolder folder;
  const std::string train =
      "train --keep-checkpoints --data digits --model mlp --limit 256 --epochs 1 --quiet ";
  REQUIRE(run_gradus(train + "--init orthogonal:gain=relu+lsuv --out first", folder).code == 0);
  const Process::Result second =
      run_gradus(train +
                     "--optimizer sgd --schedule constant --lr 1e-9 --init "
                     "zeros+pretrained:first/best.safetensors --out second",
                 folder);
  REQUIRE_MESSAGE(second.code == 0, second.err);
  const auto accuracy = [&](const std::string& run) {
    return json_of_file(folder.path(run + "/report.json"))["test_accuracy"].get<double>();
  };
  CHECK(accuracy("second") == accuracy("first"));

  std::filesystem::remove_all(folder.path("first"));
  std::filesystem::remove(folder.path("second/report.json"));
  const Process::Result resumed =
      run_gradus("train --keep-checkpoints --quiet --resume second", folder);
  CHECK_MESSAGE(resumed.code == 0, resumed.err);
}

TEST_CASE("Built-in tables, toy sets of numbers and arrays of NumPy can be trained") {
  const TemporaryFolder folder;
  std::vector<float> rows;
  for (int i = 0; i < 60; ++i) rows.push_back(0.5f * static_cast<float>(i % 7));
  folder.write("rows.npy", npy_bytes<float>("<f4", "20, 3", rows));
  for (const std::string name :
       {"iris", "wine", "breast_cancer", "diabetes", "sine", "friedman1", "rows.npy"}) {
    CAPTURE(name);
    const Process::Result result =
        run_gradus("train --quiet --epochs 1 --data " + name + " --out run-" + name, folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const auto report = json_of_file(folder.path("run-" + name + "/report.json"));
    const bool has_classes = name == "iris" || name == "wine" || name == "breast_cancer";
    CHECK(report.contains(has_classes ? "test_accuracy" : "test_rmse"));
  }
}

TEST_CASE("Every toy data set can be learned with the defaults" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  for (const std::string name : {"moons", "circles", "spirals", "blobs", "xor"}) {
    CAPTURE(name);
    const Process::Result result =
        run_gradus("train --keep-checkpoints --quiet --data " + name, folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(json_of_file(folder.path("runs/" + name + "-mlp-1/report.json"))["test_accuracy"] > 0.8);
  }
}

TEST_SUITE("slow") {
  TEST_CASE("The named models reach their accuracy on MNIST") {
    const char* mnist = std::getenv("GRADUS_MNIST_DIR");
    if (!mnist) return;
    struct Goal {
      std::string model;
      int epochs;
      double accuracy;
    };
    for (const Goal& goal :
         {Goal{"lenet", 3, 0.987}, Goal{"mlp", 5, 0.978}, Goal{"cnn-bn", 1, 0.985}}) {
      CAPTURE(goal.model);
      const auto& [model, epochs, accuracy] = goal;
      const TemporaryFolder folder;
      const Process::Result result = run_gradus(
          fmt::format(
              "train --keep-checkpoints --data mnist --data-dir {} --model {} --epochs {} --quiet "
              "--out run",
              mnist, model, epochs),
          folder);
      REQUIRE_MESSAGE(result.code == 0, result.err);
      CHECK(json_of_file(folder.path("run/report.json"))["test_accuracy"] >= accuracy);
    }
  }

  TEST_CASE("Every normalization trains the two-convolution network on MNIST") {
    const char* mnist = std::getenv("GRADUS_MNIST_DIR");
    if (!mnist) return;
    std::vector<std::string> norms{"group:8+weight-std", "layer+weight-std"};
    for (const auto& entry : layers::normalizations().entries()) norms.push_back(entry.name);
    for (const auto& entry : layers::weight_normalizations().entries()) norms.push_back(entry.name);
    for (const std::string& norm : norms) {
      CAPTURE(norm);
      const bool coarse = norm.starts_with("cosine") || norm == "weight-whiten";
      const TemporaryFolder folder;
      const Process::Result result =
          run_gradus(fmt::format("train --keep-checkpoints --data mnist --data-dir {} --model "
                                 "lenet --norm {} --epochs 2 --quiet "
                                 "--out run",
                                 mnist, norm),
                     folder);
      REQUIRE_MESSAGE(result.code == 0, result.err);
      CHECK(json_of_file(folder.path("run/report.json"))["test_accuracy"] >=
            (coarse ? 0.975 : 0.983));
    }
  }
}
