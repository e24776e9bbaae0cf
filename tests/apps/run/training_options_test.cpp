// Options of training: schedules, gradients, regularization, distillation.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/io/safetensors.hpp"
#include "tests/apps/same_result.hpp"

using namespace gradus;

namespace {

const std::string ruled_run =
    "train --keep-checkpoints --data digits --model mlp --limit 512 --quiet ";

// Interrupts and resumes `stopped`, a training of five epochs; it must end like `whole`.
void check_resumed(const TemporaryFolder& folder, const std::string& whole,
                   const std::string& stopped) {
  REQUIRE(run_gradus(whole + "--out whole", folder).code == 0);
  Process process(gradus_arguments(stopped + "--out stopped"), folder.path());
  process.wait_for("epoch 2/5");
  process.kill(SIGINT);
  const Process::Result interrupted = process.wait();
  REQUIRE_MESSAGE(interrupted.code == 128 + SIGINT, interrupted.err);
  const Process::Result resumed =
      run_gradus("train --keep-checkpoints --quiet --resume stopped", folder);
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  check_same_result(folder, "whole", "stopped");
}

}  // namespace

TEST_CASE("--preview-schedule draws a schedule without training") {
  const TemporaryFolder folder;
  const Process::Result cosine = run_gradus(
      "train --keep-checkpoints --data moons --epochs 36 --batch-size 400 --schedule cosine --lr "
      "0.5 "
      "--preview-schedule",
      folder);
  REQUIRE_MESSAGE(cosine.code == 0, cosine.err);
  CHECK(cosine.out ==
        "cosine, 36 epochs of 2 steps\n"
        "████████████▇▇▇▇▇▇▇▇▇▆▆▆▆▆▆▆▅▅▅▅▅▅▄▄▄▄▄▃▃▃▃▃▃▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁\n"
        "learning rate from 0.5 to 0.000238, minimum 0.000238, maximum 0.5\n"
        "the picture is in schedule.svg\n");
  CHECK(read_text(folder.path("schedule.svg")).starts_with("<svg"));
  const Process::Result cycle = run_gradus(
      "train --keep-checkpoints --data moons --epochs 8 --cycle-momentum --preview-schedule --out "
      "a/b",
      folder);
  REQUIRE_MESSAGE(cycle.code == 0, cycle.err);
  CHECK(
      cycle.out.find("\nmomentum from 0.95 to 0.95, minimum 0.85, maximum 0.95\nthe picture is in "
                     "a/b/schedule.svg\n") != std::string::npos);
  CHECK(!std::filesystem::exists(folder.path("a/b/config.json")));
  const Process::Result chain = run_gradus(
      "train --keep-checkpoints --data moons --epochs 36 --batch-size 400 --lr 0.5 "
      "--preview-schedule "
      "--schedule constant+one-cycle:lr=0.25/cycle-momentum@50%",
      folder);
  REQUIRE_MESSAGE(chain.code == 0, chain.err);
  CHECK(chain.out ==
        "constant+one-cycle:lr=0.25/cycle-momentum@50%, 36 epochs of 2 steps\n"
        "████████████████████████████████████▁▁▁▁▂▂▃▃▄▄▄▄▄▄▄▄▃▃▃▃▃▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁\n"
        "learning rate from 0.5 to 1e-06, minimum 1e-06, maximum 0.5\n"
        "                                    ██████▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇███████████████\n"
        "momentum from 0.95 to 0.95, minimum 0.85, maximum 0.95\n"
        "the picture is in schedule.svg\n");
}

