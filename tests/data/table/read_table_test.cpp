#include "data/table/read_table.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/parallel.hpp"
#include "data/table/table_description.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using data::DataTable;
using data::parse_table;
using data::TableOptions;

TEST_CASE("a table has inputs and a target, with and without a header line") {
  const DataTable plain = parse_table("1,2.5,0\n-3e1,4,1\n", "t");
  CHECK_FALSE(plain.has_header);
  CHECK(plain.columns[2].name == "column 3");
  CHECK(plain.columns[2].reason == "target");
  CHECK(plain.features == std::vector<int64_t>{0, 1});
  CHECK(plain.values == std::vector<float>{1, 2.5, -30, 4});
  CHECK(plain.targets.values.to_vector<int64_t>() == std::vector<int64_t>{0, 1});

  const DataTable headed = parse_table("width,height,class\n1,2,0\n3,4,0\n", "t");
  CHECK(headed.has_header);
  CHECK(headed.columns[0].name == "width");
  CHECK(headed.targets.names == std::vector<std::string>{"0"});
  CHECK(headed.notes == std::vector<std::string>{"all samples have the same class: 0"});
}

TEST_CASE("numbers are rounded, and those too small for f32 are 0") {
  const DataTable table = parse_table(
      "a,y\n1e-50,0\n1e-400,0\n-1e-5000,0\n0.1,0\n.5,0\n5.,0\n+2,0\n123456789012345678901234567890,"
      "1\n"
      "0.000000000000000000000000000001234567890123456789,1\n1E+3,1\n",
      "t");
  CHECK(table.values == std::vector<float>{0, 0, 0, 0.1f, 0.5, 5, 2,
                                           123456789012345678901234567890.f,
                                           1.234567890123456789e-30f, 1000});
}

TEST_CASE("quoted cells, CRLF, blanks, empty lines, a byte order mark and no last line break") {
  const DataTable table = parse_table(
      "\xEF\xBB\xBF\"a, \"\"b\"\"\",\"two\nlines\",c\r\n\r\n\"1\", +2 ,\"0\"\r\n3,4, \"1\" ", "t");
  CHECK(table.columns[0].name == "a, \"b\"");
  CHECK(table.columns[1].name == "two\nlines");
  CHECK(table.values == std::vector<float>{1, 2, 3, 4});
  CHECK(table.targets.names == std::vector<std::string>{"0", "1"});
  // A quote inside a cell is text, as are letters after the closing quote.
  const DataTable inch = parse_table("a,b,y\n5\",\"x\"y,0\n6\",z,1\n5\",z,0\n", "t");
  CHECK(inch.columns[0].values == std::vector<std::string>{"5\"", "6\""});
  CHECK(inch.columns[1].values == std::vector<std::string>{"xy", "z"});
}

TEST_CASE("comma, semicolon, tab and bar separate cells, and decimal commas are found") {
  for (const char separator : {',', ';', '\t', '|'}) {
    std::string text = "a,b,y\n1.5,2,0\n2.5,3,1\n";
    std::ranges::replace(text, ',', separator);
    const DataTable table = parse_table(text, "t");
    CAPTURE(separator);
    CHECK(table.values == std::vector<float>{1.5, 2, 2.5, 3});
  }
  CHECK(parse_table("1,5;2,5;0\n2,5;-3,5e1;1\n", "t").values ==
        std::vector<float>{1.5, 2.5, 2.5, -35});
  CHECK(parse_table("a;b;y\n1,5;2;0\n2;3,25;1\n", "t").values ==
        std::vector<float>{1.5, 2, 2, 3.25});
  // Two numbers in a text aren't decimal commas, and a bar in all rows doesn't separate columns.
  const DataTable bars = parse_table("a,b,y\n1,2,p|q\n2,3,p|r\n5,4,q|r\n", "t");
  CHECK(bars.values == std::vector<float>{1, 2, 2, 3, 5, 4});
}

TEST_CASE("lines that begin with # are comments if the first or second line does") {
  const char* const text = "# made by hand, 2024\nx,y\n1,0\n# the rest\n2,1\n";
  CHECK(parse_table(text, "t").values == std::vector<float>{1, 2});
  CHECK(parse_table("x,y\n# metres\n1,0\n3,1\n", "t").values == std::vector<float>{1, 3});
  CHECK(parse_table("x,z,y\n1,#a,0\n3,#b,1\n", "t").columns[1].values ==
        std::vector<std::string>{"#a", "#b"});
}

