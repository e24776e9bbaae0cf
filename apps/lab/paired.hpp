// Runs with and without something, compared seed by seed.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

#include "apps/lab/experiment.hpp"

namespace gradus::lab {

/// The claim that each of several methods makes a number smaller. Runs with the same seed are
/// compared with each other, which says more than two means do.
struct PairedComparisons {
  Table table{"Each method against the same training without it",
              {"method", "measure", {"without", 2}, {"with", 2}, {"difference", 2}}};
  std::string differences, failed;  ///< in words
  std::size_t failures = 0;

  /// A row, of a number of each run: by a member. It is smaller where the mean difference is below
  /// 0 by more than two standard errors.
  template <class Run>
  void add(const char* method, const char* measure, const std::vector<Run>& without,
           const std::vector<Run>& with, double Run::*value) {
    std::vector<double> before, after, difference;
    for (std::size_t i = 0; i < with.size(); ++i) {
      before.push_back(without[i].*value);
      after.push_back(with[i].*value);
      difference.push_back(after[i] - before[i]);
    }
    const Estimate gain = estimate(difference);
    table.rows.push_back({method, measure, estimate(before), estimate(after), gain});
    differences += fmt::format(" {}: {} {};", method, measure, to_string(gain, 1));
    if (clearly_below(gain, {0, 0, gain.runs})) return;
    failed += fmt::format("{}{}: {}", failures == 0 ? "" : "; ", method, measure);
    ++failures;
  }

  Verdict verdict() const {
    Verdict verdict{Outcome::holds, "The differences:" + differences,
                    "this is left out: " + failed};
    verdict.reason.back() = '.';
    if (failures > 0) verdict.outcome = Outcome::conditional;
    if (failures == table.rows.size()) verdict.outcome = Outcome::fails;
    return verdict;
  }
};

}  // namespace gradus::lab
