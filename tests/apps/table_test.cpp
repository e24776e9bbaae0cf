// Tables like those that people know: what train says about them, and how well it does.
#include "tests/apps/table_files.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/apps/program.hpp"

using namespace gradus;

namespace {

// Trains a small network with options that other frameworks have, too.
Process::Result train_small_network(const std::string& options, const TemporaryFolder& folder) {
  std::vector<std::string> arguments = gradus_arguments(
      "train --epochs 30 --batch-size 32 --lr 0.01 --schedule constant --out run " + options);
  arguments.insert(arguments.end(), {"--model", "dense 32, relu, dense outputs"});
  Process::Result result = Process(arguments, folder.path()).wait();
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK(result.err == "");
  return result;
}

// Checks that these lines are printed, in this order.
void check_said_lines(const Process::Result& result, const std::vector<std::string>& expected) {
  const std::vector<std::string> lines = lines_of(result.out);
  auto from = lines.begin();
  for (const std::string& line : expected) {
    CAPTURE(line);
    const auto found = std::find(from, lines.end(), line);
    CHECK_MESSAGE(found != lines.end(), result.out);
    if (found != lines.end()) from = found + 1;
  }
}

// Checks that another framework's score is in the score's interval.
void check_interval(const TemporaryFolder& folder, const std::string& score, double other) {
  const auto report = json_of_file(folder.path("run/report.json"));
  CAPTURE(report[score]);
  CHECK(report[score + "_interval"][0] < other);
  CHECK(report[score + "_interval"][1] > other);
}

std::string banner_end(const TemporaryFolder& folder) {
  return fmt::format("; {} threads; into run",
                     json_of_file(folder.path("run/report.json"))["threads"].get<int>());
}

}  // namespace

// The scores of scikit-learn 1.9.1 are those of MLPClassifier and MLPRegressor with
// hidden_layer_sizes=(32,), alpha=0, batch_size=32, learning_rate_init=0.01, max_iter=30, on the
// same rows of the same files, with numbers standardized, missing ones replaced by the median, and
// categories one-hot: means of random_state 0 to 9.

TEST_CASE("A table of passengers is described and learned as well as by scikit-learn") {
  const TemporaryFolder folder;
  folder.write("passengers.csv", passengers_csv());
  const Process::Result result =
      train_small_network("--data passengers.csv --target Survived --threads 1", folder);
  check_said_lines(
      result,
      {"891 samples: 5 numbers, 2 categories (Sex: 2, Embarked: 3), 20 % of Age missing; target "
       "Survived: 2 classes",
       "left out: PassengerId (counts the rows), Name (free text), Ticket (891 distinct values), "
       "Cabin (143 distinct values)",
       "passengers.csv: 713 samples to train, 178 to test; dense 32, relu, dense outputs, 450 "
       "parameters; 1 thread; into run"});
  check_interval(folder, "test_accuracy", 0.8382);
  const auto importance = json_of_file(folder.path("run/report.json"))["importance"];
  CHECK(importance.dump().find("Sex") != std::string::npos);
}

TEST_CASE("A table of wines with semicolons is a regression as good as scikit-learn's") {
  const TemporaryFolder folder;
  folder.write("wines.csv", wines_csv());
  const Process::Result result =
      train_small_network("--data wines.csv --task regress --threads 2", folder);
  check_said_lines(
      result, {"600 samples: 11 numbers; target quality: a number",
               "wines.csv: 480 samples to train, 120 to test; dense 32, relu, dense outputs, 417 "
               "parameters; 2 threads; into run"});
  check_interval(folder, "test_r2", 0.7179);
}

TEST_CASE("The quality of wines is classes by default") {
  const TemporaryFolder folder;
  folder.write("wines.csv", wines_csv());
  check_said_lines(train_small_network("--data wines.csv", folder),
                   {"600 samples: 11 numbers; target quality: 6 classes"});
  const auto classes = json_of_file(folder.path("run/report.json"))["classes"];
  REQUIRE(classes.size() == 6);
  for (int i = 0; i < 6; ++i) CHECK(classes[i]["name"] == std::to_string(i + 3));
}

TEST_CASE("A table of pixels has its label first and is learned as well as by scikit-learn") {
  const TemporaryFolder folder;
  folder.write("digits.csv", pixels_csv());
  const Process::Result result = train_small_network("--data digits.csv", folder);
  check_said_lines(result,
                   {"600 samples: 30 numbers; target label: 10 classes",
                    "left out: pixel0, pixel1, pixel2, pixel3 … (34 columns, constant)",
                    "digits.csv: 480 samples to train, 120 to test; dense 32, relu, dense outputs, "
                    "1322 parameters" +
                        banner_end(folder)});
  check_interval(folder, "test_accuracy", 0.8017);
}

TEST_CASE("A table of incomes without a header is learned as well as by scikit-learn") {
  const TemporaryFolder folder;
  folder.write("incomes.csv", incomes_csv());
  const Process::Result result = train_small_network("--data incomes.csv", folder);
  check_said_lines(
      result, {"800 samples: 4 numbers, 3 categories (column 2: 3, column 5: 2, column 6: 3), 7 % "
               "of column 2, 6 % of column 6 missing; target column 8: 2 classes",
               "incomes.csv: 640 samples to train, 160 to test; dense 32, relu, dense outputs, 546 "
               "parameters" +
                   banner_end(folder)});
  check_interval(folder, "test_accuracy", 0.8244);

  // With a header, the columns have names, and --target chooses among them.
  folder.write("named.csv",
               "age, workclass, fnlwgt, schooling, marriage, job, hours, income\n" + incomes_csv());
  std::filesystem::remove_all(folder.path("run"));
  check_said_lines(
      train_small_network("--data named.csv --target marriage --ignore fnlwgt", folder),
      {"800 samples: 3 numbers, 3 categories (workclass: 3, job: 3, income: 2), 7 % of "
       "workclass, 6 % of job missing; target marriage: 2 classes"});
}
