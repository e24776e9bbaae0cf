// For the sources of Adam and its kin, no part of the interface.
#pragma once

#include "core/text/option_table.hpp"

namespace gradus::optim {

/// The options that they all have, and `more`.
template <class Options>
OptionTable<Options> adam_table(const OptionTable<Options>& more = {}) {
  using O = Options;
  OptionTable<O> table{
      {"beta1", &O::beta1, range::fraction, "part of the mean gradient that stays"},
      {"beta2", &O::beta2, range::fraction, "part of the mean square that stays"},
      {"eps", &O::eps, range::positive, "keeps the divisor from 0"},
      {"weight_decay", &O::weight_decay, range::not_negative, "shrinks weights"}};
  table.insert(table.end(), more.begin(), more.end());
  return table;
}

}  // namespace gradus::optim
