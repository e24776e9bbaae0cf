// parse_table: the first line of the input says which column is the target. What it accepts is
// described, encoded and read again as a table for a run.
#include <numeric>

#include "data/table/read_table.hpp"
#include "data/table/table_description.hpp"
#include "data/table/table_encoding.hpp"
#include "data/table/table_schema.hpp"
#include "data/table/table_split.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view text = input.substr(std::min(end + 1, size));
  fuzz::accepts([&] {
    data::TableOptions options;
    if (end > 0) options.targets = {std::string(input.substr(0, end))};
    const data::DataTable table = data::parse_table(text, "table.csv", options);
    fuzz::require(
        table.rows > 0 && std::ssize(table.values) == table.rows * std::ssize(table.features),
        "a row of another length");
    fuzz::check_shown(data::describe(table));
    std::vector<int64_t> rows(static_cast<std::size_t>(table.rows));
    std::iota(rows.begin(), rows.end(), 0);
    const data::TableEncoding encoding = data::TableEncoding::fit(table, rows);
    std::vector<int64_t> unknown;
    const std::vector<float> encoded = encoding.encode(table, rows, &unknown);
    fuzz::require(std::ssize(encoded) == table.rows * encoding.features(), "wrong width");
    for (const int64_t count : unknown) fuzz::require(count == 0, "an unknown text of its own");
    const data::DataTable again = data::parse_table_like(text, "table.csv", data::schema_of(table),
                                                         {.header = table.has_header});
    fuzz::require(encoding.encode(again, rows) == encoded, "another encoding");
    fuzz::require(data::row_hashes(again, rows) == data::row_hashes(table, rows), "another hash");
  });
  return 0;
}