TEST_CASE("a header line is found by the types of its cells") {
  const auto is_headed = [](const char* text) { return parse_table(text, "t").has_header; };
  CHECK(is_headed("a,b\n1,x\n2,y\n"));
  CHECK(is_headed(",b\n1,x\n2,y\n"));
  CHECK(is_headed("when,x,y\n2024-01-31,1,1\n2024-02-01,3,2\n"));
  CHECK_FALSE(is_headed("2024-01-31,a,1\n2024-02-01,b,2\n"));
  CHECK_FALSE(is_headed("5,x\n1,x\n2,y\n"));
  CHECK(is_headed("weather,play\nsunny,no\nrain,yes\nrain,no\n"));
  CHECK_FALSE(is_headed("sunny,no\nrain,yes\nsunny,no\n"));
  CHECK_FALSE(is_headed("p,p,x\nx,s,y\nb,p,n\n"));
}

TEST_CASE("a text above numbers beside a number is doubtful, and header decides") {
  const char* const text = "id,2019,y\n1,2,0\n2,3,1\n";
  CHECK_THROWS_WITH(parse_table(text, "t"),
                    "t: line 1: is it a header? 'id' stands above numbers, but '2019' is a number; "
                    "--header yes or --header no tells");
  const DataTable table = parse_table(text, "t", {.header = true});
  CHECK(table.columns[1].name == "2019");
  CHECK(table.columns[0].reason == "counts the rows");
  CHECK(table.rows == 2);
  CHECK(parse_table("a,y\nb,z\na,y\n", "t", {.header = false}).rows == 3);
  CHECK(parse_table("a,y\nb,z\na,x\n", "t", {.header = true}).rows == 2);
}

TEST_CASE("an error in a table names line and column") {
  const auto check = [](const std::string& text, const std::string& message) {
    CHECK_THROWS_WITH_AS(parse_table(text, "t"), message.c_str(), std::runtime_error);
  };
  check("", "t: is empty");
  check("\n\n", "t: is empty");
  check("a,b\n", "t: line 1: no samples follow the header");
  check("1\n2\n", "t: line 1: at least 2 columns are needed, an input and a target, got 1");
  check("1,inf,0\n2,3,1\n", "t: line 1, column 2: 'inf' is not a finite number");
  check("a,b\n1e39,0\n2,1\n", "t: line 2, column 1 (a): '1e39' is not a finite number");
  check("a,b\n-1e400,0\n2,1\n", "t: line 2, column 1 (a): '-1e400' is not a finite number");
  check("1,2,0\n1,2\n", "t: line 2, column 3: the line has 2 cells, the first line 3");
  check("1,2,0\n1,2,0,4\n", "t: line 2, column 4: the line has 4 cells, the first line 3");
  check("\"a\nb\",c\n1,\"0\n", "t: line 3, column 2: a quote is not closed");
  check("a,b\n1,0\n2,\n", "t: line 3, column 2 (b): the target is missing");
  check("a,b\n1,2\n1,3\n", "t: no column is an input: a (constant), b (target)");
  check("a,b\n,2\nNA,3\n", "t: no column is an input: a (empty), b (target)");
  const std::string escapes = "1,\x1b[2J\u202e,0\n";
  CHECK_THROWS_WITH(parse_table(escapes, "t", {.numbers = {"2"}}),
                    "t: line 1, column 2: '\\x1b[2J\\u202e' is not a number");
  CHECK_THROWS_WITH(parse_table("1," + std::string(1000, 'x') + ",0\n", "t", {.numbers = {"2"}}),
                    ("t: line 1, column 2: '" + std::string(59, 'x') + "…" + std::string(20, 'x') +
                     "' is not a number")
                        .c_str());
}

