// runs_test: gradus runs and gradus compare.
#include <doctest/doctest.h>

#include "apps/gradus/run/run_summary.hpp"
#include "tests/apps/refusal.hpp"

using namespace gradus;
using nlohmann::json;

namespace {

// Writes the files of a run; without a test accuracy it isn't finished.
void write_run(const TemporaryFolder& folder, const std::string& name, const std::string& model,
               double lr, const std::vector<double>& val_accuracy,
               std::optional<double> test_accuracy = {}) {
  std::filesystem::create_directories(folder.path(name));
  folder.write(name + "/config.json", json{{"data", "digits"},
                                           {"model", model},
                                           {"lr", lr},
                                           {"epochs", 3},
                                           {"val_split", 0.1},
                                           {"format", 2},
                                           {"origins", {{"lr", "flag"}}}}
                                          .dump());
  std::string rows = "epoch,step,lr,train_loss,train_accuracy,val_loss,val_accuracy,seconds\n";
  for (std::size_t i = 0; i < val_accuracy.size(); ++i)
    rows += fmt::format("{0},{0},{1},{2},0.5,{2},{3},10\n", i + 1, lr, 1.0 / (1.0 + double(i)),
                        val_accuracy[i]);
  folder.write(name + "/metrics.csv", rows);
  if (test_accuracy)
    folder.write(
        name + "/report.json",
        json{{"test_accuracy", *test_accuracy}, {"test_loss", 0.25}, {"parameters", 1000}}.dump());
}

// Writes four runs: one of a search, one damaged.
void write_runs(const TemporaryFolder& folder) {
  write_run(folder, "runs/digits-2", "mlp", 0.01, {0.5, 0.9, 0.8}, 0.875);
  write_run(folder, "runs/digits-10", "cnn-bn", 0.001, {0.7});
  write_run(folder, "runs/search/trials/1", "cnn", 0.1, {0.95, 0.96, 0.97}, 0.9625);
  write_run(folder, "runs/bad", "mlp", 0.1, {});
  folder.write("runs/bad/config.json", "{\"data\": ");
  std::filesystem::create_directories(folder.path("runs/empty"));
}

// The first words of the table's rows.
std::vector<std::string> names(const Process::Result& result) {
  CHECK(result.err == "");
  std::vector<std::string> result_names;
  std::istringstream lines(result.out);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) result_names.push_back(line.substr(0, line.find(' ')));
  return result_names;
}

}  // namespace

TEST_CASE("gradus runs lists runs, also those of searches and damaged ones") {
  const TemporaryFolder folder;
  write_runs(folder);
  const Process::Result result = run_gradus("runs", folder);
  CHECK(result.code == 0);
  std::istringstream lines(result.out);
  std::vector<std::string> table;
  for (std::string line; std::getline(lines, line);) table.push_back(line);
  REQUIRE(table.size() == 6);
  CHECK(table[0] ==
        "run              state     data    model   epochs  validation  test     time  started");
  CHECK(table[1] == "bad              damaged");  // without a date
  CHECK(table[2].starts_with(
      "digits-2         finished  digits  mlp     3/3     90.00 %     87.50 %  0:30  20"));
  CHECK(table[3].starts_with(
      "digits-10        stopped   digits  cnn-bn  1/3     70.00 %              0:10  20"));
  CHECK(table[4].starts_with(
      "search/trials/1  finished  digits  cnn     3/3     97.00 %     96.25 %  0:30  20"));
  CHECK(table[5] == "damaged: runs/bad/config.json: no JSON, at line 1, column 10");
  CHECK(names(run_gradus("runs runs/search/trials", folder)) == std::vector<std::string>{"1"});
}

TEST_CASE("gradus runs sorts and filters by any value") {
  const TemporaryFolder folder;
  write_runs(folder);
  using Names = std::vector<std::string>;
  const auto list = [&](const std::string& options) {
    return names(run_gradus("runs --filter state!=damaged" + options, folder));
  };
  CHECK(list("") == Names{"digits-2", "digits-10", "search/trials/1"});
  CHECK(list(" --sort lr") == Names{"digits-10", "digits-2", "search/trials/1"});
  CHECK(list(" --sort lr --reverse") == Names{"search/trials/1", "digits-2", "digits-10"});
  CHECK(list(" --sort test-accuracy") == Names{"digits-10", "digits-2", "search/trials/1"});
  CHECK(list(",model=cnn*") == Names{"digits-10", "search/trials/1"});
  CHECK(list(",model!=cnn*") == Names{"digits-2"});
  CHECK(list(",test_accuracy>0.9") == Names{"search/trials/1"});
  CHECK(list(",test_accuracy<=0.875") == Names{"digits-2"});
  CHECK(list(",lr>=0.01,lr<0.1") == Names{"digits-2"});
  CHECK(list(",epochs=1") == Names{"digits-10"});
  CHECK(run_gradus("runs --filter lr>7", folder).out == "no runs fulfil all conditions\n");
  CHECK(run_gradus("runs runs/empty", folder).out == "no runs\n");
  // The sort key gets a column.
  const std::string with_rates = run_gradus("runs --sort lr", folder).out;
  const std::string header = with_rates.substr(0, with_rates.find('\n'));
  CHECK(header.ends_with(" lr"));
}

