// A run for TensorBoard, in RUN/tensorboard.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/gradus/report/event_file.hpp"
#include "apps/pictures/sheet.hpp"
#include "train/diagnostics.hpp"
#include "train/fit.hpp"

namespace gradus::app {

/// Sheets that there may be.
using NamedSheets = std::vector<std::pair<std::string, std::optional<pictures::Sheet>>>;

class TensorBoard {
 public:
  /// For a run that has come to the end of `history`: what another has written about later epochs,
  /// before it was interrupted, is void.
  TensorBoard(const std::string& run_folder, const train::History& history);

  /// Loss, accuracy and learning rate as scalars, weights and gradients as histograms.
  void add_epoch(const train::EpochRecord& record, const std::string& judge,
                 const train::Diagnostics& diagnostics);
  /// The tiles of sheets, each as an image of the group that bears the sheet's name.
  void add_images(int64_t step, const NamedSheets& sheets);

 private:
  EventFile file_;
};

}  // namespace gradus::app
