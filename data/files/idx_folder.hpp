// A folder that holds four IDX files under MNIST's names, each plain or with the ending .gz:
// train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// Whether `folder` holds training images under MNIST's name.
bool is_idx_folder(const std::string& folder);

/// Reads the four files: (N, H, W) images become samples (1, H, W), (N, C, H, W) samples (C, H, W).
/// Both parts are normalized by the mean and deviation of the training images. The number of
/// classes is `classes`, or, left at 0, the largest label of the training set + 1. Throws
/// std::runtime_error "path: …" for files that are missing, damaged or don't fit each other.
Split load_idx_folder(const std::string& folder, int64_t classes = 0);

}  // namespace gradus::data
