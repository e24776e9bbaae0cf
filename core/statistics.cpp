#include "core/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "core/error.hpp"
#include "core/math.hpp"
#include "core/parallel.hpp"

namespace gradus {
namespace {

void require_confidence(const char* operation, double confidence) {
  require(confidence > 0 && confidence < 1, operation,
          "confidence must be above 0 and below 1, got {}", confidence);
}

// The z for which a standard normal variable is within ±z with that probability, by bisection.
double two_sided_normal_quantile(double confidence) {
  double low = 0, high = 40;
  while (true) {
    const double middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    (2 * math::normal_cdf(-middle) > 1 - confidence ? low : high) = middle;
  }
}

// The quantile `part` of sorted numbers, of their mid-distribution: half of those that are equal
// count as below. Interpolated between neighbours, infinite ones too.
double mid_quantile(const std::vector<double>& sorted, double part) {
  const double place = part * static_cast<double>(sorted.size());
  double value_before = sorted[0], middle_before = 0;
  for (auto first = sorted.begin(); first != sorted.end();) {
    const auto last = std::upper_bound(first, sorted.end(), *first);
    const double middle =
        static_cast<double>((first - sorted.begin()) + (last - sorted.begin())) / 2;
    if (middle >= place) {
      const double fraction = (place - middle_before) / (middle - middle_before);
      return value_before == *first || fraction == 0
                 ? value_before
                 : (1 - fraction) * value_before + fraction * *first;
    }
    value_before = *first;
    middle_before = middle;
    first = last;
  }
  return sorted.back();
}

}  // namespace

Estimate estimate(std::span<const double> values) {
  require(!values.empty(), "estimate", "at least one value is needed");
  const double runs = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / runs;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double spread = values.size() > 1 ? std::sqrt(squares / (runs - 1))
                                          : std::numeric_limits<double>::quiet_NaN();
  return {mean, spread, std::ssize(values)};
}

double median(std::vector<double> values) {
  require(!values.empty(), "median", "at least one value is needed");
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double student_t(double degrees) {
  require(degrees >= 1, "student_t", "degrees must be 1 or more, got {}", degrees);
  // For many degrees the expansion around the normal quantile is exact to nine digits (Abramowitz
  // and Stegun 1964, 26.7.5).
  if (degrees > 1000) {
    const double z = two_sided_normal_quantile(0.95), z3 = z * z * z;
    return z + (z3 + z) / (4 * degrees) +
           (5 * z3 * z * z + 16 * z3 + 3 * z) / (96 * degrees * degrees);
  }
  // With t = √degrees·tan θ the density is proportional to cos^(degrees − 1) θ.
  const double power = degrees - 1;
  constexpr int cells = 20000;
  constexpr double width = std::numbers::pi / 2 / cells;
  const auto density = [&](int cell) { return math::pow(math::cos((cell + 0.5) * width), power); };
  double whole = 0;
  for (int cell = 0; cell < cells; ++cell) whole += density(cell);
  double part = 0;
  int cell = 0;
  while (part + density(cell) < 0.95 * whole) part += density(cell++);
  const double theta = (cell + (0.95 * whole - part) / density(cell)) * width;
  return std::sqrt(power + 1) * math::tan(theta);
}

Interval interval_of_mean(const Estimate& a) {
  if (a.runs < 2) return {-INFINITY, INFINITY};
  const double half = student_t(static_cast<double>(a.runs - 1)) * a.spread /
                      std::sqrt(static_cast<double>(a.runs));
  return {a.mean - half, a.mean + half};
}

Interval difference(const Estimate& a, const Estimate& b) {
  double variance = 0, squares = 0;  // of the difference; the sum in Welch and Satterthwaite's rule
  for (const Estimate* estimate : {&a, &b}) {
    if (estimate->spread == 0) continue;
    const double part = estimate->spread * estimate->spread / static_cast<double>(estimate->runs);
    variance += part;
    squares += part * part / static_cast<double>(estimate->runs - 1);
  }
  if (std::isnan(variance)) return {-INFINITY, INFINITY};
  const double half =
      variance == 0 ? 0 : student_t(variance * variance / squares) * std::sqrt(variance);
  return {a.mean - b.mean - half, a.mean - b.mean + half};
}

bool clearly_below(const Estimate& a, const Estimate& b) {
  return difference(a, b).high < 0;
}

std::string to_string(const Interval& interval, int decimals) {
  return fmt::format("{:.{}f} to {:.{}f}", interval.low, decimals, interval.high, decimals);
}

std::string to_string(const Estimate& estimate, int decimals) {
  const std::string mean = fmt::format("{:.{}f}", estimate.mean, decimals);
  if (std::isnan(estimate.spread)) return mean;
  return mean + fmt::format(" ± {:.{}f}", estimate.spread, decimals);
}

Interval wilson_interval(int64_t successes, int64_t trials, double confidence) {
  require(trials >= 1, "wilson_interval", "trials must be 1 or more, got {}", trials);
  require(successes >= 0 && successes <= trials, "wilson_interval",
          "successes must be 0 to {}, got {}", trials, successes);
  require_confidence("wilson_interval", confidence);
  const double n = static_cast<double>(trials), s = static_cast<double>(successes);
  const double z = two_sided_normal_quantile(confidence);
  const double middle = (s + z * z / 2) / (n + z * z);
  const double half = z * std::sqrt(s * (n - s) / n + z * z / 4) / (n + z * z);
  // Rounding would move the ends that are exactly 0 and 1.
  return {successes == 0 ? 0 : middle - half, successes == trials ? 1 : middle + half};
}

double mcnemar_p_value(int64_t only_a, int64_t only_b) {
  constexpr int64_t most = int64_t{1} << 40;  // a second of work
  require(only_a >= 0 && only_a <= most && only_b >= 0 && only_b <= most, "mcnemar_p_value",
          "counts must be 0 to 2^40, got {} and {}", only_a, only_b);
  const int64_t n = only_a + only_b, smaller = std::min(only_a, only_b);
  // The terms n!/(i!·(n − i)!), from the largest down and divided by it, so that none overflows.
  // The upper half mirrors the lower one.
  double term = 1, half = 0, tail = 0;
  for (int64_t i = n / 2; i >= 0 && term > 0; --i) {
    half += term;
    if (i <= smaller) tail += term;
    term *= static_cast<double>(i) / static_cast<double>(n - i + 1);
  }
  const double all = n % 2 == 0 ? 2 * half - 1 : 2 * half;
  return std::min(1.0, 2 * tail / all);
}

void bootstrap(int64_t samples, int64_t draws, const Rng& rng,
               const std::function<void(int64_t, std::span<const double>)>& visit,
               std::span<const double> weights) {
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  require(samples >= 1 && samples <= most, "bootstrap", "samples must be 1 to {}, got {}", most,
          samples);
  require(draws >= 1, "bootstrap", "draws must be 1 or more, got {}", draws);
  require(weights.empty() || std::ssize(weights) == samples, "bootstrap",
          "weights must be one for each of {} samples, got {}", samples, weights.size());
  // Random bits become indices by a multiplication (Lemire 2019): two indices from 64 bits.
  // Products whose lower half is below 2³² mod samples are rejected, so that all indices are
  // equally likely.
  const uint32_t range = static_cast<uint32_t>(samples), rejected_below = -range % range;
  parallel_for(draws, 8, [&](int64_t begin, int64_t end) {
    std::vector<double> counts(range);
    for (int64_t draw = begin; draw < end; ++draw) {
      Rng own = rng.fork(static_cast<uint64_t>(draw));
      std::ranges::fill(counts, 0);
      for (uint32_t drawn = 0; drawn < range;) {
        const uint64_t bits = own.bits();
        for (const uint64_t half : {bits & 0xFFFFFFFF, bits >> 32}) {
          const uint64_t product = half * range;
          if (static_cast<uint32_t>(product) < rejected_below || drawn == range) continue;
          ++counts[product >> 32];
          ++drawn;
        }
      }
      for (std::size_t i = 0; i < weights.size(); ++i) counts[i] *= weights[i];
      visit(draw, counts);
    }
  });
}

Interval percentile_interval(std::vector<double> values, double confidence) {
  require_confidence("percentile_interval", confidence);
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return {NAN, NAN};
  std::ranges::sort(values);
  const double outside = (1 - confidence) / 2;
  return {mid_quantile(values, outside), mid_quantile(values, 1 - outside)};
}

Interval bootstrap_interval(int64_t samples,
                            const std::function<double(std::span<const double>)>& statistic,
                            const Rng& rng, int64_t draws, double confidence) {
  std::vector<double> values(static_cast<std::size_t>(std::max<int64_t>(draws, 0)));
  bootstrap(samples, draws, rng, [&](int64_t draw, std::span<const double> counts) {
    values[static_cast<std::size_t>(draw)] = statistic(counts);
  });
  return percentile_interval(std::move(values), confidence);
}

}  // namespace gradus
