// Points near others. For methods of search, no part of the interface.
#pragma once

#include "core/random.hpp"
#include "optim/search/space.hpp"

namespace gradus::optim::detail {

/// `point` with one parameter changed: of a list to another value, else by normal noise of this
/// deviation, mirrored at the bounds.
Point with_change(const SearchSpace& space, Point point, std::size_t parameter, double deviation,
                  Rng& rng);
/// With a change of one parameter that takes part, or several: each further one half as likely.
Point with_changes(const SearchSpace& space, const Point& point, double deviation, Rng& rng);

}  // namespace gradus::optim::detail
