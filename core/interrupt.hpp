// InterruptScope: Ctrl-C and SIGTERM as a question, so that a training can end in order.
#pragma once

namespace gradus {

/// While it lives, the first SIGINT or SIGTERM is only noted; the second ends the program at once
/// with exit code 128 + its number. One at a time.
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope& operator=(InterruptScope&&) = delete;

  /// The number of the signal that came, 0 before.
  static int signal();
};

}  // namespace gradus
