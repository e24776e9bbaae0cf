#include "apps/lab/measure/parts.hpp"

namespace gradus::lab {
namespace {

Finding finding_of(const Estimate& a, const Estimate& b) {
  if (clearly_below(a, b)) return Finding::holds;
  return clearly_below(b, a) ? Finding::fails : Finding::unclear;
}

std::string compared(const Estimate& a, const Estimate& b, int decimals) {
  return fmt::format("{} against {}, difference {}", to_string(a, decimals), to_string(b, decimals),
                     difference_text(a, b, decimals));
}

Estimate zero_for(const Estimate& difference) {
  return {0, 0, difference.runs};
}

}  // namespace

Part fact(const std::string& says, bool holds, const std::string& numbers) {
  return {says, holds ? Finding::holds : Finding::fails, numbers};
}

Part lower(const std::string& says, const Estimate& a, const Estimate& b, int decimals) {
  return {says, finding_of(a, b), compared(a, b, decimals)};
}

Part higher(const std::string& says, const Estimate& a, const Estimate& b, int decimals) {
  return {says, finding_of(b, a), compared(a, b, decimals)};
}

Part negative(const std::string& says, const Estimate& difference, int decimals) {
  const Estimate zero = zero_for(difference);
  return {says, finding_of(difference, zero), difference_text(difference, zero, decimals)};
}

Part positive(const std::string& says, const Estimate& difference, int decimals) {
  const Estimate zero = zero_for(difference);
  return {says, finding_of(zero, difference), difference_text(difference, zero, decimals)};
}

Part within(const std::string& says, const Estimate& a, const Estimate& b, double margin,
            int decimals) {
  return {says, finding_of({a.mean - margin, a.spread, a.runs}, b),
          difference_text(a, b, decimals)};
}

}  // namespace gradus::lab
