#include <doctest/doctest.h>

#include <set>

#include "apps/lab/curves.hpp"
#include "apps/lab/experiment.hpp"
#include "data/augmentation.hpp"
#include "data/image.hpp"
#include "optim/schedules.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus::lab;

namespace {

Report run(const char* name, const Settings& settings) {
  return experiments().find(name).run(settings);
}

}  // namespace

TEST_CASE("Every experiment has a name of its own, a chapter, a title, a claim and its source") {
  std::set<std::string> names;
  for (const Experiment& experiment : all_experiments()) {
    CAPTURE(experiment.name);
    CHECK(names.insert(experiment.name).second);
    for (const std::string& text :
         {experiment.chapter, experiment.title, experiment.claim, experiment.source})
      CHECK(text != "");
  }
  CHECK(chapters(all_experiments())[0].name == "Normalization");
}

TEST_CASE("invariance: every scheme keeps what theory says, for any seed") {
  for (const uint64_t seed : {0, 1}) {
    const Report report = run("invariance", {.seed = seed});
    CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
    CHECK(report.tables[0].rows.size() == 15);
  }
}

TEST_CASE("norms: a batch of 4 is too small for batch norm but not for layer norm" *
          doctest::test_suite("slow")) {
  const Report report = run("norms", {.small = true});
  CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
  const auto& rows = report.tables[0].rows;  // batch, group and layer norm, first at batch 4
  for (int i = 0; i < 3; ++i) {
    CAPTURE(rows[i][0].word);
    CHECK(rows[i][2].number.mean > 70);  // per cent
  }
  CHECK(rows[0][3].number.mean > 3 * rows[1][3].number.mean);  // its noise stays in the loss
  CHECK(rows[0][3].number.mean > 3 * rows[2][3].number.mean);
}

TEST_CASE("schedules: rates that fall end lower than the best constant one" *
          doctest::test_suite("slow")) {
  const Report report = run("schedules", {.small = true});
  CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
  const auto& rows = report.tables[0].rows;  // constant, cosine, one-cycle
  REQUIRE(rows.size() == 3);
  for (int i : {1, 2}) CHECK(rows[i][2].number.mean < 0.8 * rows[0][2].number.mean);
  for (const auto& row : rows) CHECK(row[3].number.mean > 80);  // per cent
  REQUIRE(report.charts.size() == 2);
  CHECK(report.charts[1][0].title == "one-cycle");
}

TEST_CASE("lr-range: the rate that the range test finds is better than a tenth and ten times it" *
          doctest::test_suite("slow")) {
  const Report report = run("lr-range", {.small = true});
  CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 5);
  CHECK(rows[2][1].number.mean > 1e-3);
  CHECK(rows[2][1].number.mean < 2e-2);
  CHECK(rows[2][3].number.mean > 85);  // per cent
  CHECK(report.verdict.reason.find(" Suggestion: --lr 0.00") != std::string::npos);
}

TEST_CASE("augment: changed images lower the error where there are few of them" *
          doctest::test_suite("slow")) {
  const Report report = run("augment", {.small = true});
  CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
  const auto& rows = report.tables[0].rows;  // 100 images, and all
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][3].number.mean > 2);  // percentage points
  CHECK(rows[1][1].number.mean < 5);
  const gradus::TemporaryFolder folder;
  REQUIRE(report.images.size() == 1);
  folder.write("sheet.png", report.images[0].png);
  const gradus::Tensor sheet = gradus::data::read_image(folder.path("sheet.png"));
  const auto count = static_cast<int64_t>(gradus::data::augmentations().entries().size()) + 1;
  CHECK(sheet.shape() == gradus::Shape({1, count * 30 + 2, 10 * 30 + 2}));
  CHECK(report.tables[1].rows.size() == static_cast<std::size_t>(count));
}

TEST_CASE("A curve that lies on another joins its name") {
  gradus::pictures::Chart chart{"", "", "", {}};
  add_or_join(chart, {"a", {1, 2}, {3, 4}});
  add_or_join(chart, {"b", {1, 2}, {3.01, 4.01}});
  add_or_join(chart, {"c", {1, 2}, {3, 5}});
  REQUIRE(chart.series.size() == 2);
  CHECK(chart.series[0].name == "a, b");
  CHECK(chart.series[1].name == "c");
}

TEST_CASE("adadelta: its constant matters less than the others' rate" *
          doctest::test_suite("slow")) {
  const Report report = run("adadelta", {.seeds = 1, .small = true});
  CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
  REQUIRE(report.tables.size() == 2);
  CHECK(report.tables[0].rows[3].size() == 7);              // ε, and two columns for each of three
  CHECK(report.tables[0].rows[3][2].number.mean == 17.01);  // the paper's SGD at 1e-3
  CHECK(report.tables[0].rows[4][1].number.mean > 20);      // ours at 1e-4: too slow
  CHECK(report.charts[0][0].series.size() == 4);
}

TEST_CASE(
    "dropout: fewer errors than without it and few more than the mean of many thinned networks" *
    doctest::test_suite("slow")) {
  const Report report = run("dropout", {.small = true});
  CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
  const auto& rows = report.tables[0].rows;  // without, with, means of 2, 5, 10, 20 and 50
  REQUIRE(rows.size() == 7);
  CHECK(rows[0][1].number.mean < 20);
  CHECK(rows[2][1].number.mean > rows[6][1].number.mean);
}

TEST_CASE("Charts fill rows, and a schedule is drawn with a loss that never falls") {
  const gradus::pictures::Chart chart{"", "", "", {}};
  CHECK(in_rows({}, 2).empty());
  const auto rows = in_rows({chart, chart, chart}, 2);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].size() == 2);
  CHECK(rows[1].size() == 1);
  const auto plateau = gradus::optim::reduce_on_plateau(8, {.factor = 0.5, .patience = 0});
  const gradus::pictures::Series curve = rate_curve("r", plateau, 3, 2);
  CHECK(curve.x == std::vector<double>{0, 1, 2, 3, 4, 5});
  CHECK(curve.y == std::vector<double>{8, 8, 8, 8, 4, 4});
}

TEST_CASE("Runs have seeds one after the other, and a mean at each point of their curves") {
  struct Run {
    std::vector<double> values;
  };
  const auto runs = over_seeds({.seed = 5, .seeds = 2}, 9, [](uint64_t seed) {
    return Run{{static_cast<double>(seed), 1}};
  });
  CHECK(runs.size() == 2);
  const gradus::pictures::Series curve = mean_curve("r", runs, &Run::values, 100);
  CHECK(curve.x == std::vector<double>{1, 2});
  CHECK(curve.y == std::vector<double>{550, 100});
}

TEST_CASE("search: bayes beats random beats grid and Hyperband needs a third of the epochs" *
          doctest::test_suite("slow")) {
  const Report report = run("search", {.small = true});
  CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
  const auto& rows =
      report.tables[0].rows;  // grid, random and bayes, then a third: random, Hyperband
  CHECK(rows[4][1].number.mean > rows[1][1].number.mean);       // more trials
  CHECK(3 * rows[4][2].number.mean <= rows[1][2].number.mean);  // fewer epochs
  CHECK(rows[4][3].number.mean < rows[3][3].number.mean);
}
