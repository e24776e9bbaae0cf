// gradus train --resume: interrupted, killed and damaged runs.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

#include "tests/apps/same_result.hpp"

using namespace gradus;

namespace {

const std::string small_run =
    "train --keep-checkpoints --data digits --model mlp --limit 256 --batch-size 32 --quiet ";

// Changes one byte in the middle of a file.
void damage(const std::string& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(path) / 2);
  file.seekg(middle);
  const char byte = static_cast<char>(file.get() ^ 1);
  file.seekp(middle);
  file.put(byte);
}

}  // namespace

TEST_CASE("A run that was interrupted and resumed gives the same bits as one that was not") {
  const TemporaryFolder folder;
  const std::string train =
      "train --keep-checkpoints --data digits --model lenet --norm batch --dropout 0.2 "
      "--input-dropout 0.1 "
      "--channel-dropout 0.1 --drop-connect 0.2 --batch-size 32 --epochs 4 "
      "--optimizer nadam --beta1 0.8 --weight-decay 0.01 --no-decay-of-vectors "
      "--group *.weight:lr-factor=0.5 --ema 0.9 ";
  REQUIRE(run_gradus(train + "--out whole", folder).code == 0);
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string run = signal == SIGINT ? "interrupted" : "terminated";
    Process process(gradus_arguments(train + "--out " + run), folder.path());
    process.wait_for(signal == SIGINT ? "samples to train" : "epoch 2/4");
    process.kill(signal);
    const Process::Result stopped = process.wait();
    REQUIRE_MESSAGE(stopped.code == 128 + signal, stopped.err);
    CHECK(stopped.err == "");
    CHECK(stopped.out.find("; gradus train --resume " + run + " continues\n") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path(run + "/report.json")));

    // An unfinished run can be evaluated.
    CHECK(run_gradus("evaluate " + run, folder).code == 0);
    const Process::Result resumed =
        run_gradus("train --keep-checkpoints --quiet --resume " + run, folder);
    REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
    check_same_result(folder, "whole", run);
    CHECK(run_gradus("train --keep-checkpoints --resume " + run, folder).err ==
          "error: " + run + ": the run is finished; --out starts another run\n");
  }
}

TEST_CASE("A second signal ends the program in the middle of a step") {
  const TemporaryFolder folder;
  Process process(gradus_arguments("train --keep-checkpoints --data digits --model cnn "
                                   "--batch-size 1437 --epochs 9 --out run"),
                  folder.path());
  process.wait_for("samples to train");
  // In the first step, which takes much longer than both waits.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  process.kill(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  process.kill(SIGINT);
  CHECK(process.wait().code == 130);
  CHECK_FALSE(std::filesystem::exists(folder.path("run/checkpoint.safetensors")));
}

TEST_CASE("Errors about a damaged or foreign checkpoint name the file") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus("train --keep-checkpoints --data digits --model mlp --limit 64 --epochs 1 "
                     "--quiet --out run",
                     folder)
              .code == 0);
  std::filesystem::remove(folder.path("run/report.json"));
  write_safetensors(folder.path("run/checkpoint.safetensors"), {{"x", Tensor::zeros({1})}});
  CHECK(run_gradus("train --keep-checkpoints --resume run", folder).err ==
        "error: run/checkpoint.safetensors: not a file of gradus train: gradus.training is missing "
        "in its metadata\n");
  folder.write("run/config.json", "{");
  const Process::Result damaged = run_gradus("evaluate run", folder);
  CHECK(damaged.code == 1);
  CHECK_MESSAGE(damaged.err.starts_with("error: run/config.json: "), damaged.err);
}

TEST_CASE("--time-limit and --until-epoch stop a run like a signal") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(small_run + "--epochs 3 --out whole", folder).code == 0);
  const Process::Result first =
      run_gradus(small_run + "--epochs 3 --until-epoch 1 --out run", folder);
  REQUIRE_MESSAGE(first.code == 0, first.err);
  CHECK(first.out ==
        "stopped after step 8, the end of --until-epoch; gradus train --resume run continues\n");
  CHECK(metric_rows(folder.path("run")).size() == 2);
  const Process::Result second =
      run_gradus("train --keep-checkpoints --resume run --time-limit 0.000001s --quiet", folder);
  CHECK(second.code == 0);
  CHECK(second.out ==
        "stopped after step 8, the time limit is reached; gradus train --resume run continues\n");
  REQUIRE(
      run_gradus("train --keep-checkpoints --resume run --quiet --checkpoint-every 0.001s", folder)
          .code == 0);
  check_same_result(folder, "whole", "run");
  CHECK(read_text(folder.path("run/steps.csv")) == read_text(folder.path("whole/steps.csv")));
  CHECK(run_gradus("train --time-limit soon", folder).err ==
        "error: --time-limit must be a time such as 90s, 10m or 1h30m, got 'soon'\n");
}

