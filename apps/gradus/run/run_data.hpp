// RunData: the data sets of a run, loaded, split and normalized.
#pragma once

#include "apps/gradus/run/config.hpp"
#include "data/dataset.hpp"

namespace gradus::app {

/// The data sets of a run. `validation` is the held-out part, or the test set.
struct RunData {
  std::string name;  ///< in the table of data sets, or the path
  std::string note;  ///< what `auto` took
  std::string data,
      data_dir;  ///< what --data and --data-dir say it by, in any folder and on any day
  data::Dataset train, validation, test;
};

/// Loads, limits, splits and normalizes by what is left to train on.
RunData load_data(const TrainConfig& config);

/// The set's name as part of a file's: of a path its last part without ending.
std::string data_label(const std::string& name);

}  // namespace gradus::app
