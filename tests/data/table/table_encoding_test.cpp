#include "data/table/table_encoding.hpp"

#include <doctest/doctest.h>

#include "data/table/read_table.hpp"
#include "data/table/table_schema.hpp"
#include "data/table/table_split.hpp"

using namespace gradus;
using data::DataTable;
using data::parse_table;
using data::parse_table_like;
using data::TableEncoding;

static const char* const people = "age,sex,y\n1,m,0\n,f,1\n3,,0\n8,f,1\n100,x,0\n";

TEST_CASE("an encoding has medians, indicators and categories of the training part") {
  const DataTable table = parse_table(people, "t");
  const TableEncoding encoding = TableEncoding::fit(table, std::vector<int64_t>{0, 1, 2, 3});
  CHECK_FALSE(encoding.is_identity(table));
  CHECK(encoding.columns[0].median == 3);
  CHECK(encoding.columns[1].values == std::vector<std::string>{"", "f", "m"});
  CHECK(encoding.features() == 5);
  CHECK(encoding.feature_names() ==
        std::vector<std::string>{"age", "age missing", "sex missing", "sex = f", "sex = m"});
  CHECK(encoding.is_number() == std::vector<bool>{true, false, false, false, false});
  CHECK(encoding.column_ranges() == std::vector<std::pair<int64_t, int64_t>>{{0, 2}, {2, 5}});
  std::vector<int64_t> unknown;
  const std::vector<int64_t> rows{1, 4, 2};
  CHECK(encoding.encode(table, rows, &unknown) ==
        std::vector<float>{3, 1, 0, 1, 0, 100, 0, 0, 0, 0, 3, 0, 1, 0, 0});
  CHECK(unknown == std::vector<int64_t>{0, 1});
  CHECK_THROWS_AS(encoding.encode(parse_table("a,y\n1,0\n2,1\n", "t"), rows),
                  std::invalid_argument);
}

TEST_CASE("numbers alone need no encoding") {
  const DataTable table = parse_table("a,b,y\n1,2,0\n3,7,1\n", "t");
  const std::vector<int64_t> rows{0, 1};
  const TableEncoding encoding = TableEncoding::fit(table, rows);
  CHECK(encoding.is_identity(table));
  CHECK(encoding.encode(table, rows) == table.values);
}

