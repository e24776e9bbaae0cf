#include "apps/lab/experiment.hpp"

#include <algorithm>

namespace gradus::lab {

std::vector<Chapter> chapters(const std::vector<Experiment>& experiments) {
  std::vector<Chapter> result;
  for (const Experiment& experiment : experiments) {
    const auto same = [&](const Chapter& chapter) { return chapter.name == experiment.chapter; };
    auto found = std::find_if(result.begin(), result.end(), same);
    if (found == result.end()) found = result.insert(found, {experiment.chapter, {}});
    found->experiments.push_back(experiment);
  }
  return result;
}

std::string to_string(const Verdict& verdict) {
  if (verdict.outcome == Outcome::holds) return "holds";
  if (verdict.outcome == Outcome::fails) return "doesn't hold";
  return "holds under the condition that " + verdict.condition;
}

}  // namespace gradus::lab
