// RunData: the data sets of a run; load_data: loads, splits and normalizes them.
#pragma once

#include "apps/gradus/run/run_table.hpp"
#include "data/picture/picture_sample.hpp"

namespace gradus::app {

/// The data sets of a run.
struct RunData {
  std::string name;  ///< in the table of data sets, or the path
  /// What was decided: the data set that `auto` chose, the held-out part, classes that it lacks.
  std::vector<std::string> notes;
  /// Values of --data and --data-dir that give the same data from any folder.
  std::string data, data_dir;
  data::Dataset train, test;
  std::optional<data::Dataset> validation;        ///< held out from the training set, or given
  bool has_own_validation = false;                ///< which is given with the data
  std::optional<RunTable> table = {};             ///< of data from a table
  std::optional<data::Tokenizer> tokenizer = {};  ///< of texts
  std::optional<data::Fit> fit = {};              ///< of picture files
};

/// Loads, limits and splits the data, and normalizes it by the remaining training set.
RunData load_data(const TrainConfig& config);
/// Throws UsageError if a table has a category of so many texts that its input is an index, which
/// `option` can't change.
void require_no_indices(const RunData& data, const std::string& option);

/// The name of the data set for file names: the last part of a path, without extension.
std::string data_label(const std::string& name);
/// The model for file names and titles: its name, or "network" for a network written as text.
std::string model_label(const std::string& model);

}  // namespace gradus::app
