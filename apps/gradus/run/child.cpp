#include "apps/gradus/run/child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <list>
#include <system_error>
#include <thread>

#include "core/error.hpp"
#include "core/interrupt.hpp"

namespace gradus::app {

constexpr const char* this_program = "/proc/self/exe";

static int open_to_append(const std::string& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file < 0)
    throw WriteError(fmt::format("{}: {}", path, std::generic_category().message(errno)));
  return file;
}

// Runs in the new process, which has only this thread: it may only call functions that are safe in
// signal handlers.
[[noreturn]] static void become(char* const* arguments, int out, int err, const char* folder,
                                pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The parent may have ended before prctl().
  if (getppid() == parent && dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0 &&
      chdir(folder) == 0)
    execv(this_program, arguments);
  _exit(127);
}

Child::Child(const std::vector<std::string>& arguments, const std::string& out,
             const std::string& err, const std::string& folder) {
  std::vector<std::string> words{child_name};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const int out_file = open_to_append(out), err_file = open_to_append(err);
  const std::string start = folder.empty() ? "." : folder;
  const pid_t parent = getpid();
  id_ = fork();
  if (id_ == 0) become(pointers.data(), out_file, err_file, start.c_str(), parent);
  const int error = errno;
  close(out_file);
  close(err_file);
  if (id_ < 0)
    throw std::runtime_error(fmt::format("a child process can't be started: {}",
                                         std::generic_category().message(error)));
}

Child::Child(Child&& other) noexcept
    : id_(std::exchange(other.id_, -1)), exit_code_(other.exit_code_) {}

Child::~Child() {
  if (id_ < 0 || exit_code_) return;
  kill(id_, SIGKILL);
  waitpid(id_, nullptr, 0);
}

std::optional<int> Child::exit_code() {
  int status = 0;
  if (!exit_code_ && waitpid(id_, &status, WNOHANG) == id_)
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_code_;
}

void Child::interrupt() const {
  if (!exit_code_) kill(id_, SIGTERM);
}

bool run_children(const Children& children) {
  constexpr auto pause = std::chrono::milliseconds(5);
  std::list<std::pair<std::size_t, Child>> running;
  std::size_t next = 0, ended = 0;
  bool interrupted = false;
  while (!running.empty() || (next < children.count && !interrupted)) {
    if (!interrupted && InterruptScope::signal() != 0) {
      interrupted = true;
      for (const auto& [number, child] : running) child.interrupt();
    }
    while (!interrupted && next < children.count && std::ssize(running) < children.jobs) {
      running.emplace_back(next, children.start(next));
      ++next;
    }
    running.remove_if([&](std::pair<std::size_t, Child>& one) {
      const std::optional<int> code = one.second.exit_code();
      if (!code) return false;
      ++ended;
      if (!interrupted) children.end(one.first, *code);
      return true;
    });
    if (children.progress) children.progress(ended);
    std::this_thread::sleep_for(pause);
  }
  return !interrupted;
}

std::string error_of_child(const std::string& output, int exit_code) {
  std::ifstream stream(output);
  constexpr std::string_view prefix = "error: ";
  std::string message = fmt::format("ended with exit code {}", exit_code);
  for (std::string line; std::getline(stream, line);)
    if (line.starts_with(prefix)) message = line.substr(prefix.size());
  return message;
}

}  // namespace gradus::app
