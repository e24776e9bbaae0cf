// IDX files, the format of MNIST: a magic number, the extents, then the values row-major.
#pragma once

#include "data/dataset.hpp"

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

/// Whether `folder` holds training images under MNIST's name.
bool is_idx_folder(const std::string& folder);

/// Reads the four files under MNIST's names, each plain or with the ending .gz:
/// train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
/// t10k-labels-idx1-ubyte. (N, H, W) images become samples (1, H, W), (N, C, H, W) samples (C, H,
/// W). Both parts are normalized by the mean and deviation of the training images. The number of
/// classes is `classes`, or, left at 0, the largest label of the training set + 1. Throws
/// std::runtime_error "path: …" for files that are missing, damaged or don't fit each other.
Split load_idx_folder(const std::string& folder, int64_t classes = 0);

}  // namespace gradus::data
