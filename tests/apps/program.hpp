// Process: runs a program in a child process; run_gradus: runs gradus.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "core/text/split.hpp"
#include "tests/temporary_folder.hpp"

namespace gradus {

inline std::string read_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// A program that runs in `folder`; its output is written to files outside of that folder.
class Process {
 public:
  struct Result {
    int code;  ///< of the exit, or 1000 + the number of the signal that ended it
    std::string out, err;
  };

  Process(std::vector<std::string> arguments, const std::string& folder,
          std::optional<rlim_t> file_limit = {})
      : out_(output_.path("out")), err_(output_.path("err")) {
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    // Closed by execv(), when the program has its own signal handlers.
    int started[2];
    if (pipe2(started, O_CLOEXEC) != 0) return;
    pid_ = fork();
    if (pid_ != 0) {
      close(started[1]);
      char nothing;
      while (read(started[0], &nothing, 1) < 0 && errno == EINTR) continue;
      close(started[0]);
      return;
    }
    const rlimit limit{file_limit.value_or(RLIM_INFINITY), RLIM_INFINITY};
    const bool ready = redirect(STDOUT_FILENO, out_) && redirect(STDERR_FILENO, err_) &&
                       chdir(folder.c_str()) == 0 && setrlimit(RLIMIT_FSIZE, &limit) == 0;
    if (ready) execv(argv[0], argv.data());
    _exit(99);
  }
  ~Process() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void kill(int signal) const { ::kill(pid_, signal); }
  /// Returns when the standard output contains `text`, or the program has ended.
  void wait_for(const std::string& text) const {
    while (read_text(out_).find(text) == std::string::npos && !has_ended())
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  /// Returns when the program handles `signal` itself, or has ended.
  void wait_until_it_handles(int signal) const {
    const std::string caught = "SigCgt:\t";
    const auto handles = [&] {
      const std::string status = read_text("/proc/" + std::to_string(pid_) + "/status");
      const std::size_t at = status.find(caught);
      return at == std::string::npos ||
             std::stoull(status.substr(at + caught.size(), 16), nullptr, 16) >> (signal - 1) & 1;
    };
    while (!handles() && !has_ended()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  Result wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    return {code, read_text(out_), read_text(err_)};
  }

 private:
  bool has_ended() const {
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid != 0;
  }
  static bool redirect(int descriptor, const std::string& path) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    return file >= 0 && dup2(file, descriptor) >= 0;
  }

  TemporaryFolder output_;
  std::string out_, err_;
  pid_t pid_ = -1;
};

/// The program build/gradus with the words of `line`, split at spaces.
inline std::vector<std::string> gradus_arguments(const std::string& line) {
  std::vector<std::string> arguments{GRADUS_PROGRAM};
  std::istringstream words(line);
  for (std::string word; words >> word;) arguments.push_back(word);
  return arguments;
}

/// Runs build/gradus with the words of `line` and waits for its end.
inline Process::Result run_gradus(const std::string& line, const TemporaryFolder& folder) {
  return Process(gradus_arguments(line), folder.path()).wait();
}

inline nlohmann::json json_of_file(const std::string& path) {
  return nlohmann::json::parse(read_text(path));
}

/// The rows of metrics.csv without the seconds, which differ from run to run.
inline std::vector<std::string> metric_rows(const std::string& run) {
  std::vector<std::string> rows;
  std::istringstream lines(read_text(run + "/metrics.csv"));
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string_view> cells = split(line, ',');
    cells.erase(cells.begin() + 7);
    rows.push_back(fmt::format("{}", fmt::join(cells, ",")));
  }
  return rows;
}

}  // namespace gradus
