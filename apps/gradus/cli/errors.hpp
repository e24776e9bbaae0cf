// What ends the program with a line on stderr.
#pragma once

#include <stdexcept>

namespace gradus::app {

/// A command line that can't be carried out; exit code 2. Everything else that is thrown is 1.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The result of `body()`, whose std::invalid_argument — the library's word for a wrong value or
/// name — is the command line's fault.
template <class Body>
decltype(auto) as_usage(Body&& body) {
  try {
    return body();
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

}  // namespace gradus::app
