// gradus search: trials, results, errors, interruption.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

const std::string small_search =
    "search --data digits --model mlp --limit 120 --epochs 2 --budget 4 --threads 1 --quiet ";

}  // namespace

TEST_CASE("A search trains and saves its trials and evaluates only the best on the test set") {
  const TemporaryFolder folder;
  const Process::Result result =
      run_gradus(small_search + "--space lr=log(1e-5,1e-2),batch=[8,32] --out search", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(result.err == "");
  const std::vector<std::string> rows = lines_of(read_text(folder.path("search/trials.csv")));
  REQUIRE(rows.size() == 5);
  CHECK(rows[0] == "trial,val_accuracy,epochs,lr,batch,error");
  std::size_t best = 1;
  const auto accuracy = [&](std::size_t trial) {
    return std::stod(rows[trial].substr(rows[trial].find(',') + 1));
  };
  for (std::size_t trial = 1; trial <= 4; ++trial) {
    if (accuracy(trial) > accuracy(best)) best = trial;
    const std::string run = folder.path("search/trials/000" + std::to_string(trial));
    // The value is that of the best epoch on the validation set; the test set isn't used.
    const std::vector<std::string> epochs = metric_rows(run);
    REQUIRE(epochs.size() == 3);
    double highest = 0;
    for (const std::string& epoch : {epochs[1], epochs[2]})
      highest = std::max(highest, std::stod(epoch.substr(epoch.rfind(',') + 1)));
    CHECK(accuracy(trial) == highest);
    const auto config = json_of_file(run + "/config.json");
    CHECK(config["val_split"] == 0.1);
    CHECK(config["limit"] == 120);
    CHECK(rows[trial].find("," + std::to_string(config["batch_size"].get<int>()) + ",") !=
          std::string::npos);
    CHECK(!json_of_file(run + "/report.json").contains("test_accuracy"));
    CHECK(read_text(run + "/output.txt").find("validation accuracy") != std::string::npos);
  }
  const auto test = json_of_file(folder.path("search/test.json"));
  const Process::Result again =
      run_gradus("evaluate search/trials/000" + std::to_string(best) + " --json", folder);
  CHECK(nlohmann::json::parse(again.out) == test);
  CHECK(result.out.starts_with("the best of 4 trials is " + std::to_string(best) + ": val_acc"));
  CHECK(result.out.find("gradus train --data=digits --limit=120 --model=mlp --epochs=2 "
                        "--val-split=0.1 --seed=0 --lr=") != std::string::npos);
  for (const char* picture : {"best.svg", "trials.svg", "importance.svg"}) {
    const std::string svg = read_text(folder.path(std::string("search/") + picture));
    CHECK(svg.starts_with("<svg"));
    CHECK(read_text(folder.path("search/search.html")).find(svg) != std::string::npos);
  }
}

TEST_CASE("The train command that a search prints repeats its best trial") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus(
      small_search +
          "--space lr=log(1e-4,1e-2),norm=[none,batch] --method random --no-test --out search",
      folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(!std::filesystem::exists(folder.path("search/test.json")));
  const std::size_t begin = result.out.find("train --");
  const std::string line = result.out.substr(begin, result.out.find('\n', begin) - begin);
  REQUIRE(run_gradus(line + " --out again", folder).code == 0);
  const std::string number = result.out.substr(result.out.find("trials is ") + 10, 1);
  CHECK(metric_rows(folder.path("again")) ==
        metric_rows(folder.path("search/trials/000" + number)));
}

TEST_CASE("In a search, given and searched options override a preset") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus(
      small_search + "--preset mnist-fast --space lr=[1e-3],batch=[16] --method grid --out search",
      folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  const auto config = json_of_file(folder.path("search/trials/0001/config.json"));
  CHECK(config["beta1"] == 0.7);    // of the preset
  CHECK(config["model"] == "mlp");  // given, like the data and epochs
  CHECK(config["lr"] == 1e-3);      // searched, like the batch
  CHECK(config["batch_size"] == 16);
  CHECK(config["val_split"] == 0.1);
}

TEST_CASE("Errors of search come before any trial") {
  const TemporaryFolder folder;
  folder.write("space.txt", "# a comment\nlr = log(0.1, 1)\nlrr = [1]\n");
  const auto check = [&](const std::string& arguments, const std::string& error) {
    const Process::Result result = run_gradus(small_search + "--out search " + arguments, folder);
    CHECK(result.err == "error: " + error + "\n");
    CHECK(result.code == 2);
    CHECK(result.out == "");
    CHECK(!std::filesystem::exists(folder.path("search")));
  };
  check("", "search needs --space, as in --space 'lr=log(1e-4,1), batch=[32,64,128]'");
  check("--space x=[a,,b]", "[search_space] at 'x=[a,,b]': value 2 of the list is empty");
  check("--space lr=log(0,1)",
        "[search_space] at 'lr=log(0,1)': log needs 0 < low < high, got 0 and 1");
  check("--space space.txt", "at lr=0.1: unknown option --lrr: did you mean --lr? see --help all");
  check("--space lr=uniform(-1,1)", "at lr=-1: --lr must be positive and finite, got '-1'");
  check("--space lr=log(0.1,1) --lr 0.1", "lr can't be searched: --lr is given");
  check("--space batch=[8,9],batch_size=[3]",
        "batch_size is --batch-size, which is already searched");
  check("--space epochs=[1,2]", "epochs can't be searched: --epochs is the same for all trials");
  check("--space optimizer=[adam,sgd],momentum=[0,0.9]",
        "at optimizer=adam: [adam] has no option momentum");
  check("--space lr=[1] --method grod --metric val-loss",
        "unknown search method 'grod': did you mean grid?");
  check("--space lr=[1] --metric acc",
        "unknown metric 'acc': one of val-rmse, val-loss, val-accuracy");
  check("--space lr=[1] --method grid --population 3", "[grid] has no option population");
  check("--space lr=[1] --val-split 0",
        "search needs a validation set: --val-split must be above 0, got 0");
  check("--space lr=[1] --median-stopping --method halving",
        "--median-stopping cannot be combined with --method halving");
  check("--space lr=log(1e-3,1) --method nas",
        "[nas] only lists and whole numbers of up to 1000 values are supported, lr has more");
  check("--space lr=[1] --jobs 2", "--jobs must be at most --threads (1), got 2");
  check("--space lr=[1] more", "unexpected 'more': search only takes options");
  CHECK(run_gradus(small_search + "--space lr=[1],norm=[none,groop]", folder)
            .err.starts_with(
                "error: at norm=groop: unknown normalization 'groop': did you mean group?"));
}

TEST_CASE("Failed trials are listed, and a search fails only if all trials fail") {
  const TemporaryFolder folder;
  const Process::Result some =
      run_gradus(small_search + "--space lr=[1e30,1e-3,1e31] --method grid --out some", folder);
  CHECK(some.code == 0);
  CHECK(some.out.starts_with("the best of 3 trials is 2: "));
  CHECK(some.out.find("2 trials failed; the first error: the validation loss is NaN") !=
        std::string::npos);
  const std::string page = read_text(folder.path("some/search.html"));
  CHECK(page.find("<caption>Failed trials</caption>") != std::string::npos);
  CHECK(page.find("<td>1e31</td><td>the validation loss is NaN") != std::string::npos);
  CHECK(page.find("<pre>the best of 3 trials is 2: ") != std::string::npos);
  const std::string table = read_text(folder.path("some/trials.csv"));
  CHECK(table.find("\n1,,0,1e30,\"the validation loss is NaN") != std::string::npos);
  const Process::Result all =
      run_gradus(small_search + "--space lr=[1e30,1e31] --method grid --out all", folder);
  CHECK(all.code == 1);
  CHECK(all.err.starts_with(
      "error: all 2 trials failed; the first error: the validation loss is NaN"));
  CHECK(all.out == "");
}

TEST_CASE("A search that was killed and resumed gives the same result" *
          doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const std::string search =
      "search --data digits --model mlp --limit 120 --epochs 4 --budget 4 --threads 1 --quiet "
      "--space lr=log(1e-5,1e-2),batch=[8,32] --method halving --eta 2 ";
  REQUIRE(run_gradus(search + "--out whole", folder).code == 0);
  std::string command = search + "--out killed";
  for (const int milliseconds : {150, 250, 350, 450}) {
    Process process(gradus_arguments(command), folder.path());
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    process.kill(milliseconds % 100 == 50 && milliseconds > 300 ? SIGTERM : SIGKILL);
    process.wait();
    if (std::filesystem::exists(folder.path("killed/search.json")))
      command = "search --quiet --threads 1 --resume killed";
  }
  const Process::Result last = run_gradus(command, folder);
  CHECK_MESSAGE(last.code == 0, last.err);
  CHECK(read_text(folder.path("killed/trials.csv")) == read_text(folder.path("whole/trials.csv")));
  // Trials were continued from their checkpoints.
  CHECK(read_text(folder.path("whole/trials.csv")).find(",4,") != std::string::npos);
}

TEST_CASE("Ctrl-C stops the trials of a search, which prints how to resume it") {
  const TemporaryFolder folder;
  Process process(gradus_arguments("search --data digits --model mlp --epochs 300 --budget 2 "
                                   "--space lr=[1e-3,1e-4] --method grid --jobs 2 --out search"),
                  folder.path());
  process.wait_for("into search");
  while (!std::filesystem::exists(folder.path("search/trials/0002/metrics.csv")))
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  process.kill(SIGINT);
  const Process::Result result = process.wait();
  CHECK(result.code == 130);
  CHECK(result.out.ends_with("stopped; gradus search --resume search continues\n"));
  CHECK(read_text(folder.path("search/trials/0001/output.txt")).find("stopped after step") !=
        std::string::npos);
  CHECK(read_text(folder.path("search/trials.csv")).find("not finished") != std::string::npos);
  CHECK(run_gradus("search --resume search --lr 1", folder).err ==
        "error: --lr cannot be combined with --resume: a resumed search keeps its options\n");
}

TEST_CASE("Folders without a search, or with another one, are refused") {
  const TemporaryFolder folder;
  folder.write("search.json", "{\"plan\":");
  const Process::Result damaged = run_gradus("search --resume .", folder);
  CHECK(damaged.code == 1);
  CHECK(damaged.err.starts_with("error: ./search.json: no JSON, at line 1"));
  CHECK(run_gradus("search --resume nowhere", folder).err ==
        "error: nowhere: not a search folder: it has no readable search.json\n");
  CHECK(run_gradus(small_search + "--space lr=[1] --out .", folder).err ==
        "error: .: already contains a search; choose another --out, or continue with --resume .\n");
}

TEST_CASE("Median stopping ends trials that are worse than most" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus(
      "search --data digits --model mlp --limit 300 --epochs 6 --budget 8 --method grid --quiet "
      "--space lr=[1e-3,2e-3,3e-3,4e-3,5e-3,1e-8,1e-9,6e-3] --median-stopping --out search",
      folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  const auto rows = lines_of(read_text(folder.path("search/trials.csv")));
  CHECK(rows[6].find(",1,1e-8,") != std::string::npos);  // after one epoch
  CHECK(rows[1].find(",6,1e-3,") != std::string::npos);
}

TEST_CASE("Networks can be searched by any method" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  for (const std::string method : {"nas", "evolution", "random"}) {
    const Process::Result result = run_gradus(
        "search --data digits --limit 200 --epochs 1 --budget 4 --quiet --jobs 2 --space "
        "model=network(3,10),batch=[16,32] --method " +
            method + " --out " + method,
        folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const auto rows = lines_of(read_text(folder.path(method + "/trials.csv")));
    REQUIRE(rows.size() == 5);
    CHECK(rows[0] == "trial,val_accuracy,epochs,model,batch,error");
    CHECK(rows[1].find(",\"conv ") != std::string::npos);
    for (std::size_t i = 1; i < rows.size(); ++i) CHECK(rows[i].ends_with(","));
  }
}

TEST_CASE("No configuration is trained twice, and a search ends when its space is exhausted") {
  const TemporaryFolder folder;
  for (const std::string method : {"random", "bayes", "evolution", "nas"}) {
    CAPTURE(method);
    const Process::Result result = run_gradus(
        "search --data moons --model mlp --epochs 1 --space batch=[16,32] --budget 8 --method " +
            method + " --out " + method,
        folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    CHECK(result.out.find(
              "\nthe search ends before --budget 8: the space has only 2 configurations\n") !=
          std::string::npos);
    CHECK(lines_of(read_text(folder.path(method + "/trials.csv"))).size() == 3);
  }
}
