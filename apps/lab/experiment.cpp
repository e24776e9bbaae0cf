#include "apps/lab/experiment.hpp"

#include <algorithm>

#include "core/text/split.hpp"

namespace gradus::lab {

Outcome outcome_of(std::initializer_list<bool> parts) {
  const auto holding = std::count(parts.begin(), parts.end(), true);
  return outcome_of(holding > 0, holding == std::ssize(parts));
}

Outcome outcome_of(bool mainly, bool always) {
  if (!mainly) return Outcome::fails;
  return always ? Outcome::holds : Outcome::conditional;
}

std::string to_string(const Verdict& verdict) {
  if (verdict.outcome == Outcome::holds) return "holds";
  if (verdict.outcome == Outcome::fails) return "doesn't hold";
  return "holds under the condition that " + verdict.condition;
}

bool Experiment::heeds(std::string_view option) const {
  return std::ranges::any_of(split(options, ','), [&](std::string_view heeded) {
    return trimmed(heeded) == (option == "data-dir" ? "data" : option);
  });
}

std::vector<Chapter> chapters(const std::vector<Experiment>& experiments) {
  std::vector<Chapter> result;
  for (const Experiment& experiment : experiments) {
    auto found = std::ranges::find(result, experiment.chapter, &Chapter::name);
    if (found == result.end()) found = result.insert(found, {experiment.chapter, {}});
    found->experiments.push_back(experiment);
  }
  return result;
}

}  // namespace gradus::lab
