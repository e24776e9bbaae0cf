// fact, lower, higher, negative, positive, within: parts of claims, judged by what was measured.
#pragma once

#include "apps/lab/measure/estimates.hpp"

namespace gradus::lab {

/// A part that one look decides, without chance.
Part fact(const std::string& says, bool holds, const std::string& numbers = {});

/// A part that says that a is lower than b. It holds or fails if the 95 % interval of a − b (see
/// difference()) lies below or above 0, and is unclear otherwise: always for a single run.
Part lower(const std::string& says, const Estimate& a, const Estimate& b, int decimals);
/// The same for a higher than b.
Part higher(const std::string& says, const Estimate& a, const Estimate& b, int decimals);

/// A part that says that a difference of pairs (see paired_difference()) is below 0; it
/// is judged as by lower().
Part negative(const std::string& says, const Estimate& difference, int decimals);
/// The same for a difference above 0.
Part positive(const std::string& says, const Estimate& difference, int decimals);

/// A part that says that a exceeds b by less than `margin`, as "as good as" does: it holds if the
/// whole 95 % interval of a − b is below the margin, and fails if all of it is above.
Part within(const std::string& says, const Estimate& a, const Estimate& b, double margin,
            int decimals);

}  // namespace gradus::lab
