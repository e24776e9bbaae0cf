// Stopwatch: the seconds since it was started.
#pragma once

#include <chrono>

namespace gradus {

/// Starts when it is made.
class Stopwatch {
 public:
  /// Since the start, or the last restart().
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  /// Starts anew.
  void restart() { start_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace gradus
