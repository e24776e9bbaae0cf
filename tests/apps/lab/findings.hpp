// findings: what an experiment found about each part of its claim.
#pragma once

#include <fmt/ranges.h>

#include "apps/lab/experiment.hpp"

namespace gradus::lab {

/// "holds, not clear, fails": the findings in the order of the parts.
inline std::string findings(const Report& report) {
  std::vector<std::string> words;
  for (const Part& part : report.verdict.parts) words.push_back(to_string(part.finding));
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace gradus::lab
