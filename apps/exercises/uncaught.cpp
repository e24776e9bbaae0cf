// report_uncaught: how a program of `./run program` ends that doesn't catch an exception: with its
// output so far, the line "error: what happened" and the exit code 1. CMake compiles this file
// once; every such program is linked with it.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

namespace {

[[noreturn]] void report_uncaught() {
  std::string message = "terminated without an exception";
  if (const std::exception_ptr uncaught = std::current_exception()) {
    try {
      std::rethrow_exception(uncaught);
    } catch (const std::exception& error) {
      message = error.what();
    } catch (...) {
      message = "an exception that isn't a std::exception";
    }
  }
  std::cout.flush();
  std::fflush(nullptr);
  std::fprintf(stderr, "error: %s\n", message.c_str());
  std::_Exit(1);
}

// Set before main() begins: the program needs no line for it.
[[maybe_unused]] const std::terminate_handler previous = std::set_terminate(report_uncaught);

}  // namespace
