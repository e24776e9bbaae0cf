// TableEncoding::missing_row.
#include <doctest/doctest.h>

#include <cmath>

#include "data/table/table_encoding.hpp"

using namespace gradus;

TEST_CASE("The row of missing cells is encoded like a row of a table without values") {
  std::vector<std::string> many;
  for (int i = 0; i < 17; ++i) many.push_back("text " + std::to_string(i));
  data::DataTable table{.name = "table.csv", .rows = 18};
  using enum data::ColumnKind;
  table.columns = {{.name = "complete", .kind = number},
                   {.name = "gaps", .kind = number},
                   {.name = "sex", .kind = category, .values = {"f", "m"}},
                   {.name = "town", .kind = category, .values = {"a", "b"}},
                   {.name = "street", .kind = category, .values = many},
                   {.name = "lane", .kind = category, .values = many}};
  table.features = {0, 1, 2, 3, 4, 5};
  const float none = NAN;
  for (int i = 0; i < 17; ++i) {
    const auto value = static_cast<float>(i);
    for (const float cell : {value, i == 0 ? none : 2 * value, value < 5 ? 0.f : 1.f,
                             i == 3 ? none : 0.f, value, i == 4 ? none : value})
      table.values.push_back(cell);
  }
  table.values.insert(table.values.end(), 6, none);  // the last row, which isn't for training
  std::vector<int64_t> rows(17);
  for (int64_t i = 0; i < 17; ++i) rows[static_cast<std::size_t>(i)] = i;
  const auto encoding = data::TableEncoding::fit(table, rows);
  const std::vector<float> row = encoding.missing_row();
  // 8 for complete; 17 and the indicator for gaps; sex has no missing cell, town does; street
  // neither, lane does as its first text.
  CHECK(row == std::vector<float>{8, 17, 1, 0, 0, 1, 0, 0, 1});
  CHECK(row == encoding.encode(table, std::vector<int64_t>{17}));
  CHECK(data::TableEncoding().missing_row().empty());
}
