// read_described: reads a file of a saved model without weights, whose description is the input's.
#pragma once

#include <cstring>
#include <nlohmann/json.hpp>

#include "tests/fuzz/target.hpp"
#include "train/saved_model.hpp"

namespace gradus::fuzz {

/// What read_model() makes of the description, which may refuse it by std::runtime_error.
inline train::SavedModel read_described(std::string_view description) {
  static const MemoryFile file;
  const auto replace = nlohmann::json::error_handler_t::replace;
  const std::string header = nlohmann::json{{"__metadata__", {{"gradus.model", description}}}}.dump(
      -1, ' ', false, replace);
  const uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return train::read_model(file.of(bytes + header));
}

}  // namespace gradus::fuzz
