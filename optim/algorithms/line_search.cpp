#include "optim/algorithms/line_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gradus::optim {
namespace {

// The minimum of the cubic through both points, within the bounds; their middle if it has none.
double cubic_minimum(const LinePoint& left, const LinePoint& right, double low, double high) {
  const double width = right.at - left.at;
  const double bend = left.slope + right.slope - 3 * (right.value - left.value) / width;
  const double root = std::sqrt(bend * bend - left.slope * right.slope);
  const double at =
      right.at - width * (right.slope + root - bend) / (right.slope - left.slope + 2 * root);
  return std::isfinite(at) ? std::clamp(at, low, high) : (low + high) / 2;
}

class WolfeSearch {
 public:
  WolfeSearch(const std::function<LinePoint(double)>& evaluate, const LinePoint& start,
              const LineSearchOptions& options)
      : evaluate_(evaluate), start_(start), options_(options) {}

  LinePoint bracket(double t) {
    LinePoint previous = start_, now = probe(t);
    while (!is_high(now) && (previous.at == 0 || now.value < previous.value)) {
      if (left_ <= 0 || is_flat(now)) return now;
      if (now.slope >= 0) return zoom(now, previous);
      const double next =
          cubic_minimum(previous, now, now.at + 0.01 * (now.at - previous.at), 10 * now.at);
      previous = std::exchange(now, probe(next));
    }
    return zoom(previous, now);
  }

 private:
  LinePoint probe(double at) {
    --left_;
    return evaluate_(at);
  }
  // NaN counts as high.
  bool is_high(const LinePoint& point) const {
    return !(point.value <= start_.value + options_.c1 * point.at * start_.slope);
  }
  bool is_flat(const LinePoint& point) const {
    return std::abs(point.slope) <= -options_.c2 * start_.slope;
  }

  // `low` is the lowest point with sufficient decrease so far; a solution lies between the two
  // points.
  LinePoint zoom(LinePoint low, LinePoint high) {
    bool near_end = false;
    while (left_ > 0 && std::abs(high.at - low.at) >= options_.narrowest) {
      const LinePoint now = probe(between(low, high, near_end));
      if (is_high(now) || now.value >= low.value) {
        high = now;
        continue;
      }
      if (is_flat(now)) return now;
      if (now.slope * (high.at - low.at) >= 0) high = low;
      low = now;
    }
    return low;
  }

  // The cubic's minimum, or the middle if it was close to an end twice in a row.
  static double between(const LinePoint& a, const LinePoint& b, bool& near_end) {
    const auto& [left, right] =
        std::minmax(a, b, [](const LinePoint& x, const LinePoint& y) { return x.at < y.at; });
    const double at = cubic_minimum(left, right, left.at, right.at);
    const double margin = 0.1 * (right.at - left.at);
    const bool is_near = std::min(right.at - at, at - left.at) < margin;
    const bool move = is_near && (near_end || at >= right.at || at <= left.at);
    near_end = is_near && !move;
    if (!move) return at;
    return right.at - at < at - left.at ? right.at - margin : left.at + margin;
  }

  const std::function<LinePoint(double)>& evaluate_;
  const LinePoint& start_;
  const LineSearchOptions& options_;
  int left_ = options_.max_evaluations;
};

}  // namespace

LinePoint strong_wolfe(const std::function<LinePoint(double)>& evaluate, const LinePoint& start,
                       double t, const LineSearchOptions& options) {
  return WolfeSearch(evaluate, start, options).bracket(t);
}

}  // namespace gradus::optim
