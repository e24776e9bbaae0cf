// picture_options, load_picture_table: picture files as the samples of a run.
#pragma once

#include "apps/gradus/run/run_parts.hpp"
#include "data/sets/picture_files.hpp"

namespace gradus::app {

/// What --size, --fit and --memory say; progress is drawn on the terminal. Throws UsageError for a
/// --size that isn't HxW.
data::PictureOptions picture_options(const TrainConfig& config);

/// "64x43", the value of --size that gives samples of that shape.
std::string size_text(const Shape& sample);

/// A table's pictures as the samples of a run, which aren't normalized.
struct PictureTable {
  RunParts parts;
  Texts notes = {};  ///< what was found and decided
};

/// Reads the table of --data and the picture files of its column --images. Throws UsageError for
/// options that don't fit, and std::runtime_error like data::read_table() and
/// data::read_pictures().
PictureTable load_picture_table(const TrainConfig& config);

}  // namespace gradus::app
