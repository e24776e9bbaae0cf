// Data sets by the name that users type.
#pragma once

#include "core/text/registry.hpp"
#include "data/dataset.hpp"

namespace gradus::data {

/// Options of load().
struct LoadOptions {
  std::string data_dir = {};  ///< where the IDX files of mnist, fashion-mnist and auto lie
  uint64_t seed = 0;          ///< of the toy sets, and of the split of a CSV file
};

/// A data set, and what load() has to say about it.
struct Source {
  Split split;       ///< the samples
  std::string name;  ///< the set's name in the table, or the path
  std::string note;  ///< what `auto` took, why, and how to get the others; otherwise empty
};

/// Loads the data set of one name.
using SourceFactory = std::function<Source(const LoadOptions&)>;

/// All names: auto, mnist, fashion-mnist, digits, moons, circles, spirals, blobs, xor. `auto` takes
/// MNIST where it is found (in data_dir or ./data/mnist), else Fashion-MNIST from where
/// fashion_mnist() looks for it, else digits.
const Registry<SourceFactory>& sources();

/// The data set of a name in the table, of a folder with IDX files (load_idx_folder), or of a CSV
/// file (read_csv), of which a fifth is held out to test. Throws std::invalid_argument for what is
/// neither a name nor a path, std::runtime_error for files.
Source load(const std::string& name_or_path, const LoadOptions& options = {});

}  // namespace gradus::data
