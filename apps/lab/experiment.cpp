#include "apps/lab/experiment.hpp"

#include "core/text/split.hpp"

namespace gradus::lab {

Outcome Verdict::outcome() const {
  const auto are = [&](Finding finding) {
    return std::ranges::count(parts, finding, &Part::finding);
  };
  if (are(Finding::holds) > 0)
    return are(Finding::holds) == std::ssize(parts) ? Outcome::holds : Outcome::in_part;
  return are(Finding::fails) > 0 ? Outcome::fails : Outcome::undecided;
}

std::string to_string(Finding finding) {
  constexpr const char* words[] = {"holds", "fails", "not clear", "not judged"};
  return words[static_cast<std::size_t>(finding)];
}

std::string to_string(Outcome outcome) {
  constexpr const char* words[] = {"holds", "holds in part", "doesn't hold", "isn't decided"};
  return words[static_cast<std::size_t>(outcome)];
}

std::string to_string(const Part& part) {
  return fmt::format("{}: {}{}{}", to_string(part.finding), part.says,
                     part.numbers.empty() ? "" : "; ", part.numbers);
}

std::string remarks(const Verdict& verdict) {
  if (verdict.not_tested.empty()) return verdict.remark;
  return fmt::format("{}{}Not tested: {}.", verdict.remark, verdict.remark.empty() ? "" : " ",
                     verdict.not_tested);
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
