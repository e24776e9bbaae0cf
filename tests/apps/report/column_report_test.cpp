// The columns that matter, in report.json, on the page and in the terminal.
#include "apps/gradus/report/column_report.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/apps/pictures/svg.hpp"
#include "tests/apps/program.hpp"
#include "train/evaluate.hpp"

using namespace gradus;

namespace {

// Of 200 samples, with a column that says nothing and one that decides.
std::string table_of_signal(bool are_classes) {
  std::string text = "noise,signal & more,answer\n";
  for (int i = 0; i < 200; ++i) {
    const int signal = i * 37 % 101;
    text += fmt::format("{},{},{}\n", i * 53 % 89, signal,
                        are_classes ? (signal < 50 ? "low" : "high") : std::to_string(3 * signal));
  }
  return text;
}

// A judged model with these targets, of which only the kind matters.
app::JudgedModel judged_by(data::TargetKind kind) {
  const data::Dataset dataset = kind == data::TargetKind::classes
                                    ? data::Dataset::of_features({1}, 1, {0}, 1)
                                    : data::Dataset::of_tensors(Tensor::from<float>({1}, {1, 1}),
                                                                Tensor::from<float>({1}, {1}));
  return {.data = dataset, .set_name = "test", .evaluation = {}, .judged = {}, .scores = {}};
}

}  // namespace

TEST_CASE("A run on a table reports which columns matter") {
  const TemporaryFolder folder;
  for (const bool are_classes : {true, false}) {
    CAPTURE(are_classes);
    folder.write("table.csv", table_of_signal(are_classes));
    const std::string name = are_classes ? "classes" : "numbers";
    const std::string command = "train --data table.csv --epochs 20 --out ";
    const Process::Result result = run_gradus(command + name, folder);
    REQUIRE_MESSAGE(result.code == 0, result.err);
    const auto importance = json_of_file(folder.path(name + "/report.json"))["importance"];
    REQUIRE(importance.size() == 2);
    CHECK(importance[0]["column"] == "signal & more");
    CHECK(importance[1]["column"] == "noise");
    CHECK(importance[0]["mean"] > importance[1]["mean"]);
    CHECK(importance[0]["mean"] > (are_classes ? 0.2 : 20));
    CHECK(importance[0]["deviation"] > 0);
    const std::string score = are_classes ? "fall of the accuracy" : "rise of the RMSE";
    CHECK(result.out.find("\ncolumns that matter most: signal & more ") != std::string::npos);
    CHECK(result.out.find(fmt::format(" ({} when shuffled)\n", score)) != std::string::npos);
    const std::string svg = read_text(folder.path(name + "/columns.svg"));
    CHECK(malformed(svg) == "");
    CHECK(occurrences(svg, score + ", mean ± standard deviation") == 1);
    const std::string page = read_text(folder.path(name + "/report.html"));
    CHECK(occurrences(page, svg) == 1);
    CHECK(occurrences(page, "among 40 test samples") == 1);

    // The same with another number of threads.
    const Process::Result quiet = run_gradus(command + "again --quiet --threads 1", folder);
    REQUIRE_MESSAGE(quiet.code == 0, quiet.err);
    CHECK(quiet.out.find("columns that matter") == std::string::npos);
    CHECK(json_of_file(folder.path("again/report.json"))["importance"] == importance);
    std::filesystem::remove_all(folder.path("again"));
  }
}

TEST_CASE("Without a test, columns are shuffled on the validation set, and other data have none") {
  const TemporaryFolder folder;
  folder.write("table.csv", table_of_signal(true));
  REQUIRE(
      run_gradus("train --data table.csv --epochs 1 --no-test --val-split 0.2 --out table", folder)
          .code == 0);
  CHECK(occurrences(read_text(folder.path("table/report.html")), " validation samples, so") == 1);
  const Process::Result result = run_gradus("train --data blobs --epochs 1 --out blobs", folder);
  REQUIRE_MESSAGE(result.code == 0, result.err);
  CHECK_FALSE(json_of_file(folder.path("blobs/report.json")).contains("importance"));
  CHECK_FALSE(std::filesystem::exists(folder.path("blobs/columns.svg")));
  CHECK(result.out.find("column") == std::string::npos);
}

