#include <doctest/doctest.h>

#include "data/table/read_table.hpp"

using namespace gradus;
using data::DataTable;
using data::parse_table;
using data::TargetKind;

namespace {

// A table with one input and the cells as targets.
DataTable with_targets(const std::vector<std::string>& cells,
                       const data::TableOptions& options = {}) {
  std::string text = "x,y\n";
  for (std::size_t i = 0; i < cells.size(); ++i)
    text += std::to_string(i * i % 7 + i) + "," + cells[i] + "\n";
  return parse_table(text, "t", options);
}

std::vector<std::string> counting(int first, int count, int step = 1) {
  std::vector<std::string> cells;
  for (int i = 0; i < count; ++i) cells.push_back(std::to_string(first + step * i));
  return cells;
}

}  // namespace

TEST_CASE("auto tells classes, labels and numbers apart") {
  const auto check = [](const DataTable& table, TargetKind kind, int64_t count,
                        const std::string& reason) {
    CHECK(table.targets.kind == kind);
    CHECK(table.targets.count == count);
    CHECK(table.task_reason == reason);
  };
  check(with_targets({"b", "a", "b"}), TargetKind::classes, 2, "text");
  check(with_targets({"5", "0", "70000"}), TargetKind::classes, 3, "3 different whole numbers");
  check(with_targets(counting(0, 20, 3)), TargetKind::classes, 20, "20 different whole numbers");
  check(with_targets(counting(0, 21, 3)), TargetKind::numbers, 1, "21 different whole numbers");
  check(with_targets(counting(1, 1000)), TargetKind::classes, 1000,
        "1000 different whole numbers without gaps");
  check(with_targets(counting(1, 1001)), TargetKind::numbers, 1, "1001 different whole numbers");
  check(with_targets(counting(1900, 347)), TargetKind::numbers, 1, "347 different whole numbers");
  check(with_targets({"1.5", "2", "2"}), TargetKind::numbers, 1, "numbers with fractions");
  check(with_targets({"a|b", "b", ""}), TargetKind::labels, 2, "labels separated by |");
  check(parse_table("x,a,b\n1,0,1\n3,1,1\n", "t", {.targets = {"a", "b"}}), TargetKind::labels, 2,
        "2 columns of 0 and 1");
  check(parse_table("x,a,b\n1,0,1\n3,1,2\n", "t", {.targets = {"a", "b"}}), TargetKind::numbers, 2,
        "2 columns");
}

TEST_CASE("classes are the different values in their order") {
  const DataTable table = with_targets({"70000", "0", "5", "5.0"});
  CHECK(table.targets.names == std::vector<std::string>{"0", "5", "70000"});
  CHECK(table.targets.values.to_vector<int64_t>() == std::vector<int64_t>{2, 0, 1, 1});
  const DataTable texts = with_targets({"b", "10", "a", "9", "b"});
  CHECK(texts.targets.names == std::vector<std::string>{"9", "10", "a", "b"});
  CHECK(texts.targets.values.to_vector<int64_t>() == std::vector<int64_t>{3, 1, 2, 0, 3});
}

TEST_CASE("labels are true where a cell names them") {
  const DataTable table = with_targets({"a | b", "b", "", "c"});
  CHECK(table.targets.names == std::vector<std::string>{"a", "b", "c"});
  CHECK(table.targets.values.to_vector<float>() ==
        std::vector<float>{1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("a task that is asked for is taken, or an error") {
  CHECK(with_targets({"1.5", "2", "2"}, {.task = "classify"}).targets.names ==
        std::vector<std::string>{"1.5", "2"});
  CHECK(with_targets({"1", "2"}, {.task = "regress"}).targets.values.to_vector<float>() ==
        std::vector<float>{1, 2});
  CHECK(with_targets({"a", "b"}, {.task = "multi-label"}).targets.kind == TargetKind::labels);
  CHECK_THROWS_WITH(with_targets({"1", "a"}, {.task = "regress"}),
                    "t: line 3, column 2 (y): the target 'a' is not a number");
  CHECK_THROWS_WITH(with_targets({"1", "1e99"}, {.task = "regress"}),
                    "t: line 3, column 2 (y): the target '1e99' is not a finite number");
  CHECK_THROWS_WITH(with_targets({"a|b", "?"}), "t: line 3, column 2 (y): the target is missing");
  const data::TableOptions two{.targets = {"a", "b"}, .task = "multi-label"};
  CHECK_THROWS_WITH(parse_table("x,a,b\n1,0,1\n3,1,2.0\n", "t", two),
                    "t: line 3, column 3 (b): a label must be 0 or 1, got 2");
  CHECK_THROWS_WITH(
      parse_table("x,a,b\n1,0,1\n3,1,2\n", "t", {.targets = {"a", "b"}, .task = "classify"}),
      "t: classes are in one column, but there are 2 target columns");
  CHECK_THROWS_WITH_AS(with_targets({"1", "2"}, {.task = "guess"}),
                       "[read_table] the task must be auto, classify, multi-label or regress, got "
                       "'guess'",
                       std::invalid_argument);
}

TEST_CASE("the target is called label, target, class or y, or else it is the last column") {
  const auto target = [](const std::string& names) {
    return parse_table(names + "\n1,2,0\n2,5,1\n", "t").target_columns;
  };
  CHECK(target("Label,a,b") == std::vector<int64_t>{0});
  CHECK(target("y,CLASS,b") == std::vector<int64_t>{1});
  CHECK(target("x,y,z") == std::vector<int64_t>{1});
  CHECK(target("a,b,c") == std::vector<int64_t>{2});
}

TEST_CASE("weights, groups and times are columns of their own") {
  const DataTable table =
      parse_table("w,g,t,x,y\n1,a,31/01/2024,4,0\n0.5,b,01/02/2024,3,1\n2,a,02/02/2024,9,1\n", "t",
                  {.weight = "w", .group = "g", .time = "t"});
  CHECK(table.features == std::vector<int64_t>{3});
  CHECK(table.weights == std::vector<float>{1, 0.5, 2});
  CHECK(table.groups == std::vector<int64_t>{0, 1, 0});
  REQUIRE(table.times.size() == 3);
  CHECK(table.times[0] < table.times[1]);
  CHECK(table.times[1] < table.times[2]);
  const auto check = [](const char* text, const data::TableOptions& options, const char* message) {
    CHECK_THROWS_WITH_AS(parse_table(text, "t", options), message, std::runtime_error);
  };
  check("w,x,y\n-1,2,0\n1,3,1\n", {.weight = "w"},
        "t: line 2, column 1 (w): a weight must be a number from 0 on, got '-1'");
  check("w,x,y\n0,2,0\n0,3,1\n", {.weight = "w"}, "t: column 1: all weights are 0");
  check("w,x,y\n5,2,0\nlate,3,1\n", {.time = "w"},
        "t: line 3, column 1 (w): a time must be a number, got 'late'");
  check("w,x,y\n31/01/2024,2,0\n01/31/2024,3,1\n", {.time = "w"},
        "t: column 1: some of its dates begin with the month, others with the day");
}
