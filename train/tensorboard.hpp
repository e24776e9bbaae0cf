// TensorBoard: writes a run's event files for TensorBoard into RUN/tensorboard.
#pragma once

#include <fstream>

#include "train/diagnostics.hpp"

namespace gradus::train {

/// The values of one step, each with a tag; a slash in a tag makes a group. Encoded as TensorFlow's
/// protocol buffer Summary.
class EventSummary {
 public:
  /// Adds a number, which TensorBoard draws over the steps.
  void add_scalar(std::string_view tag, double value);
  /// Adds a histogram of the finite values, if there are any.
  void add_histogram(std::string_view tag, std::span<const float> values);
  /// Adds a PNG file of one or three channels.
  void add_image(std::string_view tag, std::string_view png);

  /// The encoded summary.
  const std::string& bytes() const { return bytes_; }

 private:
  void add_value(std::string_view tag, std::string_view value);

  std::string bytes_;
};

/// A file of events, in the order in which they are added. Errors are std::runtime_error "path: …".
class EventFile {
 public:
  /// Starts a file in `folder`, which is created if it doesn't exist. Its name sorts after those of
  /// existing files: TensorBoard reads the files of a folder in the order of their names.
  /// TensorBoard then ignores events of `first_step` and later steps in earlier files.
  EventFile(const std::string& folder, int64_t first_step);

  /// Writes the summary to the file.
  void add(int64_t step, const EventSummary& summary);

 private:
  void write_event(std::string_view content);

  std::string path_;
  std::ofstream stream_;
};

/// Logs a training; an observer of fit() calls add_epoch().
class TensorBoard {
 public:
  /// `history` is that of a resumed run: TensorBoard ignores what was logged about later epochs
  /// before the interruption. `score` must outlive it.
  TensorBoard(const std::string& run_folder, const History& history,
              const EpochScore& score = task_of(data::TargetKind::classes).score);

  /// Logs loss and score of the evaluated sets and the learning rate as scalars, weights and
  /// gradients as histograms.
  void add_epoch(const EpochRecord& record, const Diagnostics& diagnostics);
  /// Logs the images of one step, which EventSummary::add_image() has added to `images`.
  void add_images(int64_t step, const EventSummary& images) { file_.add(step, images); }

 private:
  const EpochScore& score_;
  EventFile file_;
};

}  // namespace gradus::train
