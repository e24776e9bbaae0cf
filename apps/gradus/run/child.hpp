// Child: runs this program with other arguments in a child process.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gradus::app {

/// The program name of children, and their exit code if a file can't be written: this distinguishes
/// a full disk from a training that failed.
constexpr const char* child_name = "gradus-child";
constexpr int child_write_error = 74;

/// A child process that runs this program. It is killed when this process ends; Ctrl-C on the
/// terminal doesn't interrupt it.
class Child {
 public:
  /// `arguments` don't contain the program's name. The output is appended to the files `out` and
  /// `err`, which may be the same. An empty `folder` is the current one. Throws std::runtime_error
  /// if the process can't be started.
  Child(const std::vector<std::string>& arguments, const std::string& out, const std::string& err,
        const std::string& folder = {});
  /// Kills the process.
  ~Child();
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  /// The exit code, or 128 + the number of the signal that ended it; empty while it runs.
  std::optional<int> exit_code();
  /// Sends SIGTERM.
  void interrupt() const;

 private:
  pid_t id_;
  std::optional<int> exit_code_;
};

/// The error that a child printed to the file `output`, without "error: ", or its exit code.
std::string error_of_child(const std::string& output, int exit_code);

/// Child processes that run side by side, number 0 … count−1.
struct Children {
  std::size_t count = 0;
  int64_t jobs = 1;                                      ///< at the same time
  std::function<Child(std::size_t)> start;               ///< starts one
  std::function<void(std::size_t, int exit_code)> end;   ///< called when one has ended
  std::function<void(std::size_t ended)> progress = {};  ///< called while they run
};
/// Runs them in their order. After a signal (see InterruptScope) it starts no more, interrupts
/// those that run, waits for them and returns false.
bool run_children(const Children& children);

}  // namespace gradus::app
