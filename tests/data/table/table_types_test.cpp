#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "data/table/cell_text.hpp"
#include "data/table/read_table.hpp"

using namespace gradus;
using data::ColumnKind;
using data::DataTable;
using data::parse_table;

namespace {

// The kinds and reasons of a table's columns: "number, category 2, dates".
std::string found_types(const DataTable& table) {
  std::string text;
  for (const data::TableColumn& column : table.columns) {
    if (!text.empty()) text += ", ";
    if (column.kind == ColumnKind::number) text += "number";
    if (column.kind == ColumnKind::category)
      text += "category " + std::to_string(column.values.size());
    text += column.reason;
  }
  return text;
}

}  // namespace

TEST_CASE("the types of well-known tables are found as a person would") {
  CHECK(found_types(parse_table("PassengerId,Survived,Pclass,Name,Sex,Age,Cabin\n"
                                "1,0,3,\"Braund, Mr. Owen\",male,22,\n"
                                "2,1,1,\"Cumings, Mrs. John\",female,38,C85\n"
                                "3,1,3,\"Heikkinen, Miss. Laina\",female,,C85\n"
                                "4,1,1,\"Allen, Mr. William\",male,35,\n",
                                "titanic", {.targets = {"Survived"}})) ==
        "counts the rows, target, number, free text, category 2, number, category 1");
  CHECK(found_types(parse_table("\"fixed acidity\";\"alcohol\";\"quality\"\n7.4;9.4;5\n7.8;9.8;6\n",
                                "wine")) == "number, number, target");
  CHECK(found_types(parse_table("label,pixel0,pixel1,pixel2\n1,0,7,9\n0,0,5,8\n", "mnist")) ==
        "target, constant, number, number");
  CHECK(found_types(parse_table("39, State-gov, 77516, <=50K\n50, ?, 83311, <=50K\n"
                                "38, Private, 215646, >50K\n",
                                "adult")) == "number, category 2, number, target");
}

TEST_CASE("cells without a value are missing in numbers and categories") {
  const DataTable table =
      parse_table("a,b,y\n1,x,0\n,NA,0\nNaN,nan,1\nnull,?,1\n?,N/A,1\n2,z,0\n", "t");
  CHECK(table.columns[0].missing == 4);
  CHECK(table.columns[1].missing == 4);
  CHECK(table.columns[1].values == std::vector<std::string>{"x", "z"});
  CHECK(std::ranges::count_if(table.values, [](float x) { return std::isnan(x); }) == 8);
  CHECK(table.values[11] == 1);
}

TEST_CASE("dates are left out in all their forms") {
  for (const char* date :
       {"2024-01-31", "2024/1/31", "2024-01-31T12:30:00Z", "2024-01-31 12:30:00.25+01:00",
        "31.01.2024", "1.2.2024 08:15", "01/31/2024", "31/01/2024 11:59 PM"}) {
    CAPTURE(date);
    CHECK(data::read_date(date));
    CHECK(found_types(parse_table(fmt::format("a,b,y\n{},1,0\n{},2,1\n", date, date), "t")) ==
          "dates, number, target");
  }
  for (const char* other : {"2024", "1.5", "32.01.2024", "2024-13-01", "2024-01-31x", "1-2-3",
                            "12:30", "192.168.0.1", "2024-01-31 25:00"}) {
    CAPTURE(other);
    CHECK_FALSE(data::read_date(other));
  }
}

TEST_CASE("texts of which most are different are left out, few ones are categories") {
  std::string text = "code,note,many,letter,y\n";
  for (int i = 0; i < 100; ++i)
    text += fmt::format("K{},see page {} there,n{},{},{}\n", i, i, i % 60, "abc"[i % 3], i % 2);
  CHECK(found_types(parse_table(text, "t")) ==
        "100 distinct values, free text, 60 distinct values, category 3, target");
  std::string long_text = "code,x,y\n";
  for (int i = 0; i < 30000; ++i) long_text += fmt::format("K{},{},0\n", i, i % 2);
  CHECK(found_types(parse_table(long_text, "t")) ==
        "more than 10000 distinct values, number, target");
}

TEST_CASE("a column of numbers that has a text late is read again") {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 20000; ++i) text += fmt::format("{},{},{}\n", i % 9, i % 900, i % 2);
  const DataTable table = parse_table(text + "01,x,0\n", "t");
  CHECK(found_types(table) == "number, 'x' in line 20002 is not a number, target");
  const DataTable codes = parse_table(text + "A,7,0\n", "t");
  CHECK(found_types(codes) == "category 10, number, target");
  CHECK(codes.columns[0].values.front() == "0");
  CHECK(codes.columns[0].values.back() == "A");
  CHECK(codes.values[2 * 20000] == 9);
  CHECK_THROWS_WITH(parse_table(text + "A,7,0\n", "t", {.numbers = {"a"}}),
                    "t: line 20002, column 1 (a): 'A' is not a number");
}

TEST_CASE("categories are sorted with 2 before 10") {
  const DataTable table =
      parse_table("a,x,y\n10,1,0\n2,3,0\nb,2,0\n2,5,1\n10,4,1\n", "t", {.categories = {"a"}});
  CHECK(table.columns[0].values == std::vector<std::string>{"2", "10", "b"});
  CHECK(table.values == std::vector<float>{1, 1, 0, 3, 2, 2, 0, 5, 1, 4});
}

TEST_CASE("a column that counts the rows is kept if it is asked for or the only one") {
  std::string text = "n,x,y\n";
  for (int i = 0; i < 12; ++i) text += fmt::format("{},{},{}\n", i, i * i % 5, i % 2);
  CHECK(found_types(parse_table(text, "t")) == "counts the rows, number, target");
  CHECK(found_types(parse_table(text, "t", {.numbers = {"n"}})) == "number, number, target");
  CHECK(found_types(parse_table(text, "t", {.ignored = {"x"}})) == "number, ignored, target");
  CHECK(found_types(parse_table("a,b,y\n1,2,0\n2,2,1\n", "t", {.keeps_all = true})) ==
        "number, number, target");
}
