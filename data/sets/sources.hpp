// sources: data sets by name, as users type them.
#pragma once

#include "core/text/registry.hpp"
#include "data/dataset.hpp"

namespace gradus::data {

/// Options of sources() and load().
struct LoadOptions {
  std::string data_dir = {};  ///< folder with the IDX files of mnist, fashion-mnist and auto
  uint64_t seed = 0;          ///< for the toy sets and the split of a file or folder
};

/// A data set with its name and a note for the user.
struct Source {
  Split split;       ///< the samples
  std::string name;  ///< the name in the table, or the path
  std::string note;  ///< which set `auto` took, why, and how to get the others; what isn't used of
                     ///< a file; what was decided about pictures; otherwise empty
};

/// Loads one data set.
using SourceFactory = std::function<Source(const LoadOptions&)>;

/// All names: auto, mnist, fashion-mnist; digits, iris, wine, breast-cancer, diabetes, which are
/// built in; the toy sets mnist-1d, moons, circles, spirals, blobs, xor, sine, friedman1. The
/// targets of diabetes, sine and friedman1 are numbers. `auto` takes MNIST if it is in data_dir or
/// ./data/mnist, otherwise Fashion-MNIST if fashion_mnist() finds it, otherwise digits.
const Registry<SourceFactory>& sources();

}  // namespace gradus::data
