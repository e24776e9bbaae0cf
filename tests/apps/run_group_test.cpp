// run_group_test: --folds and --seeds of train, and what compare says about several runs.
#include <cmath>

#include "core/io/safetensors.hpp"
#include "core/statistics.hpp"
#include "tests/apps/refusal.hpp"

using namespace gradus;
using nlohmann::json;

namespace {

const std::string group_line = "train --data digits --model mlp --limit 300 --epochs 1 ";

double test_accuracy(const TemporaryFolder& folder, const std::string& run) {
  return json_of_file(folder.path(run + "/report.json"))["test_accuracy"];
}

// Checks the report of a group with these runs.
void check_report(const TemporaryFolder& folder, const std::vector<std::string>& runs) {
  const json report = json_of_file(folder.path("group/report.json"));
  CHECK(report["runs"] == runs);
  std::vector<double> values;
  for (const std::string& run : runs) values.push_back(test_accuracy(folder, "group/" + run));
  const Estimate mean = estimate(values);
  CHECK(report["test_accuracy"] == mean.mean);
  CHECK(report["test_accuracy_deviation"] == mean.spread);
  const Interval interval = interval_of_mean(mean);
  CHECK(report["test_accuracy_interval"] == std::vector<double>{interval.low, interval.high});
  CHECK(report.contains("test_auc_interval"));
  CHECK(!report.contains("seed"));
}

}  // namespace