TEST_CASE("Instead of a damaged checkpoint the one before it is used") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(small_run + "--epochs 3 --out whole", folder).code == 0);
  REQUIRE(run_gradus(small_run + "--epochs 3 --until-epoch 2 --out run", folder).code == 0);
  damage(folder.path("run/checkpoint.safetensors"));
  const Process::Result resumed =
      run_gradus("train --keep-checkpoints --resume run --quiet", folder);
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  CHECK(
      resumed.out.starts_with("run/checkpoint.safetensors: is damaged: the checksum is wrong; "
                              "continuing from the checkpoint before it\n"));
  check_same_result(folder, "whole", "run");

  std::filesystem::remove(folder.path("run/report.json"));
  for (const char* name : {"run/checkpoint.safetensors", "run/checkpoint.previous.safetensors"})
    damage(folder.path(name));
  const Process::Result lost = run_gradus("train --keep-checkpoints --resume run --quiet", folder);
  CHECK(lost.code == 1);
  CHECK(lost.err == "error: run/checkpoint.safetensors: is damaged: the checksum is wrong\n");
}

TEST_CASE("A checkpoint of another model or data set is refused") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(small_run + "--epochs 2 --until-epoch 1 --out run", folder).code == 0);
  REQUIRE(
      run_gradus(small_run + "--epochs 2 --until-epoch 1 --norm batch --out other", folder).code ==
      0);
  std::filesystem::remove(folder.path("run/checkpoint.previous.safetensors"));
  std::filesystem::copy_file(folder.path("other/checkpoint.safetensors"),
                             folder.path("run/checkpoint.safetensors"),
                             std::filesystem::copy_options::overwrite_existing);
  const Process::Result result = run_gradus("train --keep-checkpoints --resume run", folder);
  CHECK(result.code == 1);
  CHECK_MESSAGE(
      result.err.starts_with("error: run/checkpoint.safetensors: belongs to another model: "
                             "{\"model\":\"mlp\",\"norm\":\"batch\""),
      result.err);
}

TEST_CASE("Two programs can't write to the same run") {
  const TemporaryFolder folder;
  Process first(
      gradus_arguments("train --keep-checkpoints --data digits --model cnn --epochs 50 --out run"),
      folder.path());
  first.wait_for("samples to train");
  for (const char* second : {"train --keep-checkpoints --data digits --out run",
                             "train --keep-checkpoints --resume run"}) {
    const Process::Result result = run_gradus(second, folder);
    CHECK(result.code == 1);
    CHECK(result.err == "error: run: another program is writing this run\n");
  }
  first.kill(SIGKILL);
  first.wait();
  const Process::Result resumed =
      run_gradus("train --keep-checkpoints --resume run --quiet --time-limit 0.01s", folder);
  CHECK_MESSAGE(resumed.code == 0, resumed.err);
}

TEST_CASE("If the disk becomes full, the last checkpoint is kept, and the error says so") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(small_run + "--epochs 3 --out whole", folder).code == 0);
  REQUIRE(run_gradus(small_run + "--epochs 3 --until-epoch 1 --out run", folder).code == 0);
  const std::string before = read_text(folder.path("run/checkpoint.safetensors"));
  const Process::Result full =
      Process(gradus_arguments("train --keep-checkpoints --resume run --quiet"), folder.path(),
              3000000)
          .wait();
  CHECK(full.code == 1);
  CHECK(
      full.err ==
      "error: run/checkpoint.next.safetensors: can't write: File too large; gradus train --resume "
      "run continues from the checkpoint of step 8\n");
  CHECK(read_text(folder.path("run/checkpoint.safetensors")) == before);
  REQUIRE(run_gradus("train --keep-checkpoints --resume run --quiet", folder).code == 0);
  check_same_result(folder, "whole", "run");
}

TEST_SUITE("slow") {
  TEST_CASE("A run that is killed at 200 random moments gives the same result") {
    const TemporaryFolder folder;
    const std::string train =
        "train --keep-checkpoints --data digits --model lenet --norm batch --dropout 0.2 --limit "
        "400 --batch-size 16 "
        "--epochs 3 --ema 0.9 --quiet --checkpoint-every 0.005s ";
    REQUIRE(run_gradus(train + "--out whole", folder).code == 0);
    std::mt19937 random(1);
    const auto milliseconds = [&] { return std::chrono::milliseconds(random() % 300); };
    int kills = 0, runs = 0;
    while (kills < 200) {
      const std::string run = fmt::format("run{}", ++runs);
      while (!std::filesystem::exists(folder.path(run + "/report.json"))) {
        const bool begun = std::filesystem::exists(folder.path(run + "/config.json"));
        Process process(
            gradus_arguments(
                begun ? "train --keep-checkpoints --quiet --checkpoint-every 0.005s --resume " + run
                      : train + "--out " + run),
            folder.path());
        std::this_thread::sleep_for(milliseconds());
        process.kill(SIGKILL);
        const Process::Result result = process.wait();
        const bool killed = result.code == 1000 + SIGKILL;
        kills += killed;
        REQUIRE_MESSAGE((killed || result.code == 0), result.err);
      }
      check_same_result(folder, "whole", run);
      CHECK(read_text(folder.path(run + "/steps.csv")) ==
            read_text(folder.path("whole/steps.csv")));
      for (const auto& entry : std::filesystem::directory_iterator(folder.path(run)))
        CHECK_FALSE(entry.path().filename().string().starts_with("."));
    }
  }
}
