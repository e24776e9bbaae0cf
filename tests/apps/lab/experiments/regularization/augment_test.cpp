#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "data/files/image.hpp"
#include "data/transform/augmentation.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus::lab;

TEST_CASE("augment: changed images lower the error with few images" * doctest::test_suite("slow")) {
  const Report report = experiments().find("augment").run({.small = true});
  CHECK_MESSAGE(report.verdict.outcome == Outcome::holds, report.verdict.reason);
  const auto& rows = report.tables[0].rows;  // 100 images, and all
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][3].number.mean > 2);  // percentage points
  CHECK(rows[1][1].number.mean < 5);
  const gradus::TemporaryFolder folder;
  REQUIRE(report.images.size() == 1);
  folder.write("sheet.png", report.images[0].png);
  const gradus::Tensor sheet = gradus::data::read_image(folder.path("sheet.png"));
  const auto count = static_cast<int64_t>(gradus::data::augmentations().entries().size()) + 1;
  CHECK(sheet.shape() == gradus::Shape({1, count * 30 + 2, 10 * 30 + 2}));
  CHECK(report.tables[1].rows.size() == static_cast<std::size_t>(count));
}
