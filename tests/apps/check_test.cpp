// check_test: gradus check, and --expect of train.
#include <regex>

#include "apps/gradus/check/suite.hpp"
#include "tests/apps/refusal.hpp"

using namespace gradus;
using nlohmann::ordered_json;

namespace {

const std::string small_training = "--data moons --limit 100 --epochs 1 --batch-size 50 --seed 2";

// A suite with one training; `expectations` are members such as "\"losses\": []".
std::string suite(const std::string& expectations, const std::string& train = small_training) {
  return fmt::format(
      R"({{"suite": "small", "trainings": [{{"name": "moons", "train": "{}", {}}}]}})", train,
      expectations);
}

Process::Result check(const TemporaryFolder& folder, const std::string& text,
                      const std::string& options = "") {
  folder.write("suite.json", text);
  return run_gradus("check suite.json " + options, folder);
}

// The only training of suite.json.
ordered_json training(const TemporaryFolder& folder) {
  return ordered_json::parse(read_text(folder.path("suite.json")))["trainings"][0];
}

}  // namespace

TEST_CASE("--expect gives exit code 3 and one line where a bound doesn't hold") {
  const TemporaryFolder folder;
  const std::string line = "train " + small_training + " --quiet --out ";
  const Process::Result fine =
      run_gradus(line +
                     "a --expect test_accuracy>=0.1,epochs=1,test_auc<=1,train_seconds<100,"
                     "classes.1.support>10",
                 folder);
  CHECK(fine.code == 0);
  CHECK(fine.err == "");
  const Process::Result broken =
      run_gradus(line + "b --expect test_accuracy>=0.1,epochs>=2,classes.7.f1>0", folder);
  CHECK(broken.code == 3);
  CHECK(broken.err == "error: expected epochs>=2, got 1; expected classes.7.f1>0, got no number\n");
  CHECK(json_of_file(folder.path("b/report.json"))["epochs"] == 1);
  check_refused(
      folder,
      {{line + "c --expect test_acc>=.9", 2,
        "report.json has no number 'test_acc'; similar names: test_accuracy, test_auc, test_mae, "
        "test_r2, test_loss"},
       {line + "c --expect test_accuracy", 2,
        "--expect must be conditions such as test_accuracy>=.95, with = != < <= > >=; got "
        "'test_accuracy'"},
       {line + "c --expect test_accuracy=>.9", 2,
        "--expect must be conditions such as test_accuracy>=.95, with = != < <= > >=; got "
        "'test_accuracy=>.9'"},
       {line + "c --val-split .1 --no-test --expect test_loss<1", 2,
        "test_loss needs the test set, which --no-test leaves out"}});
}

TEST_CASE("A suite passes or fails by bounds, numbers, losses and weights") {
  const TemporaryFolder folder;
  const Process::Result fine =
      check(folder, suite(R"("expect": {"test_accuracy": ">=0.1, <=1", "epochs": 1, "seed": 2})"));
  CHECK(fine.code == 0);
  CHECK_MESSAGE(std::regex_match(fine.out, std::regex("passed: moons \\(\\d+\\.\\d s\\)\n"
                                                      "1 passed, 0 failed\n")),
                fine.out);
  const Process::Result broken =
      check(folder, suite(R"("expect": {"test_accuracy": ">1", "epochs": 2})"));
  CHECK(broken.code == 3);
  CHECK_MESSAGE(
      std::regex_match(broken.out,
                       std::regex("failed: moons: expected test_accuracy>1, got 0\\.\\d+; expected "
                                  "epochs=2, got 1\n0 passed, 1 failed\n")),
      broken.out);
  const Process::Result waiting = check(folder, suite(R"("losses": [], "weights": null)"));
  CHECK(waiting.out ==
        "failed: moons: the suite has no losses yet; --update writes them; the suite has no hash "
        "of the weights yet; --update writes it\n0 passed, 1 failed\n");
}

