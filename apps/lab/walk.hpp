// Optimizers on a landscape: functions of two numbers, where their paths can be drawn.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "apps/pictures/chart.hpp"
#include "core/ops/elementwise.hpp"
#include "optim/registry.hpp"

namespace gradus::lab {

struct Landscape {
  std::string name;
  std::function<Tensor(const Tensor& x, const Tensor& y)> height;
  double x, y;   ///< where paths begin
  double least;  ///< of all heights
};

/// The places of an optimizer, that at the beginning first.
struct Path {
  std::vector<double> x = {}, y = {};
  bool arrived = false;  ///< within 0.001 of the least height
  int64_t limit = 0;     ///< of steps

  /// Steps until it arrived, or else `limit`.
  double steps() const { return static_cast<double>(arrived ? x.size() - 1 : limit); }
  /// Steps until |y| > 1, or else `limit`.
  double away() const {
    const auto found = std::ranges::find_if(y, [](double at) { return std::abs(at) > 1; });
    return static_cast<double>(found == y.end() ? limit : found - y.begin());
  }
};

/// Follows the optimizer of that name until it arrives, for at most `limit` steps; gives it up
/// where it stands ten times as high above the least height as at first.
inline Path walk(const Landscape& landscape, const std::string& optimizer, double rate,
                 int64_t limit) {
  Tensor x = Tensor::scalar(landscape.x, DType::f64).set_requires_grad();
  Tensor y = Tensor::scalar(landscape.y, DType::f64).set_requires_grad();
  const auto descent = optim::optimizers().find(optimizer)({{"x", x}, {"y", y}}, rate);
  Path path{.limit = limit};
  double first = 0;
  for (int64_t step = 0; step <= limit; ++step) {
    path.x.push_back(x.item());
    path.y.push_back(y.item());
    const Tensor height = landscape.height(x, y);
    const double above = height.item() - landscape.least;
    if (step == 0) first = above;
    path.arrived = above < 1e-3;
    if (path.arrived || !(above < 10 * first)) break;
    descent->zero_grad();
    height.backward();
    descent->step();
  }
  return path;
}

/// |y| by step, the beginning at 1.
inline pictures::Series by_step(const std::string& name, const Path& path) {
  pictures::Series series{name, {}, {}};
  for (const double y : path.y) {
    series.x.push_back(static_cast<double>(series.x.size() + 1));
    series.y.push_back(std::abs(y));
  }
  return series;
}

/// y against x; of a long path every so many places, some hundred together.
inline pictures::Series drawn(const std::string& name, const Path& path) {
  pictures::Series series{name, {}, {}};
  for (std::size_t i = 0; i < path.x.size(); i += 1 + path.x.size() / 300) {
    series.x.push_back(path.x[i]);
    series.y.push_back(path.y[i]);
  }
  return series;
}

}  // namespace gradus::lab
