// IDX files, the format of MNIST: a magic number, the extents, then the values row-major.
#pragma once

#include <vector>

#include "core/shape.hpp"

namespace gradus::data {

/// The content of an IDX file of unsigned bytes.
struct Idx {
  Shape shape;                  ///< the extents in the file's header
  std::vector<uint8_t> values;  ///< row-major
};

/// Reads an IDX file of unsigned bytes (type 0x08), plain or gzip. Throws std::runtime_error
/// "path: …" for one that is missing, no IDX file, of another type, damaged, shorter or longer than
/// its header says, or whose header is beyond all bounds.
Idx read_idx(const std::string& path);

}  // namespace gradus::data
