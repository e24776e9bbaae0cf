// The header of a safetensors file: which tensors it holds, and where.
#pragma once

#include <map>

#include "core/tensor.hpp"

namespace gradus::safetensors {

/// The format's own limit in bytes, which keeps a reader from building a header of gigabytes.
constexpr uint64_t max_header = 100'000'000;

/// A type of the format, and how its values become those of a tensor.
struct FileType {
  std::string_view name;
  int64_t size;  ///< bytes
  DType dtype;
  /// n values from `bytes` to a tensor's; null where the bytes are the same.
  void (*convert)(const char* bytes, int64_t n, void* values);
};

/// The type in which a tensor of `dtype` is written.
const FileType& file_type(DType dtype);

struct TensorEntry {
  std::string name;
  const FileType* type = nullptr;
  Shape shape;
  uint64_t begin = 0, end = 0;  ///< bytes, from the end of the header
};

/// The entries of the header `text` in the order of their data, which they fill (`data_bytes`)
/// without overlap or hole. Fills in `metadata`. Throws std::runtime_error naming the file `path`
/// for whatever the format doesn't allow.
std::vector<TensorEntry> parse_header(const std::string& path, const std::string& text,
                                      uint64_t data_bytes,
                                      std::map<std::string, std::string>& metadata);

/// The header of a file that holds `tensors` in this order. Throws std::invalid_argument for a name
/// that stands there twice, and for names and metadata that aren't UTF-8.
std::string format_header(const NamedTensors& tensors,
                          const std::map<std::string, std::string>& metadata);

/// A name for an error: on one line, and not at any length.
std::string shown(std::string_view name);

}  // namespace gradus::safetensors
