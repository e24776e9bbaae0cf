// best_so_far, parallel_coordinates, importances: pictures of a search.
#pragma once

#include <string>

#include "apps/gradus/search/search_runner.hpp"

namespace gradus::app {

/// The best value so far over the epochs of training that all trials took until then.
std::string best_so_far(const SearchRunner& runner, const std::vector<SearchEvent>& events);
/// Each trial as a line through its values, the best tenth highlighted.
std::string parallel_coordinates(const SearchRunner& runner);
/// A bar for each parameter: how much of the values' variance goes back to it.
std::string importances(const SearchRunner& runner);

}  // namespace gradus::app
