// Files of named tensors in the safetensors format, which PyTorch's users read and write too.
#pragma once

#include <map>

#include "core/tensor.hpp"

namespace gradus {

/// What a file holds. Tensors keep the order of the file's data.
struct SafetensorsFile {
  NamedTensors tensors;                         ///< in the order of the file's data
  std::map<std::string, std::string> metadata;  ///< the texts under `__metadata__` in the header

  /// Throws std::invalid_argument for an unknown name, listing the nearest.
  const Tensor& at(const std::string& name) const;
};

/// Reads F32, F64 and I64 as they are; F16 and BF16 become f32, other integers and booleans i64.
/// Throws std::runtime_error naming the file for one that is missing, truncated or malformed — a
/// header longer than the file, offsets that overlap, leave holes or go beyond the data, sizes that
/// don't fit the shape, extents whose product overflows, unknown types, duplicate names — before
/// anything is allocated for it.
SafetensorsFile read_safetensors(const std::string& path);

/// Wider types come first in the file, otherwise the order is kept. Writes to a temporary file in
/// the same folder, syncs it and renames it: at every moment `path` is the old file or the whole
/// new one. Throws std::runtime_error when that fails; nothing is left behind then.
void write_safetensors(const std::string& path, const NamedTensors& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace gradus
