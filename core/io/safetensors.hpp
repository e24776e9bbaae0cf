// read_safetensors, write_safetensors: files of named tensors in the safetensors format, which
// PyTorch users also read and write.
#pragma once

#include <map>

#include "core/tensor.hpp"

namespace gradus {

/// The contents of a file.
struct SafetensorsFile {
  NamedTensors tensors;                         ///< in the order of the file's data
  std::map<std::string, std::string> metadata;  ///< the texts under `__metadata__` in the header

  /// The tensor of that name. Throws std::invalid_argument for an unknown name, with the nearest
  /// ones.
  const Tensor& at(const std::string& name) const;
};

/// Reads a file. F32, F64 and I64 keep their type; BOOL is bool; F16 and BF16 become f32, other
/// integers i64. Throws std::runtime_error "path: …" for a file that is missing, truncated or
/// malformed (a header longer than the file; offsets that overlap, leave gaps or exceed the data;
/// sizes that don't match the shape; extents whose product overflows; unknown types; duplicate
/// names). It checks this before it allocates memory.
SafetensorsFile read_safetensors(const std::string& path);

/// Writes a file by write_file_atomically(), with its errors. Tensors of wider types come first in
/// the file; otherwise the order is kept.
void write_safetensors(const std::string& path, const NamedTensors& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace gradus