TEST_CASE("gradus runs --json prints the values in the files") {
  const TemporaryFolder folder;
  write_runs(folder);
  const Process::Result result = run_gradus("runs --json --sort lr", folder);
  const json runs = json::parse(result.out);
  REQUIRE(runs.size() == 4);
  CHECK(runs[0]["state"] == "damaged");
  CHECK(runs[0]["date"].is_null());
  CHECK(runs[1]["date"].is_string());
  CHECK(runs[0]["problem"] == "runs/bad/config.json: no JSON, at line 1, column 10");
  CHECK(runs[1]["name"] == "digits-10");
  CHECK(runs[1]["test_accuracy"].is_null());
  CHECK(runs[3]["path"] == "runs/search/trials/1");
  CHECK(runs[3]["val_accuracy"] == 0.97);
  CHECK(runs[3]["test_accuracy"] == 0.9625);
  CHECK(runs[3]["train_seconds"] == 30);
  CHECK(runs[3]["lr"] == 0.1);
}

TEST_CASE("The state of a run is running during training, and stopped after an interruption") {
  const TemporaryFolder folder;
  Process training(gradus_arguments("train --data digits --model mlp --epochs 10000 --out runs/a"),
                   folder.path());
  training.wait_for("epoch 1/");
  CHECK(json::parse(run_gradus("runs --json", folder).out)[0]["state"] == "running");
  training.kill(SIGTERM);
  training.wait();
  const json stopped = json::parse(run_gradus("runs --json", folder).out)[0];
  CHECK(stopped["state"] == "stopped");
  CHECK(stopped["epochs"] >= 1);
}

TEST_CASE("Errors about damaged files of a run name the file") {
  const TemporaryFolder folder;
  const auto problem = [&](const std::string& file, const std::string& content) {
    write_run(folder, "run", "mlp", 0.1, {0.5}, 0.5);
    folder.write("run/" + file, content);
    const app::RunSummary run = app::read_run(folder.path("run"));
    CHECK(run.state == "damaged");
    REQUIRE(run.problem.starts_with(folder.path("run/" + file) + ": "));
    return run.problem.substr(folder.path("run/" + file).size() + 2);
  };
  CHECK(problem("config.json", "[]") == "must contain a JSON object");
  CHECK(problem("report.json", "{\"test_accuracy\"") == "no JSON, at line 1, column 17");
  CHECK(problem("metrics.csv", "epoch\n1,2,x,4,5,6,7,8\n") == "'x' is not a number");
  CHECK(problem("metrics.csv", "epoch\n1,2\n") == "a row must have 8 cells, got 2");
  CHECK(problem("metrics.csv", "epoch\n1e300,2,3,4,5,6,7,8\n") == "'1e300' is not a whole number");
  CHECK(problem("metrics.csv", "epoch\n1,2,\x1b[2J,4,5,6,7,8\n") == "'\\x1b[2J' is not a number");
  CHECK(problem("report.json", "{\"test_accuracy\": 1e999}") == "no JSON: a number is too large");
}

TEST_CASE("A configuration that isn't UTF-8 is refused, since config.json could not hold it") {
  const TemporaryFolder folder;
  folder.write("caf\xe9.csv", std::string("a,b,label\n1,2,0\n2,1,1\n3,1,0\n4,5,1\n"));
  const Process::Result result = run_gradus(
      "train --data caf\xe9.csv --model mlp --epochs 1 --val-split 0 --quiet --out run", folder);
  CHECK(result.code == 1);
  CHECK_MESSAGE(result.err.starts_with("error: [json] data must be UTF-8, got \""), result.err);
  CHECK(lines_of(result.err).size() == 1);
  CHECK_FALSE(std::filesystem::exists(folder.path("run")));
}