TEST_CASE("--update writes numbers, losses and weights, which then notice a change") {
  const TemporaryFolder folder;
  const Process::Result updated =
      check(folder, suite(R"("expect": {"test_loss": 0.5, "test_accuracy": ">=2"}, "weights": null,
                     "losses": "moons.csv", "tolerance": 1e-6)"),
            "--update");
  CHECK(updated.code == 3);  // the bound stays
  const ordered_json json = training(folder);
  const std::string hash = json["weights"];
  CHECK(hash.starts_with("sha256:"));
  CHECK(hash.size() == 7 + 64);
  CHECK(json["expect"]["test_accuracy"] == ">=2");
  CHECK(
      updated.out.starts_with(fmt::format("moons: test_loss: 0.5 → {}\n"
                                          "moons: weights: none → {}\n"
                                          "moons: losses: 0 steps → 2 steps\n"
                                          "failed: moons: expected test_accuracy>=2, got ",
                                          json["expect"]["test_loss"].get<double>(), hash)));
  REQUIRE(run_gradus("train " + small_training + " --quiet --out run", folder).code == 0);
  CHECK(app::weights_hash(folder.path("run/best.safetensors")) == hash);
  CHECK(read_text(folder.path("moons.csv")) == read_text(folder.path("run/steps.csv")));

  // What changes an optimizer by a constant is noticed, with the first step and tensor.
  const std::string text = read_text(folder.path("suite.json"));
  const auto changed = [&](const std::string& options) {
    std::string other = std::regex_replace(text, std::regex("--seed 2"), "--seed 2 " + options);
    other = std::regex_replace(other, std::regex(">=2"), ">=0");
    return check(folder, other);
  };
  CHECK(changed("").code == 0);
  const Process::Result eps = changed("--eps 1e-7");
  CHECK(eps.code == 3);
  CHECK_MESSAGE(
      eps.out.find("; the weights differ: expected " + hash + ", got sha256:") != std::string::npos,
      eps.out);
  CHECK_MESSAGE(eps.out.find("; bit by bit, step 1 differs: 1.weight was ") != std::string::npos,
                eps.out);
  const Process::Result rate = changed("--lr 0.1");
  CHECK_MESSAGE(rate.out.find("step 2 differs: loss was 0.") != std::string::npos, rate.out);
  const Process::Result longer = changed("--epochs 2");
  CHECK_MESSAGE(longer.out.find("; has 4 steps, expected 2") != std::string::npos, longer.out);

  // Another compiler and processor give the same bits.
  ordered_json elsewhere = ordered_json::parse(text);
  elsewhere["made_by"]["compiler"] = "0.1";
  elsewhere["made_by"]["instructions"] = "none";
  elsewhere["trainings"][0]["expect"] = ordered_json::object();
  CHECK(check(folder, elsewhere.dump()).out.find("not compared") == std::string::npos);
  elsewhere["trainings"][0]["weights"] = "sha256:00";
  const Process::Result differs = check(folder, elsewhere.dump());
  CHECK(differs.code == 3);
  CHECK_MESSAGE(
      differs.out.find("the weights differ: expected sha256:00, got " + hash) != std::string::npos,
      differs.out);

  // Weights of other numerics aren't compared, losses are.
  for (const char* key : {"numerics", "products"}) {
    ordered_json other = elsewhere;
    if (std::string_view(key) == "numerics")
      other["made_by"][key] = 1;
    else
      other["made_by"][key] = "OpenBLAS";
    const Process::Result skipped = check(folder, other.dump());
    CHECK(skipped.code == 0);
    CHECK_MESSAGE(
        skipped.out.find("; weights not compared: other numerics, or products by OpenBLAS\n") !=
            std::string::npos,
        skipped.out);
  }
}

