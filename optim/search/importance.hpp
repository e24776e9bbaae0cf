// Which parameters of a search matter.
#pragma once

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// For each parameter of the space the part of the values' variance that would be gone if it were
/// fixed, alone and together with others: the total effect (Homma and Saltelli 1996), estimated
/// (Jansen 1999) on the mean that a Gaussian process predicts all over the space. 0 … 1; with
/// interactions the sum is above 1. Empty where no trial's value differs from another's.
/// A functional analysis of variance like that of Hutter et al. (2014), with another model.
std::vector<double> importance(const SearchSpace& space, const std::vector<Trial>& trials);

}  // namespace gradus::optim