TEST_CASE("Names and values from files are escaped on a terminal") {
  const TemporaryFolder folder;
  for (const char* name : {"a\xff", "b\x1b[31m\n"}) write_run(folder, name, "mlp", 0.1, {0.5}, 0.5);
  folder.write("a\xff/config.json", R"({"data": "x\u001b[2J\u202e", "model": "m\nn", "lr": 1})");
  const std::string listed = run_gradus("runs . --sort lr", folder).out;
  CHECK(listed.find("a\\xff ") != listed.npos);
  CHECK(listed.find("b\\x1b[31m\\n ") != listed.npos);
  CHECK(listed.find(" x\\x1b[2J\\u202e  m\\nn ") != listed.npos);
  CHECK(std::ranges::count(listed, '\n') == 3);
  const json list = json::parse(run_gradus("runs . --json", folder).out);
  CHECK(list[0]["name"] == "a\ufffd");
  CHECK(list[1]["name"] == "b\x1b[31m\n");
}

TEST_CASE("Errors of gradus runs and compare") {
  const TemporaryFolder folder;
  write_runs(folder);
  const Refusals cases{
      {"runs nowhere", 1, "nowhere: no such folder"},
      {"runs a b", 2, "runs takes at most one folder, got 2"},
      {"runs --sort test_acuracy", 2,
       "no run has 'test_acuracy'; similar names: test_accuracy, val_accuracy, test_loss, state, "
       "data, epochs, date, format, lr, name, parameters, train_seconds"},
      {"runs --filter model", 2,
       "--filter must be conditions such as test_accuracy>=.95, with = != < <= > >=; got "
       "'model'"},
      {"runs --filter lr=>1", 2,
       "--filter must be conditions such as test_accuracy>=.95, with = != < <= > >=; got "
       "'lr=>1'"},
      {"compare runs/digits-2", 2, "compare takes two run folders or more, got 1"},
      {"compare runs/digits-2 runs/bad", 1, "runs/bad/config.json: no JSON, at line 1, column 10"},
      {"compare runs/digits-2 nowhere", 1, "nowhere: no such run folder"},
      {"compare runs/digits-2 runs/digits-10 --out no/a.svg", 1,
       "no/a.svg: can't write: No such file or directory"}};
  check_refused(folder, cases);
}

TEST_CASE("gradus compare lists differences of runs and draws them in one picture") {
  const TemporaryFolder folder;
  write_runs(folder);
  json config = json_of_file(folder.path("runs/digits-2/config.json"));
  config["epochs"] = 5;
  folder.write("runs/digits-2/config.json", config.dump());
  const Process::Result result =
      run_gradus("compare runs/digits-2 runs/search/trials/1 --out both.svg", folder);
  CHECK(result.err == "");
  CHECK(result.out ==
        "                     runs/digits-2  runs/search/trials/1\n"
        "epochs               5              3\n"
        "lr                   0.01           0.1\n"
        "model                mlp            cnn\n"
        "state                finished       finished\n"
        "epochs trained       3              3\n"
        "parameters           1000           1000\n"
        "validation accuracy  90.00 %        97.00 %\n"
        "test accuracy        87.50 %        96.25 %\n"
        "validation loss      0.5000         0.3333\n"
        "test loss            0.2500         0.2500\n"
        "training time        0:30           0:30\n"
        "\nthe picture is in both.svg\n");
  const std::string picture = read_text(folder.path("both.svg"));
  for (const char* part : {"Validation loss", "Validation accuracy", "Training loss",
                           "Training accuracy", "runs/digits-2", "runs/search/trials/1"})
    CHECK(picture.find(part) != std::string::npos);
}

TEST_CASE("gradus compare warns if runs aren't comparable, and draws them nevertheless") {
  const TemporaryFolder folder;
  write_runs(folder);
  const auto change = [&](const std::string& option, const json& value) {
    json config = json_of_file(folder.path("runs/digits-10/config.json"));
    config[option] = value;
    folder.write("runs/digits-10/config.json", config.dump());
    return run_gradus("compare runs/digits-2 runs/digits-10", folder).out;
  };
  CHECK(
      change("val_split", 0.2)
          .find("\nThe runs have different validation samples (val_split): small differences mean "
                "little.\n") != std::string::npos);
  CHECK(change("data", "mnist")
            .find("\nThe runs have different data sets: their losses and "
                  "accuracies aren't comparable.\n") != std::string::npos);
  CHECK(std::filesystem::exists(folder.path("compare.svg")));
}
