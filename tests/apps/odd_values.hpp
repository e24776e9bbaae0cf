// check_survives_odd_values: checks that a command refuses or accepts odd values of its options.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "apps/gradus/commands/commands.hpp"

namespace gradus {

inline constexpr auto longest = std::chrono::seconds(10);

inline const std::vector<std::string> odd_values = {"",
                                                    "nan",
                                                    "-1",
                                                    "0",
                                                    "1e308",
                                                    "1e-320",
                                                    "9223372036854775807",
                                                    std::string(1 << 20, 'a'),
                                                    "1:2/3=4,5;6@7%",
                                                    "((((((((((((((((",
                                                    "\x1b[31m\n\t",
                                                    "\xff\xfe\x80",
                                                    "%s%n{}"};

// Discards printed text and changes the working folder during its lifetime.
class Elsewhere {
 public:
  explicit Elsewhere(const std::string& folder) : before_(std::filesystem::current_path()) {
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) saved_.push_back(dup(stream));
    flush();
    const int nowhere = open("/dev/null", O_WRONLY);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, stream);
    close(nowhere);
    std::filesystem::current_path(folder);
  }
  ~Elsewhere() {
    flush();
    for (int stream = 0; stream < 2; ++stream) {
      dup2(saved_[static_cast<std::size_t>(stream)], STDOUT_FILENO + stream);
      close(saved_[static_cast<std::size_t>(stream)]);
    }
    std::filesystem::current_path(before_);
  }
  Elsewhere(const Elsewhere&) = delete;
  Elsewhere& operator=(const Elsewhere&) = delete;

 private:
  static void flush() {
    std::cout.flush();
    std::fflush(stdout);
  }

  std::filesystem::path before_;
  std::vector<int> saved_;
};

// Runs the command in this process. An error must be a std::exception with a text.
inline void check_survives(app::Command command, const app::Arguments& arguments,
                           const std::string& folder) {
  const auto start = std::chrono::steady_clock::now();
  std::string text = "none";
  try {
    const Elsewhere elsewhere(folder);
    command.run(app::parse(command.options, arguments));
  } catch (const std::exception& error) {
    text = error.what();
  }
  CHECK_FALSE(text.empty());
  CHECK(std::chrono::steady_clock::now() - start < longest);
}

/// Runs the command in `folder` with `arguments` and each odd value of each option; calls
/// `clean_up()` after each run.
template <class CleanUp>
void check_survives_odd_values(app::Command (*make)(), const app::Arguments& arguments,
                               const std::string& folder, CleanUp clean_up) {
  const app::Command command = make();
  for (const auto& option : command.options.all())
    for (const std::string& value : odd_values) {
      if (option.is_flag() && value != odd_values.front()) continue;
      CAPTURE(arguments.front());
      CAPTURE(option.name);
      CAPTURE(value.substr(0, 20));
      app::Arguments with_value = arguments;
      with_value.push_back("--" + option.name + (option.is_flag() ? "" : "=" + value));
      check_survives(make(), with_value, folder);
      clean_up();
    }
}

}  // namespace gradus
