// Range, numbers and durations: the first line is a number, the second its bounds, the third a
// duration.
#include "core/text/range.hpp"
#include "core/text/duration.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  std::vector<std::string_view> lines = split(fuzz::text_of(data, size), '\n');
  lines.resize(3);
  const auto number = parse_number<double>(lines[0]);
  const auto bounds = parse_numbers<double>(lines[1]);
  if (number && bounds && bounds->size() == 2) {
    for (const bool whole : {false, true}) {
      const Range range{
          .low = bounds->at(0), .high = bounds->at(1), .excludes_low = !whole, .whole = whole};
      const bool passes = fuzz::accepts([&] { range.check("owner", "option", *number); });
      fuzz::require(passes == range.holds(*number), "held and refused");
      fuzz::require(!passes || (*number >= range.low && *number <= range.high), "out of bounds");
    }
  }
  if (const auto seconds = parse_duration(lines[2])) {
    fuzz::require(*seconds > 0, "no time");
    fuzz::check_message(duration(*seconds));
  }
  return 0;
}