TEST_CASE("of several errors in a long table the first one is named, for any number of threads") {
  const int threads = num_threads();
  const TableOptions options{.numbers = {"1", "2", "3", "4"}, .header = false, .task = "regress"};
  const auto check = [&](const std::vector<std::pair<int, std::string>>& wrong,
                         const std::string& message) {
    constexpr int rows = 9000;
    std::vector<std::string> lines(rows);
    for (int i = 0; i < rows; ++i) lines[i] = fmt::format("{},0.5,{},7,{}", i % 9, 2 * i, i % 5);
    for (const auto& [line, text] : wrong) lines[line - 1] = text;
    const std::string text = fmt::format("{}\n", fmt::join(lines, "\n"));
    for (const int count : {1, 3}) {
      set_num_threads(count);
      if (message.empty())
        CHECK(parse_table(text, "t", options).rows == rows);
      else
        CHECK_THROWS_WITH_AS(parse_table(text, "t", options), message.c_str(), std::runtime_error);
    }
  };
  check({}, "");
  const std::string ragged = "t: line 8000, column 5: the line has 4 cells, the first line 5";
  check({{8000, "1,2,3,4"}}, ragged);
  check({{8000, "1,2,3,4"}, {8001, "x,2,3,4,5"}}, ragged);
  check({{8000, "1,2,3,4"}, {8001, "1"}}, ragged);
  check({{8000, "1,2,3,4"}, {7999, "1,2,x,4,5"}}, "t: line 7999, column 3: 'x' is not a number");
  check({{7000, "1,2,3,y,5"}, {7001, "x,2,3,4,5"}}, "t: line 7000, column 4: 'y' is not a number");
  check({{7000, "1,y,3,z,5"}}, "t: line 7000, column 2: 'y' is not a number");
  set_num_threads(threads);
}

TEST_CASE("files that are no tables are refused by name") {
  const auto check = [](const std::string& text, const std::string& message) {
    CHECK_THROWS_WITH_AS(parse_table(text, "t"), message.c_str(), std::runtime_error);
  };
  using namespace std::string_literals;
  check("\xFF\xFE\x61\0,\0"s, "t: is UTF-16 text; save it as UTF-8");
  check("\xFE\xFF\0a\0,"s, "t: is UTF-16 text; save it as UTF-8");
  check("a\0,\0b\0\n\0001\0,\0002\0"s, "t: is UTF-16 text; save it as UTF-8");
  check("1,\0\n"s, "t: is a binary file, not a table");
  check("PK\x03\x04..."s, "t: is a zip file (a spreadsheet?); save it as CSV");
  check("\x89PNG\r\n"s, "t: is a PNG image, not a table");
  std::string late = "a,b\n";
  for (int i = 0; i < 20000; ++i) late += "12,34\n";
  check(late + "1,\0\n"s, "t: is a binary file, not a table");
}

TEST_CASE("a table may be compressed, and damaged data is an error") {
  const TemporaryFolder folder;
  const std::string text = "1,2,0\n3,4,1\n";
  const Bytes bytes = gzip_bytes(Bytes(text.begin(), text.end()));
  const std::string path = folder.write("t.csv.gz", bytes);
  CHECK(data::read_table(path).values == std::vector<float>{1, 2, 3, 4});
  const std::string cut = folder.write("cut.gz", Bytes(bytes.begin(), bytes.end() - 9));
  CHECK_THROWS_WITH(data::read_table(cut), (cut + ": its gzip data is cut off").c_str());
  const std::string none = folder.path("none.csv");
  CHECK_THROWS_WITH(data::read_table(none), (none + ": no such file").c_str());
}

TEST_CASE("a cell of 3 MB, and more rows than are in memory at a time") {
  const std::string large(3 << 20, 'x');
  const DataTable table = parse_table("a,b,y\n1,\"" + large + "\",0\n3,z,1\n4,z,1\n", "t");
  CHECK(table.values == std::vector<float>{1, 3, 4});
  CHECK(table.columns[1].reason == "free text");
  std::string text = "a,b,y\n";
  for (int i = 0; i < 300000; ++i) text += std::to_string(i % 7) + ",\"a\nb\",1\r\n";
  const DataTable many = parse_table(text, "t");
  REQUIRE(many.rows == 300000);
  for (int64_t i = 0; i < many.rows; ++i)
    if (many.values[static_cast<std::size_t>(i)] != static_cast<float>(i % 7)) FAIL(i);
}

