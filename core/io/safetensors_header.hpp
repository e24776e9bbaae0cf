// parse_header, format_header: the header of a safetensors file, the list of its tensors and their
// places.
#pragma once

#include <map>

#include "core/tensor.hpp"

namespace gradus::safetensors {

/// The format's limit in bytes, so that a reader never builds a header of gigabytes.
constexpr uint64_t max_header = 100'000'000;

/// A type of the format, with the conversion of its values to those of a tensor.
struct FileType {
  std::string_view name;
  int64_t size;  ///< bytes
  DType dtype;
  /// Converts n values from `bytes` to those of a tensor; null if the bytes are the same.
  void (*convert)(const char* bytes, int64_t n, void* values);
};

/// The file type of a tensor of `dtype`.
const FileType& file_type(DType dtype);

struct TensorEntry {
  std::string name;
  const FileType* type = nullptr;
  Shape shape;
  uint64_t begin = 0, end = 0;  ///< in bytes after the header
};

/// The entries of the header `text` in the order of their data. They must cover all `data_bytes`
/// without overlaps or gaps. Also fills `metadata`. Throws std::runtime_error "path: …" for
/// anything that the format doesn't allow.
std::vector<TensorEntry> parse_header(const std::string& path, const std::string& text,
                                      uint64_t data_bytes,
                                      std::map<std::string, std::string>& metadata);

/// The header of a file with `tensors` in this order. Throws std::invalid_argument for a duplicate
/// name, and for names and metadata that aren't UTF-8.
std::string format_header(const NamedTensors& tensors,
                          const std::map<std::string, std::string>& metadata);

}  // namespace gradus::safetensors
