// read_idx, load_idx_folder: IDX files, the format of MNIST (a magic number, the extents, then the
// values row-major).
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// The content of an IDX file of unsigned bytes.
struct Idx {
  Shape shape;                  ///< the extents in the file's header
  std::vector<uint8_t> values;  ///< row-major
};

/// Reads an IDX file of unsigned bytes (type 0x08), plain or gzip. Throws std::runtime_error "path:
/// …" for a file that is missing, not an IDX file, of another type, damaged, or shorter or longer
/// than its header says, and for a header with more than 2^40 values.
Idx read_idx(const std::string& path);

/// Whether `folder` has a file with the name of MNIST's training images.
bool is_idx_folder(const std::string& folder);

/// Reads the four files with MNIST's names, each plain or with the ending .gz:
/// train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
/// t10k-labels-idx1-ubyte. (N, H, W) images become samples (1, H, W), (N, C, H, W) samples (C, H,
/// W). Both parts are normalized by the mean and deviation of the training images. The number of
/// classes is `classes`; 0 stands for the largest training label + 1. Throws std::runtime_error
/// "path: …" for files that are missing, damaged or don't match each other.
Split load_idx_folder(const std::string& folder, int64_t classes = 0);

}  // namespace gradus::data