TEST_CASE("a text that fills the reader's memory exactly may end without a line break") {
  for (const std::size_t size : {65536u, 131072u, 262144u}) {
    CAPTURE(size);
    std::string text = "a,y\n1,0\n";
    text += std::string(size - text.size() - 3, '0') + "2,1";
    const DataTable table = parse_table(text + ' ', "t");
    CHECK(table.values == std::vector<float>{1, 2});
    CHECK(table.rows == 2);
    CHECK(parse_table(text, "t").values == table.values);
  }
}

TEST_CASE(
    "later rows may be much shorter or longer than the first ones, also in a compressed table") {
  constexpr int64_t rows = 60'000;
  const auto value = [](int64_t row) { return static_cast<float>(row % 7); };
  const auto table_text = [&](bool is_short_first) {
    const std::string zeros(100, '0');
    std::string text = "a,y\n";
    for (int64_t i = 0; i < rows; ++i)
      text +=
          std::to_string(i % 7) + ((i < rows / 2) == is_short_first ? "" : "." + zeros) + ",1\n";
    return text;
  };
  const auto has_all = [&](const DataTable& table) {
    bool result = table.rows == rows && std::ssize(table.values) == rows;
    for (int64_t i = 0; result && i < rows; ++i)
      result = table.values[static_cast<std::size_t>(i)] == value(i);
    return result;
  };
  CHECK(has_all(parse_table(table_text(true), "t")));
  const std::string text = table_text(false);
  CHECK(has_all(parse_table(text, "t")));
  const TemporaryFolder folder;
  CHECK(has_all(
      data::read_table(folder.write("t.csv.gz", gzip_bytes(Bytes(text.begin(), text.end()))))));
}

TEST_CASE("columns are chosen by name or by number, also from the end") {
  const std::string text = "kind,x,z\n2,5,6\n3,7,7\n";
  for (const char* target : {"kind", "1", "-3"}) {
    const DataTable table = parse_table(text, "t", {.targets = {target}});
    CHECK(table.values == std::vector<float>{5, 6, 7, 7});
  }
  CHECK(parse_table(text, "t", {.ignored = {"x"}}).values == std::vector<float>{2, 3});
  const auto check = [&](const data::TableOptions& options, const char* message) {
    CHECK_THROWS_WITH_AS(parse_table(text, "t", options), message, std::runtime_error);
  };
  check({.targets = {"knd"}}, "t: has no column 'knd': did you mean kind?");
  check({.targets = {"price"}}, "t: has no column 'price': its columns are kind, x, z");
  check({.targets = {"4"}}, "t: has no column 4: it has 3 of them");
  check({.targets = {"x"}, .ignored = {"2"}},
        "t: column 2 can't be used twice, as ignored and as target");
  check({.categories = {"x"}, .numbers = {"x"}},
        "t: column 2 can't be both a number and a category");
  CHECK_THROWS_WITH(parse_table("1,2\n", "t", {.targets = {"x"}}),
                    "t: has no column 'x': it has no header line, columns are 1 to 2");
}

TEST_CASE("two columns with one name are an error where they are used") {
  const std::string text = "x,a,x,y\n2,5,6,0\n3,7,8,1\n";
  const char* const message =
      "t: two columns are named 'x' (1 and 3); rename one, or leave one out by its number";
  CHECK_THROWS_WITH(parse_table(text, "t"), message);
  CHECK_THROWS_WITH(parse_table(text, "t", {.ignored = {"x"}}), message);
  CHECK(parse_table(text, "t", {.ignored = {"3"}}).features == std::vector<int64_t>{0, 1});
}

TEST_CASE("a table is described in two lines") {
  std::string text = "id,age,sex,date,survived\n";
  for (int i = 1; i <= 1500; ++i)
    text += fmt::format("{},{},{},2024-01-{:02},{}\n", i, i % 5 == 0 ? "" : std::to_string(i % 50),
                        i % 3 == 0 ? "male" : "female", i % 28 + 1, i % 2);
  CHECK(data::describe(parse_table(text, "t")) ==
        "1,500 samples: 1 number, 1 category (sex: 2), 20 % of age missing; target survived: 2 "
        "classes\nleft out: id (counts the rows), date (dates)");
  CHECK(data::describe(parse_table("a,b\n1,2.5\n3,4\n", "t")) ==
        "2 samples: 1 number; target b: a number");
}
