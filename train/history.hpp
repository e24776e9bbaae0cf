// metrics_table, read_history: write and read metrics.csv, the epochs of a run; evaluated_sets:
// which sets it contains.
#pragma once

#include "train/training.hpp"

namespace gradus::train {

/// The content of metrics.csv; the columns of scores have the name of `score`, as in
/// "train_accuracy".
std::string metrics_table(const History& history, const EpochScore& score);

/// Reads the file `path`, written by metrics_table(); empty if it doesn't exist. Throws
/// std::runtime_error "path: …" for an invalid row.
std::vector<EpochRecord> read_history(const std::string& path);

/// A set of samples that epochs were evaluated on, with its columns of the history.
struct EvaluatedSet {
  const char* name;            ///< "training", "validation" or "test"
  double EpochRecord::*loss;   ///< its column
  double EpochRecord::*score;  ///< its column
};
/// The training set, and the validation and test set if an epoch was evaluated on them.
std::vector<EvaluatedSet> evaluated_sets(std::span<const EpochRecord> history);

/// The seconds of training, without evaluation.
double training_seconds(const History& history);

}  // namespace gradus::train
