// Claims of several parts.
#pragma once

#include <algorithm>
#include <initializer_list>

#include "apps/lab/experiment.hpp"

namespace gradus::lab {

/// A claim holds where all its parts do and fails where none does; else it holds under a condition.
inline Outcome outcome_of(std::initializer_list<bool> parts) {
  const auto holding = std::count(parts.begin(), parts.end(), true);
  if (holding == 0) return Outcome::fails;
  return holding == std::ssize(parts) ? Outcome::holds : Outcome::conditional;
}

}  // namespace gradus::lab