TEST_CASE("--seeds trains runs with different seeds, each like a run of its own") {
  const TemporaryFolder folder;
  const Process::Result result =
      run_gradus(group_line + "--seeds 3 --jobs 2 --threads 2 --out group", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(result.out.starts_with("digits: 3 seeds of mlp; into group\nseed-"));
  check_report(folder, {"seed-1", "seed-2", "seed-3"});
  REQUIRE(run_gradus(group_line + "--seed 2 --quiet --out alone", folder).code == 0);
  CHECK(read_text(folder.path("alone/best.safetensors")) ==
        read_text(folder.path("group/seed-2/best.safetensors")));
  CHECK(read_text(folder.path("group/report.html")).find("<h1>3 seeds of mlp on digits</h1>") !=
        std::string::npos);
  CHECK(!std::filesystem::exists(folder.path("group/seed-2.txt")));

  // What is missing is trained again.
  std::filesystem::remove_all(folder.path("group/seed-3"));
  const Process::Result resumed = run_gradus("train --resume group --quiet", folder);
  REQUIRE_MESSAGE(resumed.code == 0, resumed.err);
  check_report(folder, {"seed-1", "seed-2", "seed-3"});

  const Process::Result others = run_gradus(
      group_line + "--seed 5 --seeds 2 --quiet --out others --expect test_accuracy>=2", folder);
  CHECK(others.code == 3);
  CHECK(std::filesystem::exists(folder.path("others/seed-6/report.json")));
}

TEST_CASE("Without a test set a group has the scores of its validation sets, and no others") {
  const TemporaryFolder folder;
  const std::string line = group_line + "--val-split 0.2 --no-test ";
  for (const std::string kind : {"seed", "fold"}) {
    CAPTURE(kind);
    const Process::Result result =
        run_gradus(fmt::format("{}--{}s 2 --out {}s", line, kind, kind), folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK_MESSAGE(result.out.find("nan") == std::string::npos, result.out);
    std::vector<double> values;
    for (const std::string run : {"1", "2"}) {
      CHECK(result.out.find(fmt::format("{}-{}: validation accuracy ", kind, run)) !=
            std::string::npos);
      const auto lines =
          lines_of(read_text(folder.path(kind + "s/" + kind + "-" + run + "/metrics.csv")));
      REQUIRE(lines.size() == 2);
      const auto names = split(lines[0], ','), cells = split(lines[1], ',');
      REQUIRE(names.at(6) == "val_accuracy");
      values.push_back(std::stod(std::string(cells.at(6))));
    }
    const Estimate mean = estimate(values);
    const json report = json_of_file(folder.path(kind + "s/report.json"));
    CHECK(report["val_accuracy"] == mean.mean);
    CHECK(report["val_accuracy_deviation"] == mean.spread);
    CHECK(report.contains("val_loss_interval"));
    CHECK(!report.contains("test_accuracy"));
    CHECK(result.out.find(fmt::format("\nvalidation accuracy {:.2f} % (deviation ",
                                      100 * mean.mean)) != std::string::npos);
    CHECK(read_text(folder.path(kind + "s/report.html")).find("<td>val_accuracy</td>") !=
          std::string::npos);
  }
  const Process::Result untrained =
      run_gradus(line + "--epochs 0 --seeds 2 --out untrained", folder);
  REQUIRE_MESSAGE(untrained.code == 0, untrained.err);
  CHECK(untrained.out.find("\nseed-1: trained\n") != std::string::npos);
  CHECK(untrained.out.ends_with("\nthe runs are in untrained\n"));
}

TEST_CASE("--folds tests each run on another stratified part of the training set") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus(group_line + "--folds 3 --quiet --out group", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  check_report(folder, {"fold-1", "fold-2", "fold-3"});
  int64_t samples = 0;
  std::vector<int64_t> support(10);
  for (const char* fold : {"fold-1", "fold-2", "fold-3"}) {
    const json report = json_of_file(folder.path(std::string("group/") + fold + "/report.json"));
    for (std::size_t label = 0; label < 10; ++label) {
      const int64_t count = report["classes"][label]["support"];
      samples += count;
      support[label] += count;
      CHECK(std::abs(count - report["classes"][label]["support"].get<int64_t>()) <= 1);
    }
  }
  CHECK(samples == 300);
  CHECK(run_gradus("replay group/fold-2 --quiet", folder).code == 0);
  check_refused(
      folder,
      {{"train --data digits --limit 60 --folds 10", 2,
        "10 folds need 10 samples of every class, class 0 has 8"},
       {"train --data digits --fold 3/2", 2,
        "--fold must be I/K with I from 1 to K and K from 2 on, got '3/2'"},
       {"train --data digits --folds 3 --seeds 2", 2, "--seeds cannot be combined with --folds"},
       {"train --data digits --seeds 2 --jobs 3 --threads 2 --out none", 2,
        "--jobs must be at most --threads (2), got 3"},
       {"train --data digits --jobs 2", 2, "--jobs needs --folds or --seeds or --resume"},
       {group_line + "--folds 3 --out group", 1,
        "group: already contains group.json; choose another --out"}});
  CHECK(!std::filesystem::exists(folder.path("none")));
}

TEST_CASE("A group whose runs fail says which, and keeps the others") {
  const TemporaryFolder folder;
  const Process::Result result =
      run_gradus(group_line + "--optimizer sgd --lr 1e30 --seeds 2 --quiet --out group", folder);
  CHECK(result.code == 1);
  CHECK_MESSAGE(result.err.starts_with("error: group/seed-1: the loss is "), result.err);
  CHECK_MESSAGE(result.err.ends_with("; gradus train --resume group trains what is missing\n"),
                result.err);
  CHECK(!std::filesystem::exists(folder.path("group/report.json")));
}

TEST_CASE("predict averages the probabilities of a group's runs") {
  const TemporaryFolder folder;
  REQUIRE(run_gradus(group_line + "--seeds 2 --quiet --out group", folder).code == 0);
  const auto probabilities = [&](const std::string& run) {
    const Process::Result result =
        run_gradus("predict " + run + " " TEST_DATA "/drawn/2.png --top 10 --json", folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    std::vector<double> values(10);
    const json pictures = json::parse(result.out);
    for (const json& one : pictures[0]["classes"])
      values[one["class"].get<std::size_t>()] = one["probability"];
    return values;
  };
  const std::vector<double> a = probabilities("group/seed-1"), b = probabilities("group/seed-2"),
                            both = probabilities("group");
  for (std::size_t i = 0; i < 10; ++i)
    CHECK(both[i] == doctest::Approx((a[i] + b[i]) / 2).epsilon(1e-12));
  CHECK(run_gradus("predict group " TEST_DATA "/drawn/2.png --uncertainty 5", folder).err ==
        "error: --uncertainty needs a single run, but group has 2\n");
}

TEST_CASE("compare judges two runs by McNemar's test and groups of seeds by Welch's interval") {
  const TemporaryFolder folder;
  for (const char* run : {"a1", "a2", "b1", "b2"})
    REQUIRE(run_gradus(fmt::format("{} {} --seed {} --quiet --out {}", group_line,
                                   run[0] == 'a' ? "" : "--lr 1e-5", run[1], run),
                       folder)
                .code == 0);
  const Process::Result two = run_gradus("compare a1 b1", folder);
  CHECK_MESSAGE(two.out.find("\nOf 360 test samples, only the first run has ") != std::string::npos,
                two.out);
  CHECK(two.out.find(" (McNemar's exact test), more than chance.\nscore ") != std::string::npos);
  const Process::Result same = run_gradus("compare a1 a1", folder);
  CHECK(same.out.find("only the first run has 0 right, only the second 0: p = 1 (McNemar's exact "
                      "test), may be chance.\n") != std::string::npos);
  const Process::Result four = run_gradus("compare a1 a2 b1 b2", folder);
  CHECK(four.out.find("First: a1, a2. Second: b1, b2.\nscore ") != std::string::npos);
  CHECK(four.out.find("\naccuracy ") != std::string::npos);
  CHECK(run_gradus("compare a1 a2 b1", folder).out.find("score ") == std::string::npos);
}

TEST_CASE("compare names a test.safetensors that no run writes") {
  const TemporaryFolder folder;
  for (const char* run : {"a", "b"})
    REQUIRE(run_gradus(fmt::format("{} --quiet --out {}", group_line, run), folder).code == 0);
  const std::string path = folder.path("b/test.safetensors");
  const SafetensorsFile file = read_safetensors(path);
  const auto error = [&] {
    const Process::Result result = run_gradus("compare a b", folder);
    CHECK(result.code == 1);
    return result.err;
  };
  const auto error_with = [&](const char* name, const Tensor& tensor) {
    NamedTensors tensors = file.tensors;
    std::ranges::find(tensors, name, &NamedTensors::value_type::first)->second = tensor;
    write_safetensors(path, tensors);
    return error();
  };
  const std::string start = "error: b/test.safetensors: ";
  CHECK(error_with("predictions", Tensor::zeros({1})).starts_with(start + "[mcnemar] "));
  const Tensor no_class = Tensor::full(file.at("targets").shape(), 10, DType::i64);
  CHECK(error_with("targets", no_class).starts_with(start + "[log_loss] classes must be 0 to 9"));
  CHECK(error_with("probabilities", file.at("probabilities") * 2)
            .starts_with(start + "[log_loss] probability "));
  write_safetensors(path, {{"targets", file.at("targets")}});
  CHECK(error().starts_with(start));
  folder.write("b/test.safetensors", "cut");
  CHECK(error().starts_with(start));
}
