#include "optim/search/search_parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradus::optim {
namespace {

using Kind = SearchParameter::Kind;

// Every whole number has as much room as the others around it: half of the way to each neighbour.
constexpr double half = 0.5;

double interpolated(double low, double high, double part, bool logarithmic) {
  if (!logarithmic) return low + (high - low) * part;
  const double ratio = high / low;
  return std::isfinite(ratio) ? low * std::pow(ratio, part)
                              : std::pow(low, 1 - part) * std::pow(high, part);
}

}  // namespace

std::optional<int64_t> SearchParameter::count() const {
  if (kind == Kind::list) return static_cast<int64_t>(values.size());
  if (kind == Kind::integer || kind == Kind::log_integer)
    return static_cast<int64_t>(high - low) + 1;
  return std::nullopt;
}

int64_t SearchParameter::index(double coordinate) const {
  const int64_t last = *count() - 1;
  const double place =
      kind == Kind::log_integer
          ? std::round(interpolated(low - half, high + half, coordinate, true)) - low
          : std::floor(coordinate * static_cast<double>(last + 1));
  return std::clamp<int64_t>(static_cast<int64_t>(place), 0, last);
}

double SearchParameter::middle(int64_t index) const {
  if (kind != Kind::log_integer)
    return (static_cast<double>(index) + half) / static_cast<double>(*count());
  const double least = low - half;
  return std::log((low + static_cast<double>(index)) / least) / std::log((high + half) / least);
}

std::string SearchParameter::value(double coordinate) const {
  if (kind == Kind::list) return values[static_cast<std::size_t>(index(coordinate))];
  if (count()) return fmt::to_string(static_cast<int64_t>(low) + index(coordinate));
  return fmt::format("{:.4g}", interpolated(low, high, coordinate, kind == Kind::log));
}

std::vector<double> SearchParameter::levels(int64_t levels) const {
  std::vector<double> result;
  const int64_t n = kind == Kind::list ? *count() : std::min(levels, count().value_or(levels));
  for (int64_t i = 0; i < n; ++i) {
    if (n == count())
      result.push_back(middle(i));
    else
      result.push_back(n == 1 ? half : static_cast<double>(i) / static_cast<double>(n - 1));
  }
  return result;
}

}  // namespace gradus::optim
