#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "data/transform/augmentation.hpp"
#include "tests/apps/lab/findings.hpp"
#include "tests/apps/pictures/svg.hpp"

using namespace gradus::lab;

TEST_CASE("augment: changed images lower the error with few images" * doctest::test_suite("slow")) {
  const Report report = experiments().find("augment").run({.small = true});
  CHECK(findings(report) == "holds, fails, holds");
  const auto& rows = report.tables[0].rows;  // 100 images, and all
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][3].number.mean > 2);  // percentage points
  CHECK(rows[1][1].number.mean < 5);
  // A row of images with a label for each augmentation and for the measured one.
  REQUIRE(report.images.size() == 1);
  CHECK(report.images[0].name == "augmentations");
  const std::string& sheet = report.images[0].svg;
  const auto& augmentations = gradus::data::augmentations().entries();
  CHECK(gradus::occurrences(sheet, "<image ") == augmentations.size() + 1);
  CHECK(gradus::occurrences(sheet, " width=\"604.00\" height=\"64.00\"") ==
        2 * augmentations.size() + 2);
  for (const auto& [name, help, make] : augmentations)
    CHECK(gradus::occurrences(sheet, ">" + name + "</text>") == 1);
  CHECK(gradus::occurrences(sheet, ">rotate,shift,zoom</text>") == 1);
}
