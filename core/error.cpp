#include "core/error.hpp"

namespace gradus {

namespace {
thread_local std::string layer_path;
}

LayerScope::LayerScope(std::string_view name) : length_before_(layer_path.size()) {
  if (!layer_path.empty()) layer_path += '.';
  layer_path += name;
}

LayerScope::~LayerScope() {
  layer_path.resize(length_before_);
}

const std::string& LayerScope::path() {
  return layer_path;
}

OutOfMemory::OutOfMemory(std::string_view operation, std::string_view what, double bytes)
    : text_(std::make_shared<const std::string>(detail::error_text(
          operation, fmt::format("out of memory: {} takes {:.1f} GiB", what, bytes * 0x1p-30)))) {}

namespace detail {

std::string error_text(std::string_view operation, std::string_view message) {
  const std::string text = fmt::format("[{}] {}", operation, message);
  return printable(layer_path.empty() ? text : fmt::format("layer {}: {}", layer_path, text),
                   longest_message);
}

void throw_invalid(std::string_view operation, fmt::string_view message, fmt::format_args args) {
  throw std::invalid_argument(error_text(operation, fmt::vformat(message, args)));
}

void throw_misuse(std::string_view operation, fmt::string_view message, fmt::format_args args) {
  throw std::logic_error(error_text(operation, fmt::vformat(message, args)));
}

void throw_file_error(std::string_view path, fmt::string_view message, fmt::format_args args) {
  throw std::runtime_error(
      printable(fmt::format("{}: {}", path, fmt::vformat(message, args)), longest_message));
}

}  // namespace detail
}  // namespace gradus
