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

std::string detail::error_text(std::string_view operation, std::string_view message) {
  return layer_path.empty() ? fmt::format("[{}] {}", operation, message)
                            : fmt::format("layer {}: [{}] {}", layer_path, operation, message);
}

}  // namespace gradus