TEST_CASE("The line names at most three columns that matter, with digits that fit their size") {
  const train::EpochScore accuracy = train::classify().score, rmse = train::regress().score;
  const app::ColumnReport fractions{
      {{"a", 0.1234, 0.01}, {"b", 0.05, 0.002}, {"c", 0.01, 0}, {"d", 0.001, 0}}, 9};
  CHECK(fractions.line(accuracy) ==
        "columns that matter most: a 12.3 ± 1.0 %, b 5.0 ± 0.2 %, c 1.0 ± 0.0 % (fall of the "
        "accuracy when shuffled)");
  const auto line_of = [&](double mean, double deviation) {
    const std::string line = app::ColumnReport{{{"a", mean, deviation}}, 9}.line(rmse);
    const std::size_t first = line.find(": a ");
    return first == line.npos ? line : line.substr(first + 4, line.find(" (") - first - 4);
  };
  CHECK(line_of(123.456, 7.89) == "123 ± 8");
  CHECK(line_of(12.3456, 0.789) == "12.3 ± 0.8");
  CHECK(line_of(0.0123456, 0.000789) == "0.0123 ± 0.0008");
  CHECK(line_of(1.5e7, 12345) == "1.5e+07 ± 1.23e+04");
  CHECK(line_of(1.5e-9, 0) == "1.5e-09 ± 0");
  for (const double mean : {0.0, -1.0, double{NAN}})
    CHECK(line_of(mean, 0) == "no column matters: the RMSE is as good when any is shuffled");
  CHECK(app::ColumnReport().line(rmse) == "");
  const std::string name(50, 'x');
  CHECK(app::ColumnReport{{{name, 1, 0}}, 9}.line(rmse).find(" " + name.substr(0, 39) +
                                                             "… 1.00 ") != std::string::npos);
}

TEST_CASE("The picture has at most 30 columns, and no bar for those that don't matter") {
  app::ColumnReport report{{}, 200};
  for (int i = 0; i < 40; ++i)
    report.columns.push_back({fmt::format("column {}", i), i < 20 ? 0.5 - 0.01 * i : -0.001, 0.01});
  report.columns.push_back({"broken", NAN, NAN});
  app::RunPage page;
  report.draw(page, judged_by(data::TargetKind::classes));
  REQUIRE(page.files.size() == 1);
  CHECK(page.files[0].name == "columns.svg");
  const std::string& svg = page.files[0].content;
  CHECK(malformed(svg) == "");
  CHECK(occurrences(svg, "<rect class=\"d0\"") == 30);
  CHECK(occurrences(svg, ">column 29<") == 1);
  CHECK(occurrences(svg, ">-0.1 ± 1.0 %<") == 10);
  CHECK(occurrences(svg, "width=\"0.00\"") == 10);
  CHECK(occurrences(page.body, "shuffled among 200 test samples") == 1);
  CHECK(occurrences(page.body, " The 30 most important of 41 columns.") == 1);
  CHECK(report.json()[40].dump() == R"({"column":"broken","mean":null,"deviation":null})");

  app::RunPage nothing;
  app::ColumnReport().draw(nothing, judged_by(data::TargetKind::numbers));
  CHECK(nothing.body == "");
  app::ColumnReport{{{"all", 0, 0}, {"worse", -1, 2}}, 1}.draw(
      nothing, judged_by(data::TargetKind::numbers));
  CHECK(malformed(nothing.files.at(0).content) == "");
  CHECK(occurrences(nothing.files[0].content, ">0 ± 0<") == 1);
}
