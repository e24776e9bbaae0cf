// parse_csv: the first line of the input says which column has the labels.
#include "data/files/csv.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  fuzz::accepts([&] {
    const data::CsvTable table = data::parse_csv(text.substr(std::min(end + 1, size)), "table.csv",
                                                 {.label = std::string(text.substr(0, end))});
    const auto rows = static_cast<int64_t>(table.labels.size());
    fuzz::require(rows > 0 && static_cast<int64_t>(table.values.size()) == rows * table.features,
                  "a row of another length");
    table.dataset();
  });
  return 0;
}