TEST_CASE("Errors of options of training") {
  const TemporaryFolder folder;
  const std::pair<std::string, std::string> cases[] = {
      {"--schedule cosine --gamma 0.5", "[cosine] has no option gamma"},
      {"--schedule cosine --warmup 20", "[schedule] warmup must be 0 to 3 of 4 steps, got 20"},
      {"--schedule multi-step --milestones 3,2",
       "[multi_step] milestones must increase from 1 on, got 2 after 3"},
      {"--schedule multi-step --milestones 3,x",
       "[multi-step] milestones must be whole numbers separated by commas, got 3,x"},
      {"--schedule step --step-size 1.5",
       "--step-size must be a whole number from 1 to 10^9, got '1.5'"},
      {"--schedule reduce-on-plateau --factor 2", "--factor must be in (0, 1), got '2'"},
      {"--schedule constant+cosine@9",
       "[schedule] starts must be below the number of steps, 4, got 9"},
      {"--schedule constant+cosine@2 --gamma 2", "[constant + cosine] has no option gamma"},
      {"--optimizer adagrad --schedule constant+one-cycle:cycle-momentum@2",
       "[adagrad] has no momentum, so it can't be set"},
      {"--schedule cyclic --gamma 2", "[cyclic] gamma must be in (0, 1], got 2"},
      {"--optimizer adagrad --cycle-momentum", "[adagrad] has no momentum, so it can't be set"},
      {"--min-delta 0.1", "--min-delta needs --patience"},
      {"--mixup 0.2 --cutmix 1", "--mixup cannot be combined with --cutmix"},
      {"--temperature 3", "--temperature needs --teacher"},
      {"--teacher-alpha 0.3", "--teacher-alpha needs --teacher"},
      {"--teacher none --label-smoothing 0.1",
       "--teacher cannot be combined with --label-smoothing"},
      {"--teacher none --loss mse", "--teacher needs --loss cross-entropy, got mse"},
      {"--no-test", "--no-test needs --val-split"},
      {"--data moons --cutmix 1", "--cutmix needs images, but samples of moons are (2)"},
      {"--proximal", "--proximal needs --l1 or --l2"},
      {"--penalize 0.*", "--penalize needs --l1 or --l2"},
      {"--l1 1 --penalize 1.*,9.*",
       "[penalized] no parameter matches '9.*', there are 1.bias, 3.bias, 5.bias, 1.weight, "
       "3.weight, 5.weight"},
      {"--smooth-wrong-classes", "--smooth-wrong-classes needs --label-smoothing"},
      {"--clip-norm 0", "--clip-norm must be positive and finite, got '0'"},
      {"--l1 -1", "--l1 must be 0 or more and finite, got '-1'"},
      {"--patience 0", "--patience must be a whole number from 1 to 10^9, got '0'"}};
  for (const auto& [options, error] : cases) {
    const Process::Result result = run_gradus(ruled_run + "--epochs 1 " + options, folder);
    CHECK(result.code == 2);
    CHECK(result.err == "error: " + error + "\n");
  }
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("--accumulate gives the step of a large batch") {
  const TemporaryFolder folder;
  const std::string train = ruled_run + "--epochs 2 --limit 500 --optimizer momentum ";
  REQUIRE(run_gradus(train + "--batch-size 128 --out whole", folder).code == 0);
  const Process::Result parts =
      run_gradus(train + "--batch-size 32 --accumulate 4 --out parts", folder);
  REQUIRE_MESSAGE(parts.code == 0, parts.err);
  const auto whole = read_safetensors(folder.path("whole/best.safetensors"));
  const auto accumulated = read_safetensors(folder.path("parts/best.safetensors"));
  for (std::size_t i = 0; i < whole.tensors.size(); ++i) {
    const auto a = whole.tensors[i].second.to_vector<float>();
    const auto b = accumulated.tensors[i].second.to_vector<float>();
    for (std::size_t j = 0; j < a.size(); ++j) REQUIRE(std::abs(a[j] - b[j]) < 1e-5);
  }
  CHECK(metric_rows(folder.path("parts")).back().starts_with("2,8,"));
}

TEST_CASE("--proximal makes weights exactly 0, and --max-norm limits rows") {
  const TemporaryFolder folder;
  const Process::Result result =
      run_gradus(ruled_run +
                     "--epochs 2 --optimizer sgd --lr 0.1 --schedule constant --l1 0.01 --proximal "
                     "--max-norm 0.3 --out run",
                 folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  const auto saved = read_safetensors(folder.path("run/best.safetensors"));
  const auto weight = std::find_if(saved.tensors.begin(), saved.tensors.end(),
                                   [](const auto& named) { return named.second.rank() == 2; });
  const auto values = weight->second.to_vector<float>();
  CHECK(std::count(values.begin(), values.end(), 0.f) > static_cast<int64_t>(values.size()) / 10);
  const auto columns = static_cast<std::size_t>(weight->second.size(1));
  for (std::size_t row = 0; row < values.size(); row += columns) {
    double square = 0;
    for (std::size_t i = 0; i < columns; ++i) square += values[row + i] * values[row + i];
    REQUIRE(std::sqrt(square) <= 0.3 + 1e-5);
  }
}

TEST_CASE("--penalize chooses the penalized parameters") {
  const TemporaryFolder folder;
  const Process::Result result =
      run_gradus(ruled_run +
                     "--epochs 1 --optimizer sgd --lr 0.1 --schedule constant --l1 0.5 --proximal "
                     "--penalize *.bias,5.weight --out run",
                 folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  for (const auto& named : read_safetensors(folder.path("run/best.safetensors")).tensors) {
    CAPTURE(named.first);
    const auto& [name, tensor] = named;
    const auto values = tensor.to_vector<float>();
    const auto zeros = static_cast<std::size_t>(std::count(values.begin(), values.end(), 0.f));
    if (name.ends_with(".bias") || name == "5.weight")
      CHECK(zeros > values.size() / 2);
    else
      CHECK(zeros == 0);
  }
}

TEST_CASE("With --patience training stops early and the best weights are evaluated") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus(
      "train --keep-checkpoints --data digits --model mlp --limit 256 --epochs 30 --patience 2 "
      "--min-delta 0.5 --out "
      "run",
      folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(result.out.find("\nstopped early: 2 epochs without a higher accuracy\n") !=
        std::string::npos);
  const auto report = json_of_file(folder.path("run/report.json"));
  const auto rows = metric_rows(folder.path("run"));
  CHECK(report["epochs"].get<std::size_t>() + 1 == rows.size());
  CHECK(rows.size() < 10);
  const Process::Result scores = run_gradus("evaluate run --json", folder);
  CHECK(nlohmann::json::parse(scores.out)["accuracy"] == report["test_accuracy"]);
}

TEST_CASE("Mixed samples have the same bits for any number of threads") {
  const TemporaryFolder folder;
  for (const std::string mix : {"--mixup 0.2 ", "--cutmix 1 "}) {
    for (const std::string threads : {"1", "2"})
      REQUIRE(run_gradus(ruled_run + mix + "--epochs 1 --threads " + threads + " --out " + mix[2] +
                             threads,
                         folder)
                  .code == 0);
    check_same_result(folder, std::string{mix[2], '1'}, std::string{mix[2], '2'});
  }
}

TEST_CASE("A resumed run with many options has the same bits, for any number of threads") {
  const TemporaryFolder folder;
  const std::string train =
      "train --keep-checkpoints --data digits --model lenet --batch-size 16 --accumulate 2 "
      "--epochs 5 "
      "--schedule reduce-on-plateau --plateau-patience 0 --threshold 0.3 --warmup 10 "
      "--clip-norm 1 --clip-value 0.5 --clip-adaptive 0.1 --gradient-noise 0.01 --l1 1e-4 --l2 "
      "1e-4 "
      "--proximal --max-norm 2 --patience 3 --min-delta 0.01 --label-smoothing 0.1 "
      "--smooth-wrong-classes ";
  check_resumed(folder, train + "--threads 1 ", train + "--threads 2 ");
}

TEST_CASE("A resumed run with a chain of schedules has the same bits and momentum") {
  const TemporaryFolder folder;
  const std::string schedule =
      "one-cycle:cycle-momentum/max-momentum=0.8/base-momentum=0.5+constant:lr=0.001@30%";
  const std::string train =
      "train --keep-checkpoints --data digits --model lenet --batch-size 16 --epochs 5 "
      "--schedule " +
      schedule + " ";
  check_resumed(folder, train, train);
  CHECK(json_of_file(folder.path("stopped/config.json"))["schedule"] == schedule);
  CHECK(json_of_file(folder.path("stopped/config.json"))["lr"] == 0.001);
}

TEST_CASE("A student learns only from a teacher's outputs, with another normalization") {
  const TemporaryFolder folder;
  REQUIRE(
      run_gradus("train --keep-checkpoints --data digits --epochs 2 --quiet --out teacher", folder)
          .code == 0);
  const Process::Result student = run_gradus(
      ruled_run + "--epochs 6 --teacher teacher --teacher-alpha 0 --temperature 4 --out student",
      folder);
  REQUIRE_MESSAGE(student.code == 0, student.err);
  CHECK(json_of_file(folder.path("student/report.json"))["test_accuracy"] > 0.7);
  CHECK(json_of_file(folder.path("student/config.json"))["teacher"] == folder.path("teacher"));
  const Process::Result other =
      run_gradus("train --keep-checkpoints --data moons --teacher teacher", folder);
  CHECK(other.code == 2);
  CHECK(other.err ==
        "error: [teacher] the data must have samples (1, 28, 28) in 10 classes, got (2) in 2\n");
  CHECK(run_gradus(ruled_run + "--teacher nobody", folder)
            .err.ends_with("nobody: no such run folder\n"));
}
