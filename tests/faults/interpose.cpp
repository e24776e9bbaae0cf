// interpose: a library that is preloaded into programs. One call that writes, syncs, renames or
// removes a file fails, or the program is killed in it; all other calls work. Environment
// variables:
//
//     GRADUS_FAULT=kill|ENOSPC|EIO   the fault
//     GRADUS_FAULT_AT=N              the number of the call, from 1 on
//     GRADUS_FAULT_IN=NAME           the name of the program
//     GRADUS_FAULT_MARK=PATH         a file that is created at the fault, so that it occurs once
//
// GRADUS_CLOCK=back sets the time of day back an hour whenever it is read; GRADUS_THREADS=none lets
// no thread start.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace {

std::string_view setting(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

// Whether the fault occurs in this call.
bool is_chosen() {
  static std::atomic<long> calls{0};
  static const bool concerned = setting("GRADUS_FAULT_IN") == program_invocation_short_name;
  static const long at = std::atol(setting("GRADUS_FAULT_AT").data());
  return concerned && ++calls == at && access(setting("GRADUS_FAULT_MARK").data(), F_OK) != 0;
}

// Causes the fault: kills the program, or sets errno and returns -1.
int fault() {
  const int mark = static_cast<int>(
      syscall(SYS_openat, AT_FDCWD, setting("GRADUS_FAULT_MARK").data(), O_CREAT | O_WRONLY, 0600));
  syscall(SYS_close, mark);
  if (setting("GRADUS_FAULT") == "kill") kill(getpid(), SIGKILL);
  errno = setting("GRADUS_FAULT") == "ENOSPC" ? ENOSPC : EIO;
  return -1;
}

// Whether the descriptor is a file, not a standard stream.
bool is_file(int descriptor) {
  struct stat status;
  return descriptor > STDERR_FILENO && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, size_t count) {
  if (is_file(descriptor) && is_chosen()) {
    syscall(SYS_write, descriptor, bytes, count / 2);  // half of it is written
    return fault();
  }
  return syscall(SYS_write, descriptor, bytes, count);
}

ssize_t writev(int descriptor, const iovec* pieces, int count) {
  if (is_file(descriptor) && is_chosen()) return fault();
  return syscall(SYS_writev, descriptor, pieces, count);
}

int fsync(int descriptor) {
  return is_chosen() ? fault() : static_cast<int>(syscall(SYS_fsync, descriptor));
}

int rename(const char* from, const char* to) noexcept {
  if (is_chosen()) return fault();
  return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int unlink(const char* path) noexcept {
  return is_chosen() ? fault() : static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int remove(const char* path) noexcept {
  if (is_chosen()) return fault();
  if (syscall(SYS_unlinkat, AT_FDCWD, path, 0) == 0) return 0;
  return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const int result = static_cast<int>(syscall(SYS_clock_gettime, clock, time));
  static const bool goes_back = setting("GRADUS_CLOCK") == "back";
  static std::atomic<long> hours{0};
  if (goes_back && clock == CLOCK_REALTIME) time->tv_sec -= 3600 * ++hours;
  return result;
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*),
                   void* argument) noexcept {
  using Create = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto create = reinterpret_cast<Create>(dlsym(RTLD_NEXT, "pthread_create"));
  return setting("GRADUS_THREADS") == "none" ? EAGAIN : create(thread, attributes, body, argument);
}

int mkdir(const char* path, mode_t mode) noexcept {
  return is_chosen() ? fault() : static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
}
