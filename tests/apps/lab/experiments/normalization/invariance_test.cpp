#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("invariance: every scheme has the invariances of the theory, for any seed") {
  for (const uint64_t seed : {0, 1}) {
    const Report report = experiments().find("invariance").run({.seed = seed});
    CHECK(findings(report) == "holds, holds, holds, holds, holds, holds");
    CHECK(report.tables[0].rows.size() == 15);
  }
}
