// adam_table: the common options of Adam and its variants; internal.
#pragma once

#include "core/text/option_table.hpp"

namespace gradus::optim {

/// The common options, followed by `more`.
template <class Options>
OptionTable<Options> adam_table(const OptionTable<Options>& more = {}) {
  using O = Options;
  OptionTable<O> table{{"beta1", &O::beta1, range::fraction, "decay rate of the mean gradient"},
                       {"beta2", &O::beta2, range::fraction, "decay rate of the mean square"},
                       {"eps", &O::eps, range::positive, "added to the divisor"},
                       {"weight_decay", &O::weight_decay, range::not_negative, "weight decay"}};
  table.insert(table.end(), more.begin(), more.end());
  return table;
}

}  // namespace gradus::optim
