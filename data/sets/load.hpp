// load: data sets by name or path, as users type them.
#pragma once

#include "data/sets/picture_files.hpp"
#include "data/sets/sources.hpp"

namespace gradus::data {

/// The data set of a name in the table, of a folder with IDX files (load_idx_folder) or pictures
/// (load_image_folder, without its validation part), of NumPy's arrays (.npz or .npy, load_arrays),
/// or of a CSV file (read_table). Of a file or folder without a test part a fifth of the samples
/// becomes the test set. Throws std::invalid_argument for a text that is
/// neither a name nor a path, std::runtime_error for unreadable files.
Source load(const std::string& name_or_path, const LoadOptions& options = {},
            const PictureOptions& pictures = {});

/// Whether load() takes the text for a folder of pictures.
bool is_image_folder(const std::string& name_or_path);

}  // namespace gradus::data
