// thinning_test: extremes, simplified.
#include "apps/pictures/thinning.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gradus::pictures;

TEST_CASE("The extremes of groups of points stay, in their order") {
  const Series series{"s", {0, 1, 2, 3, 4, 5, 6, 7}, {5, 1, 9, 2, 3, 3, 3, -7}, Mark::faint, 4};
  const Series thin = extremes(series, 4);
  CHECK(thin.x == std::vector<double>{1, 2, 6, 7});
  CHECK(thin.y == std::vector<double>{1, 9, 3, -7});
  CHECK(thin.name == "s");
  CHECK(thin.mark == Mark::faint);
  CHECK(thin.colour == 4);
  CHECK(extremes(series, 8).x == series.x);
  CHECK(extremes(series, 0).x.size() == 2);
  CHECK(extremes({"empty"}, 0).x.empty());
}

TEST_CASE("One spike among a million values stays") {
  Series series{"s"};
  for (int i = 0; i < 1'000'000; ++i) series.add(i, i == 123'456 ? 100 : std::sin(i));
  const Series thin = extremes(series, 500);
  CHECK(thin.x.size() <= 500);
  CHECK(std::ranges::count(thin.y, 100) == 1);
}

TEST_CASE("A simplified curve has its corners and no points on straight lines") {
  const Series steps{"s", {0, 0, 0, 0.5, 0.5, 0.75, 1}, {0, 0.25, 0.5, 0.5, 1, 1, 1}};
  CHECK(simplified(steps, 100).x == std::vector<double>{0, 0, 0.5, 0.5, 1});
  CHECK(simplified(steps, 100).y == std::vector<double>{0, 0.5, 0.5, 1, 1});
  // A point beyond the ends of a line isn't on it.
  const Series needle{"s", {0, 0, 0}, {0, 1, 0.5}};
  CHECK(simplified(needle, 100).y == std::vector<double>{0, 1, 0.5});
  CHECK(simplified({"s", {0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}}, 100).x.size() == 2);
  CHECK(simplified({"s", {0, 1}, {0, 1}}, 1).x.size() == 2);
  CHECK(simplified({"s"}, 100).x.empty());
}

TEST_CASE("A simplified curve has at most as many points as wanted and lies close to the curve") {
  Series curve{"s"};
  for (int i = 0; i <= 20'000; ++i) {
    const double x = i / 20'000.;
    curve.add(x, x * x + 0.002 * std::sin(i));
  }
  const Series thin = simplified(curve, 500);
  CHECK(thin.x.size() <= 500);
  CHECK(thin.x.size() > 50);
  std::size_t next = 1;
  double farthest = 0;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    while (next + 1 < thin.x.size() && thin.x[next] < curve.x[i]) ++next;
    const double part = (curve.x[i] - thin.x[next - 1]) / (thin.x[next] - thin.x[next - 1]);
    farthest = std::max(farthest, std::abs(curve.y[i] - thin.y[next - 1] -
                                           part * (thin.y[next] - thin.y[next - 1])));
  }
  CHECK(farthest < 0.01);
}
