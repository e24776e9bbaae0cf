// Child: runs this program with other arguments, in a process of its own.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace gradus::app {

/// The name by which a search starts its trials, and how these end where a file couldn't be
/// written: nothing else may be left to tell a full disk from a trial that failed.
constexpr const char* trial_name = "gradus-trial";
constexpr int trial_write_error = 74;

/// This program with other arguments, in a process of its own. It ends when this one ends, however
/// that ends; Ctrl-C doesn't reach it from the terminal.
class Child {
 public:
  /// `arguments` follow the program's name. What it prints is appended to the files, which may be
  /// one. Throws std::runtime_error where it can't be started.
  Child(const std::vector<std::string>& arguments, const std::string& out, const std::string& err);
  /// Kills it.
  ~Child();
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  /// Nothing while it runs; 128 + the number of the signal that ended it, if one did.
  std::optional<int> exit_code();
  /// Asks it to stop (SIGTERM).
  void interrupt() const;

 private:
  pid_t id_;
  std::optional<int> exit_code_;
};

}  // namespace gradus::app