TEST_CASE("a category of 17 texts is an index, whose 0 means unknown") {
  const auto table_of = [](int texts) {
    std::string text = "a,b,y\n";
    for (int i = 0; i < 3 * texts; ++i) text += fmt::format("{},t{},{}\n", i * i, i % texts, i % 2);
    return parse_table(text, "t");
  };
  const std::vector<int64_t> rows{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  CHECK(TableEncoding::fit(table_of(16), rows).embeddings().empty());
  CHECK(TableEncoding::fit(table_of(16), rows).features() == 17);
  const DataTable table = table_of(18);
  const TableEncoding encoding = TableEncoding::fit(table, rows);
  REQUIRE(encoding.embeddings().size() == 1);
  CHECK(encoding.embeddings()[0].feature == 1);
  CHECK(encoding.embeddings()[0].values == 18);
  CHECK(encoding.embeddings()[0].width == 8);
  CHECK(encoding.encode(table, std::vector<int64_t>{0, 17}) == std::vector<float>{0, 1, 289, 0});
}

TEST_CASE("another table is matched by names in any order") {
  const DataTable table = parse_table(people, "t");
  const data::TableSchema schema = data::schema_of(table);
  const DataTable other = parse_table_like("note,y,sex,age\nhello,1,f,5\nworld,0,new,7\n", "o",
                                           schema, {.keeps_texts = true});
  CHECK(other.features == std::vector<int64_t>{3, 2});
  CHECK(other.values == std::vector<float>{5, 0, 7, 1});
  CHECK(other.targets.values.to_vector<int64_t>() == std::vector<int64_t>{1, 0});
  CHECK(other.notes == std::vector<std::string>{"extra columns are not used: note"});
  CHECK(other.kept == std::vector<int64_t>{0, 1});
  CHECK(other.kept_texts[0] == std::vector<std::string>{"hello", "world"});
  std::vector<int64_t> unknown;
  const std::vector<int64_t> all{0, 1, 2, 3, 4}, both{0, 1};
  TableEncoding::fit(table, all).encode(other, both, &unknown);
  CHECK(unknown == std::vector<int64_t>{0, 1});
  // One row, and a missing target that isn't needed.
  const DataTable single = parse_table_like("sex,age\nf,5\n", "o", schema, {.needs_target = false});
  CHECK(single.values == std::vector<float>{5, 0});
  CHECK_FALSE(single.targets.values.defined());
  const DataTable open =
      parse_table_like("sex,age,y\nf,5,\n", "o", schema, {.needs_target = false});
  CHECK(open.notes ==
        std::vector<std::string>{
            "its targets are not used: o: line 2, column 3 (y): the target is missing"});
}

TEST_CASE("a table that doesn't fit a run is an error") {
  const data::TableSchema schema = data::schema_of(parse_table(people, "t"));
  const auto check = [&](const char* text, const char* message) {
    CHECK_THROWS_WITH_AS(parse_table_like(text, "o", schema), message, std::runtime_error);
  };
  check("sex,y\nf,0\n", "o: has no column 'age', which the run needs");
  check("sex,age\nf,0\n", "o: has no column 'y', which the run needs");
  check("age,sex,y\n5,f,1\n5,f,7\n", "o: line 3, column 3 (y): the run has no class '7'");
  check("age,sex,y\n5,f,1\nold,f,1\n", "o: line 3, column 1 (age): 'old' is not a number");
  check("5,f\n7,g\n", "o: has 2 columns and no header line, but the run's table has 3");
  check("age,sex,age,y\n5,f,1,0\n", "o: two columns are named 'age' (1 and 3); rename one");
}

TEST_CASE("without a header line columns are matched by their places") {
  const data::TableSchema plain =
      data::schema_of(parse_table("1,0,5\n2,1,7\n4,1,6\n", "t", {.targets = {"2"}}));
  CHECK(parse_table_like("3,1,8\n", "o", plain).values == std::vector<float>{3, 8});
  CHECK(parse_table_like("3,8\n", "o", plain, {.needs_target = false}).values ==
        std::vector<float>{3, 8});
  const data::TableSchema named = data::schema_of(parse_table(people, "t"));
  const DataTable table = parse_table_like("3,f,1\n", "o", named);
  CHECK(table.values == std::vector<float>{3, 0});
  CHECK(table.notes ==
        std::vector<std::string>{
            "it has no header line: its columns are taken in the order of the run's"});
}

TEST_CASE("a split keeps the classes' shares, groups together, and the latest for the test") {
  std::string text = "x,g,t,y\n";
  for (int i = 0; i < 100; ++i)
    text += fmt::format("{},g{},{},{}\n", i * i, i % 10, i / 4, i % 5 == 0);
  Rng rng(1);
  const data::TableSplit plain = data::split_table(parse_table(text, "t"), 0.2, rng);
  CHECK(plain.train.size() == 80);
  CHECK(std::ranges::count_if(plain.test, [](int64_t row) { return row % 5 == 0; }) == 4);
  CHECK(std::ranges::is_sorted(plain.test));
  const data::TableSplit groups =
      data::split_table(parse_table(text, "t", {.group = "g"}), 0.2, rng);
  CHECK(groups.test.size() == 20);
  for (const int64_t row : groups.test)
    CHECK(std::ranges::count(groups.test, row) +
              std::ranges::count_if(groups.test,
                                    [&](int64_t r) { return r != row && r % 10 == row % 10; }) ==
          10);
  const data::TableSplit times =
      data::split_table(parse_table(text, "t", {.time = "t"}), 0.21, rng);
  CHECK(times.test.front() == 80);
  CHECK(times.test.size() == 20);
  const DataTable five = parse_table("x,y\n1,0\n5,1\n2,0\n3,1\n8,0\n", "t");
  CHECK(data::split_table(five, 0.2, rng).test.size() == 1);
  const DataTable one_group = parse_table("x,g,y\n1,a,0\n2,a,1\n5,a,1\n", "t", {.group = "g"});
  CHECK_THROWS_WITH(data::split_table(one_group, 0.3, rng),
                    "[split_table] all samples are in one group");
  const DataTable one_time = parse_table("x,g,y\n1,7,0\n2,7,1\n5,7,1\n", "t", {.time = "g"});
  CHECK_THROWS_WITH(data::split_table(one_time, 0.3, rng),
                    "[split_table] all samples have the same time");
}

TEST_CASE("hashes of samples are those of their contents") {
  const DataTable table = parse_table("a,b,y\n1,x,0\n2,z,1\n1,x,0\n1,x,1\n", "t");
  const std::vector<int64_t> rows{0, 1, 2, 3}, both{0, 1};
  const std::vector<uint64_t> hashes = data::row_hashes(table, rows);
  CHECK(hashes[0] == hashes[2]);
  CHECK(hashes[0] != hashes[1]);
  CHECK(hashes[0] != hashes[3]);
  CHECK(data::row_hashes(table, rows, false)[0] == data::row_hashes(table, rows, false)[3]);
  const DataTable other = parse_table_like("y,b,a\n1,z,2\n0,x,1\n", "o", data::schema_of(table));
  CHECK(data::row_hashes(other, both) == std::vector<uint64_t>{hashes[1], hashes[0]});
}
