#include "data/picture/plane.hpp"

#include <doctest/doctest.h>

using namespace gradus;
using data::Plane;

namespace {

Plane plane_of(int64_t height, int64_t width, const std::vector<float>& values) {
  Plane plane(height, width);
  plane.values = values;
  return plane;
}

// Ink in a rectangle.
Plane rectangle(int64_t height, int64_t width, const data::Box& box) {
  Plane plane(height, width);
  for (int64_t y = box.top; y < box.bottom; ++y)
    for (int64_t x = box.left; x < box.right; ++x) plane.at(y, x) = 1;
  return plane;
}

}  // namespace

TEST_CASE("the box, the middles and the thickness of what is on a plane") {
  const Plane plane = rectangle(20, 50, {3, 4, 7, 44});
  const data::Box box = data::box_of(plane, 0.5f);
  CHECK(box.top == 3);
  CHECK(box.left == 4);
  CHECK(box.height() == 4);
  CHECK(box.width() == 40);
  CHECK(data::box_of(Plane(4, 4), 0.5f).height() == 0);
  CHECK(data::middle(box).row == 4.5);
  CHECK(data::middle(box).column == 23.5);
  const data::Point centre = data::centre_of_mass(plane_of(2, 2, {0, 1, 0, 3}));
  CHECK(centre.row == 0.75);
  CHECK(centre.column == 1);
  // 160 pixels, 88 edges: 2·160/(88·π/4).
  CHECK(data::thickness(plane) == doctest::Approx(4.62996));
  CHECK(data::thickness(Plane(4, 4)) == 0);
  CHECK(data::border(plane_of(3, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9})) ==
        std::vector<double>{1, 2, 3, 4, 6, 7, 8, 9});
}

TEST_CASE("a scaled plane has the means of the areas that its pixels cover") {
  const Plane row = plane_of(1, 3, {1, 2, 4});
  CHECK(data::scaled(row, {0, 0, 1, 3}, 1, 2).values ==
        std::vector<float>{4 / 3.f, static_cast<float>((2 * 0.5 + 4) / 1.5)});
  CHECK(data::scaled(row, {0, 1, 1, 3}, 1, 1).values == std::vector<float>{3});
  CHECK(data::scaled(row, {0, 0, 1, 3}, 2, 6).values ==
        std::vector<float>{1, 1, 2, 2, 4, 4, 1, 1, 2, 2, 4, 4});
}

TEST_CASE("lines are thickened by a disc, and specks left out with their soft edges") {
  const Plane dot = data::thickened(plane_of(1, 1, {0.7f}), 1.2);
  CHECK(dot.height == 3);
  CHECK(dot.values == std::vector<float>{0, 0.7f, 0, 0.7f, 0.7f, 0.7f, 0, 0.7f, 0});

  Plane plane = rectangle(10, 30, {2, 2, 8, 10});  // 48 pixels, a soft one beside them
  plane.at(4, 10) = 0.2f;
  plane.at(5, 20) = 1;
  plane.at(5, 21) = 0.2f;
  Plane all = plane;
  data::drop_specks(all, 0.02);  // 1 of 48 is a little more than a fiftieth
  CHECK(all.values == plane.values);
  data::drop_specks(plane, 0.05);
  CHECK(plane.at(4, 10) == 0.2f);
  CHECK(plane.at(5, 20) == 0);
  CHECK(plane.at(5, 21) == 0);
}
