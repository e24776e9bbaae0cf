// ImageFolder: a folder of pictures with a folder for each class; load_image_folder: as a data set.
#pragma once

#include "data/sets/picture_files.hpp"

namespace gradus::data {

/// The picture files of a folder and their classes.
struct ImageFolder {
  std::vector<std::string> paths;    ///< of the training part, the validation part, the test part
  std::vector<int64_t> labels;       ///< the class of each
  std::vector<std::string> classes;  ///< their names
  int64_t train = 0;                 ///< the number of files of the training part
  int64_t validation = 0;            ///< of the validation part
  int64_t test = 0;                  ///< of the test part
  std::vector<std::string> notes = {};  ///< which other files are left out
};

/// Finds the files named *.png, *.jpg, *.jpeg, *.webp, *.bmp, *.pbm, *.pgm and *.ppm (in any case)
/// of
///
///     FOLDER/CLASS/*
///     FOLDER/train/CLASS/*, FOLDER/test/CLASS/*
///
/// and below, without hidden files and folders. `valid` or `val` is the validation part; without
/// `test` it is the test part. The classes are the folders of the training part. Classes and files
/// are in natural order (2 before 10). Throws std::runtime_error "path: …" for a folder that is no
/// such data set (with what it contains), that can't be read, or that is a link to a folder around
/// it; for less than two classes, a class without pictures, a class that the training part lacks,
/// and the name of a class that isn't UTF-8.
ImageFolder find_image_folder(const std::string& folder);

/// An image folder as a data set.
struct ImageFolderSet {
  Split split;                             ///< normalized by the training part
  std::optional<Dataset> validation = {};  ///< if it has a part of its own; normalized likewise
  std::vector<std::string> notes = {};     ///< of find_image_folder(), read_pictures() and
                                           ///< common_pictures()
};

/// Reads a folder's pictures; without a test part a fifth of each class becomes the test set.
/// Throws like find_image_folder() and read_pictures().
ImageFolderSet load_image_folder(const std::string& folder, Rng& rng,
                                 const PictureOptions& options = {});

/// The pictures of a folder to evaluate a model with `classes`: those of its test part, or all if
/// it has none. Throws std::runtime_error for a folder with a class of another name.
PictureSamples load_labelled_pictures(const std::string& folder,
                                      const std::vector<std::string>& classes,
                                      const PictureOptions& options);

}  // namespace gradus::data
