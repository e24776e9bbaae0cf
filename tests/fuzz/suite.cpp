// The suites of gradus check: what is read is printed again as JSON of the same value.
#include "apps/gradus/check/suite.hpp"
#include "core/io/json.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const fuzz::MemoryFile file;
  const std::string path = file.of(fuzz::text_of(data, size));
  fuzz::accepts([&] {
    const app::Suite suite = app::read_suite(path);
    fuzz::require(!suite.trainings.empty(), "a suite without trainings");
    fuzz::require(parse_json(app::readable(suite.json)) == suite.json, "another suite");
  });
  return 0;
}
