// importance: how much each parameter of a search influences the result.
#pragma once

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// The total effect of each parameter (Homma and Saltelli 1996): the fraction of the values'
/// variance due to it, alone and in interactions. It is estimated (Jansen 1999) from the mean that
/// a Gaussian process predicts over the whole space. 0 … 1; with interactions the sum is above 1.
/// Empty if all trials have the same value. A functional analysis of variance like that of Hutter
/// et al. (2014), with another model.
std::vector<double> importance(const SearchSpace& space, const std::vector<Trial>& trials);

}  // namespace gradus::optim
