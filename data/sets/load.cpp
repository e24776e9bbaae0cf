#include "data/sets/load.hpp"

#include <fmt/ranges.h>

#include <filesystem>

#include "data/files/idx.hpp"
#include "data/sets/array_set.hpp"
#include "data/sets/image_folder.hpp"
#include "data/table/table_data.hpp"

namespace gradus::data {

// "Digits" means a folder if there is one; "digits" always means the set.
static bool is_name(const std::string& text) {
  return sources().contains(text) && sources().entry(text).name == text;
}

bool is_image_folder(const std::string& name_or_path) {
  return !is_name(name_or_path) && is_directory(std::filesystem::path(name_or_path)) &&
         !is_idx_folder(name_or_path);
}

Source load(const std::string& name_or_path, const LoadOptions& options,
            const PictureOptions& pictures) {
  const std::filesystem::path path(name_or_path);
  const bool known = sources().contains(name_or_path);
  if (!known && !exists(path) && (path.has_extension() || path.has_parent_path()))
    file_error(name_or_path, "no such file or folder");
  if (is_name(name_or_path) || !exists(path)) return sources().find(name_or_path)(options);
  Rng rng(options.seed);
  if (is_image_folder(name_or_path)) {
    const ImageFolderSet set = load_image_folder(name_or_path, rng, pictures);
    return {set.split, name_or_path, fmt::format("{}", fmt::join(set.notes, "; "))};
  }
  if (is_directory(path)) return {load_idx_folder(name_or_path), name_or_path, ""};
  if (is_array_file(name_or_path)) {
    const auto [split, note] = load_arrays(name_or_path, rng);
    return {split, name_or_path, note};
  }
  return {load_table(name_or_path, rng), name_or_path, ""};
}

}  // namespace gradus::data