TEST_CASE("Losses in the suite itself, options as an object, a filter, the runs, JUnit's XML") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path("data"));
  folder.write("data/toy.csv", "x,y,label\n0,0,0\n1,1,1\n0,1,0\n1,0,1\n0,0,0\n1,1,1\n");
  const std::string text = R"({"suite": "two & more", "trainings": [
    {"name": "object", "train": {"data": "moons", "limit": 64, "epochs": 1, "amsgrad": true},
     "losses": []},
    {"name": "of a file", "train": ["--data", "toy.csv", "--epochs", "1"],
     "expect": {"epochs": ">=2"}}]})";
  folder.write("data/suite.json", text);
  const Process::Result updated = run_gradus("check data/suite.json --update", folder);
  CHECK(updated.code == 3);
  const std::string written = read_text(folder.path("data/suite.json"));
  CHECK_MESSAGE(written.find("\"losses\": [0.") != written.npos, written);
  CHECK(run_gradus("check data/suite.json --filter obj*", folder).code == 0);
  const Process::Result all =
      run_gradus("check data/suite.json --junit out.xml --out runs --quiet --jobs 1", folder);
  CHECK(all.code == 3);
  CHECK(all.out ==
        "failed: of a file: expected epochs>=2, got 1\nthe runs are in runs\n"
        "1 passed, 1 failed\n");
  CHECK(std::filesystem::exists(folder.path("runs/1/002/report.json")));
  const std::string xml = std::regex_replace(read_text(folder.path("out.xml")),
                                             std::regex("time=\"\\d+\\.\\d+\""), "time=T");
  CHECK(xml ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        "<testsuite name=\"two &amp; more\" tests=\"2\" failures=\"1\" time=T>\n"
        "<testcase classname=\"two &amp; more\" name=\"object\" time=T/>\n"
        "<testcase classname=\"two &amp; more\" name=\"of a file\" time=T>"
        "<failure message=\"expected epochs&gt;=2, got 1\"/></testcase>\n"
        "</testsuite>\n</testsuites>\n");
  CHECK(run_gradus("check data/suite.json --out runs", folder).err ==
        "error: runs: already exists; choose another --out\n");
}

TEST_CASE("Errors of suites name the file, the training and the rule") {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& text) {
    const Process::Result result = check(folder, text);
    CHECK(result.code == 1);
    CHECK(result.out == "");
    return result.err;
  };
  const std::string of_file = "error: suite.json: ", of_training = of_file + "training 'moons': ";
  CHECK(error("{\"suite\": \"a\",\n  oops}") == of_file + "no JSON, at line 2, column 3\n");
  CHECK(error("[]") == of_file + "a suite must be an object, got []\n");
  CHECK(error("{}") == of_file + "suite must be a text\n");
  CHECK(error("{\"suite\": \"a\", \"training\": []}") ==
        of_file + "a suite has an unknown member 'training', did you mean 'trainings'?\n");
  CHECK(error("{\"suite\": \"a\", \"made_by\": 1}") == of_file + "made_by must be an object\n");
  CHECK(error("{\"suite\": \"a\", \"trainings\": []}") ==
        of_file + "trainings must be an array of at least one training\n");
  CHECK(error(suite("\"tolerance\": 0")) ==
        of_training + "expects nothing: it needs expect, weights or losses\n");
  CHECK(error(suite("\"tolerance\": -1, \"losses\": []")) ==
        of_training + "tolerance must be a number from 0 on, got -1\n");
  CHECK(error(suite("\"losses\": [1, \"a\"]")) ==
        of_training + "losses must be an array of numbers or the name of a file\n");
  CHECK(error(suite("\"expect\": {\"test_accuracy\": \"high\"}")) ==
        of_training +
            "expect must be conditions such as test_accuracy>=.95, with = != < <= > >=; got "
            "'test_accuracyhigh'\n");
  CHECK(error(suite("\"expect\": {\"test_accuracy\": \">=high\"}")) ==
        of_training +
            "expect must be conditions on numbers, such as test_accuracy>=.95; got "
            "'test_accuracy>=high'\n");
  CHECK(error(suite("\"expect\": {\"test_akkuracy\": 1}")) ==
        of_training +
            "report.json has no number 'test_akkuracy'; similar names: test_accuracy, "
            "test_auc, test_top5_accuracy, test_brier, test_rmse\n");
  CHECK(error(suite("\"losses\": []", small_training + " --out x")) ==
        of_training + "train can't have --out\n");
  CHECK(check(folder, suite("\"losses\": []"), "--filter x").err ==
        "error: no training's name matches --filter x\n");
  CHECK(check(folder, suite("\"losses\": []", "--epoch 1")).out ==
        "failed: moons: unknown option --epoch: did you mean --epochs? see --help all\n"
        "0 passed, 1 failed\n");
  CHECK(run_gradus("check --update", folder).err ==
        "error: --update needs a suite: the built-in one can't be written\n");
}

TEST_CASE("The built-in suite passes, and --print prints it") {
  const TemporaryFolder folder;
  const Process::Result result = run_gradus("check --quiet", folder);
  CHECK_MESSAGE(result.code == 0, result.out);
  CHECK(result.out == "25 passed, 0 failed\n");
  CHECK(run_gradus("check --print", folder).out ==
        read_text(GRADUS_SOURCE "/apps/gradus/check/built_in_suite.json"));
}
