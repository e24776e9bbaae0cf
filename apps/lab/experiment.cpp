#include "apps/lab/experiment.hpp"

#include "core/text/split.hpp"

namespace gradus::lab {

Outcome outcome_of(std::initializer_list<bool> parts) {
  const auto holding = std::ranges::count(parts, true);
  return outcome_of(holding > 0, holding == std::ssize(parts));
}

Outcome outcome_of(bool mainly, bool always) {
  if (!mainly) return Outcome::fails;
  return always ? Outcome::holds : Outcome::conditional;
}

std::string to_string(const Verdict& verdict) {
  if (verdict.outcome == Outcome::holds) return "holds";
  if (verdict.outcome == Outcome::fails) return "doesn't hold";
  return "holds " + verdict.condition;
}

bool Experiment::supports(std::string_view option) const {
  return std::ranges::any_of(split(options, ','), [&](std::string_view supported) {
    return trimmed(supported) == (option == "data-dir" ? "data" : option);
  });
}

std::vector<std::string> chapters(const std::vector<Experiment>& experiments) {
  std::vector<std::string> names;
  for (const Experiment& experiment : experiments)
    if (std::ranges::find(names, experiment.chapter) == names.end())
      names.push_back(experiment.chapter);
  return names;
}

}  // namespace gradus::lab
