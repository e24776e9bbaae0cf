// read_pictures: picture files as the samples of a data set.
#pragma once

#include "data/dataset.hpp"
#include "data/picture/picture_sample.hpp"

namespace gradus::data {

/// How far read_pictures() is.
struct PictureProgress {
  int64_t read;      ///< pictures
  int64_t all;       ///< pictures
  std::string note;  ///< if they don't fit into memory; otherwise empty
};

/// How pictures become samples.
struct PictureOptions {
  /// Rows of the samples. 0: the medians of the pictures, made smaller together so that the
  /// larger is at most 64.
  int64_t height = 0;
  int64_t width = 0;     ///< columns; 0 if `height` is 0
  Fit fit = Fit::crop;   ///< how a picture of other proportions is brought to that size
  int64_t channels = 0;  ///< 1 grey, 3 colours; 0: 1 if no picture has a colour, otherwise 3
  /// The bytes that the samples may take. If they need more, they are read again each time.
  /// 0: half of the memory that is available.
  int64_t memory = 0;
  /// Is called after each picture, by one thread at a time.
  std::function<void(const PictureProgress& progress)> progress = {};
};

/// Pictures as samples.
struct PictureSamples {
  /// Bytes (C, H, W), in the order of the files, without the damaged ones; indices() are the places
  /// of their files.
  Dataset samples;
  std::vector<uint64_t> checksums;  ///< of the values of each file's sample
  /// What was decided about size, colours and memory, and which files are left out.
  std::vector<std::string> notes;
};

/// Reads the files by several threads (read_image_bytes()); `targets` has one target for each.
/// Damaged files are left out and named in the notes. Throws std::runtime_error if these are more
/// than one in a hundred, and std::invalid_argument for other options.
PictureSamples read_pictures(const std::vector<std::string>& paths, Targets targets,
                             const PictureOptions& options = {});

/// A picture file as read_pictures() makes a sample of it: f32 (C, H, W), bytes divided by 255.
/// Throws std::runtime_error like read_image_bytes().
Tensor picture_sample(const std::string& path, const Shape& sample, Fit fit);

/// "3 of 100 test pictures are also in the training part, such as 'a.png' and 'b.png'": the samples
/// of `tested` whose values some of `train` have; empty if there are none. Both are parts of the
/// samples that were read from `paths`.
std::string common_pictures(const PictureSamples& pictures, const std::vector<std::string>& paths,
                            const Dataset& train, const Dataset& tested);

}  // namespace gradus::data
