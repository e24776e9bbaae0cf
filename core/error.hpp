// require, fail, file_error, LayerScope: errors of one line with the operation, the rule and the
// values.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "core/text/printable.hpp"

namespace gradus {

/// The maximal number of characters in an error's text; a longer one is cut.
constexpr std::size_t longest_message = 1000;

/// Names the layer that runs until the end of the scope. Scopes nest: "features", then "0", is
/// "features.0". Every error of this thread begins with the path, and every recorded
/// operation keeps it for the errors of its gradient. Containers open a scope for each child they
/// call.
class LayerScope {
 public:
  /// Appends `name` to the path of this thread. The destructor removes it again.
  explicit LayerScope(std::string_view name);
  ~LayerScope();
  LayerScope& operator=(LayerScope&&) = delete;

  /// The path of the layer that runs in this thread now; empty outside layers.
  static const std::string& path();

 private:
  std::size_t length_before_;
};

/// A file that can't be written because the disk is full or fails, or the folder is
/// write-protected. The contents are not at fault. The text is "path: …".
struct WriteError : std::runtime_error {
  /// The text becomes a printable() line.
  explicit WriteError(std::string_view text)
      : std::runtime_error(printable(text, longest_message)) {}
};

/// Memory that the system can't provide; the text says for what, and how much.
class OutOfMemory : public std::bad_alloc {
 public:
  /// "[operation] out of memory: `what` takes 1.5 GiB", after the layer's path.
  OutOfMemory(std::string_view operation, std::string_view what, double bytes);
  /// That text.
  const char* what() const noexcept override { return text_->c_str(); }

 private:
  std::shared_ptr<const std::string> text_;  // copies of exceptions must not throw
};

namespace detail {
/// "layer 3: [conv2d] message"; inside a LayerScope only with the layer's part.
std::string error_text(std::string_view operation, std::string_view message);

// The templates below call these, so that formatting is compiled once.
[[noreturn]] void throw_invalid(std::string_view operation, fmt::string_view message,
                                fmt::format_args args);
[[noreturn]] void throw_misuse(std::string_view operation, fmt::string_view message,
                               fmt::format_args args);
[[noreturn]] void throw_file_error(std::string_view path, fmt::string_view message,
                                   fmt::format_args args);
}  // namespace detail

/// Throws std::invalid_argument for a mistake of the caller. The text is "[operation] message".
template <class... Args>
[[noreturn]] void fail(std::string_view operation, fmt::format_string<Args...> message,
                       Args&&... args) {
  detail::throw_invalid(operation, message, fmt::make_format_args(args...));
}

/// fail() unless `holds`.
template <class... Args>
void require(bool holds, std::string_view operation, fmt::format_string<Args...> message,
             Args&&... args) {
  if (!holds) [[unlikely]]
    fail(operation, message, std::forward<Args>(args)...);
}

/// Throws std::logic_error for a wrong use of autograd. The text is "[operation] message".
template <class... Args>
[[noreturn]] void misuse(std::string_view operation, fmt::format_string<Args...> message,
                         Args&&... args) {
  detail::throw_misuse(operation, message, fmt::make_format_args(args...));
}

/// Throws std::runtime_error "path: message" for a file that is missing, damaged or can't be
/// written.
template <class... Args>
[[noreturn]] void file_error(std::string_view path, fmt::format_string<Args...> message,
                             Args&&... args) {
  detail::throw_file_error(path, message, fmt::make_format_args(args...));
}

/// The result of body(). An exception becomes a file_error() for `path`, unless it already is one.
template <class Body>
auto of_file(const std::string& path, Body&& body) {
  try {
    return body();
  } catch (const std::exception& error) {
    const std::string text = error.what();
    if (text.starts_with(printable(path)))
      throw std::runtime_error(printable(text, longest_message));
    file_error(path, "{}", text);
  }
}

}  // namespace gradus
