// Stopwatch: measures seconds.
#pragma once

#include <chrono>

namespace gradus {

/// Starts at its construction.
class Stopwatch {
 public:
  /// Seconds since the start or the last restart().
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  /// Starts again from 0.
  void restart() { start_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace gradus
