// InterruptScope: records Ctrl-C and SIGTERM, so that a training can save a checkpoint and end.
#pragma once

namespace gradus {

/// During its lifetime, the first SIGINT or SIGTERM is only recorded; the second ends the program
/// at once with exit code 128 + its number. Only one object may exist at a time.
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope& operator=(InterruptScope&&) = delete;

  /// The number of the received signal; 0 if there was none.
  static int signal();
};

}  // namespace gradus
