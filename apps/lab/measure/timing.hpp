// seconds_in_turns: compares the times of two functions.
#pragma once

#include <functional>

#include "core/statistics.hpp"
#include "core/stopwatch.hpp"

namespace gradus::lab {

/// Seconds of two functions.
struct TwoTimes {
  double first = 0, second = 0;

  double ratio() const { return first / second; }
};

/// The median times of `repeats` calls of each. They take turns, so that other programs slow down
/// both.
inline TwoTimes seconds_in_turns(int repeats, const std::function<void()>& first,
                                 const std::function<void()>& second) {
  std::vector<double> seconds[2];
  for (int repeat = 0; repeat < repeats; ++repeat)
    for (const bool is_second : {false, true}) {
      const Stopwatch watch;
      is_second ? second() : first();
      seconds[is_second].push_back(watch.seconds());
    }
  return {median(seconds[0]), median(seconds[1])};
}

}  // namespace gradus::lab
