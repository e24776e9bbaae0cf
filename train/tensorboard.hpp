// TensorBoard: logs a run as event files in RUN/tensorboard, which TensorBoard reads.
#pragma once

#include <fstream>

#include "train/diagnostics.hpp"

namespace gradus::train {

/// What is logged at one step, each under a tag; a slash in it makes groups. Encoded as
/// TensorFlow's protocol buffer Summary.
class EventSummary {
 public:
  /// A number, drawn over the steps.
  void add_scalar(std::string_view tag, double value);
  /// Values that aren't finite are left out; nothing is added where none is left.
  void add_histogram(std::string_view tag, std::span<const float> values);
  /// A PNG file of one or three channels.
  void add_image(std::string_view tag, std::string_view png);

  /// The encoded summary.
  const std::string& bytes() const { return bytes_; }

 private:
  void add_value(std::string_view tag, std::string_view value);

  std::string bytes_;
};

/// A file of events in the order they are added. Errors are std::runtime_error "path: …".
class EventFile {
 public:
  /// Begins a file in `folder`, which is made where it is missing, behind those that are there:
  /// TensorBoard reads the files of a folder as one, in the order of their names. What earlier
  /// files say about `first_step` and later steps is void from now on.
  EventFile(const std::string& folder, int64_t first_step);

  /// Writes it at once.
  void add(int64_t step, const EventSummary& summary);

 private:
  void write_event(std::string_view content);

  std::string path_;
  std::ofstream stream_;
};

/// What becomes of a training, for TensorBoard: an observer of fit() calls add_epoch().
class TensorBoard {
 public:
  /// For a run that has come to the end of `history`: what another has written about later epochs,
  /// before it was interrupted, is void.
  TensorBoard(const std::string& run_folder, const History& history);

  /// Loss, accuracy and learning rate as scalars, weights and gradients as histograms.
  void add_epoch(const EpochRecord& record, const std::string& judge,
                 const Diagnostics& diagnostics);
  /// Images of one step: a summary's add_image() of each.
  void add_images(int64_t step, const EventSummary& images) { file_.add(step, images); }

 private:
  EventFile file_;
};

}  // namespace gradus::train
