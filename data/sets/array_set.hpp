// load_arrays: NumPy's arrays of an .npz or .npy file as a data set; is_array_file: whether a file
// is one.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// A data set from a file of arrays.
struct ArraySet {
  Split split;            ///< normalized by its training part
  std::string note = {};  ///< which arrays are left out, or which column is the target; or empty
};

/// Reads the features or images X and the targets y of an .npz file:
///
///     np.savez("points.npz", X=X, y=y)
///
/// Their names are X, data, features, inputs or images, and y, target(s) or label(s), in any case;
/// also with "train" (x_train, train_images). Arrays with "test" are the test part, as in Keras'
/// mnist.npz; without them it is test_fraction of the samples, of each class its share.
///
/// - X (N) or (N, F): features. (N, H, W), (N, H, W, C) and (N, C, H, W): images; those of unsigned
///   bytes stay bytes and become 0 … 1, other numbers stay as they are. Of the second and the last
///   extent the smaller is C, the last if they are equal.
/// - y (N) or (N, 1): classes if the numbers are whole, and at most 20 different ones or at most
///   1,000 without gaps from 0 or 1; else a number. y (N, D): labels if all are 0 or 1, else D
///   numbers.
///
/// An .npy file has a single array (N, F + 1): F features and, in the last column, the target.
///
/// Throws std::runtime_error "path: …" for a damaged file, missing arrays, arrays that don't fit
/// each other, and numbers that aren't finite, with their place.
ArraySet load_arrays(const std::string& path, Rng& rng, double test_fraction = 0.2);

/// Whether the name of a file ends with .npz or .npy, in any case.
bool is_array_file(const std::string& path);

}  // namespace gradus::data
