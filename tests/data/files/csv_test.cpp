#include "data/files/csv.hpp"

#include <doctest/doctest.h>

#include "tests/temporary_folder.hpp"

using namespace gradus;
using data::CsvTable;
using data::parse_csv;

TEST_CASE("a CSV table has features and labels, with and without a header line") {
  const CsvTable plain = parse_csv("1,2.5,0\n-3e1,4,1\n", "t");
  CHECK(plain.names.empty());
  CHECK(plain.features == 2);
  CHECK(plain.values == std::vector<float>{1, 2.5, -30, 4});
  CHECK(plain.labels == std::vector<int64_t>{0, 1});

  const CsvTable headed = parse_csv("width,height,class\n1,2,0\n", "t");
  CHECK(headed.names == std::vector<std::string>{"width", "height", "class"});
  CHECK(headed.labels == std::vector<int64_t>{0});
}

TEST_CASE("a number too small for f32 is read as 0") {
  CHECK(parse_csv("1e-50,1e-400,-1e-5000,0\n", "t").values == std::vector<float>{0, 0, 0});
}

TEST_CASE("quoted cells, CRLF, blanks, empty lines, a byte order mark and no last line break") {
  const CsvTable table = parse_csv(
      "\xEF\xBB\xBF\"a, \"\"b\"\"\",\"two\nlines\",c\r\n\r\n\"1\", +2 ,\"0\"\r\n3,4,1", "t");
  CHECK(table.names == std::vector<std::string>{"a, \"b\"", "two\nlines", "c"});
  CHECK(table.values == std::vector<float>{1, 2, 3, 4});
  CHECK(table.labels == std::vector<int64_t>{0, 1});
}

TEST_CASE("the label column is chosen by name or by number, also from the end") {
  const std::string text = "class,x,y\n2,5,6\n";
  for (const char* label : {"class", "0", "-3"}) {
    const CsvTable table = parse_csv(text, "t", {.label = label});
    CHECK(table.labels == std::vector<int64_t>{2});
    CHECK(table.values == std::vector<float>{5, 6});
  }
  CHECK_THROWS_WITH(parse_csv(text, "t", {.label = "kind"}),
                    "t: has no label column 'kind': columns class, x, y, indices 0 to 2");
  CHECK_THROWS_WITH(parse_csv("1,2\n", "t", {.label = "2"}),
                    "t: has no label column '2': no header line, indices 0 to 1");
}

TEST_CASE("an error in a CSV file names line and column") {
  const auto check = [](const std::string& text, const std::string& message) {
    CHECK_THROWS_WITH_AS(parse_csv(text, "t"), message.c_str(), std::runtime_error);
  };
  check("", "t: is empty");
  check("\n\n", "t: is empty");
  check("a,b\n", "t: line 1: no samples follow the header");
  check("1\n2\n", "t: line 1: at least 2 columns are needed, a feature and a label, got 1");
  check("1,2,0\n3,,1\n", "t: line 2, column 2: the cell is empty");
  check("a,b\n1,0\n\n1x,1\n", "t: line 4, column 1: '1x' is not a finite number");
  check("1,x,0\n", "t: line 1, column 2: 'x' is not a finite number");
  check("1,nan,0\n", "t: line 1, column 2: 'nan' is not a finite number");
  check("1,1e39,0\n", "t: line 1, column 2: '1e39' is not a finite number");
  check("1,1e400,0\n", "t: line 1, column 2: '1e400' is not a finite number");
  check("1,\x1b[2J\u202e,0\n", "t: line 1, column 2: '\\x1b[2J\\u202e' is not a finite number");
  check("1," + std::string(1000, 'x') + ",0\n", "t: line 1, column 2: '" + std::string(59, 'x') +
                                                    "…" + std::string(20, 'x') +
                                                    "' is not a finite number");
  check("1,2,0\n1,2\n", "t: line 2, column 3: the line has 2 cells, the first line 3");
  check("1,2,0\n1,2,0,4\n", "t: line 2, column 4: the line has 4 cells, the first line 3");
  check("1,2,0.5\n",
        "t: line 1, column 3: a class label must be an integer from 0 to 999999, got '0.5'");
  check("1,2,-1\n",
        "t: line 1, column 3: a class label must be an integer from 0 to 999999, got '-1'");
  check("\"a\nb\",c\n1,\"0\n", "t: line 3, column 2: a quote is not closed");
}

TEST_CASE("a CSV file may be compressed") {
  const TemporaryFolder folder;
  const std::string text = "1,2,0\n3,4,1\n";
  const std::string path = folder.write("t.csv.gz", gzip_bytes(Bytes(text.begin(), text.end())));
  CHECK(data::read_csv(path).values == std::vector<float>{1, 2, 3, 4});
  CHECK_THROWS_WITH(data::read_csv(folder.path("none.csv")),
                    (folder.path("none.csv") + ": no such file").c_str());
}
