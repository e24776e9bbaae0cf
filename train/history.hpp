// metrics_table, read_history: write and read metrics.csv, the epochs of a run.
#pragma once

#include "train/fit.hpp"

namespace gradus::train {

/// The content of metrics.csv.
std::string metrics_table(const History& history);

/// Reads the file `path`, written by metrics_table(); empty if it doesn't exist. Throws
/// std::runtime_error "path: …" for an invalid row.
std::vector<EpochRecord> read_history(const std::string& path);

/// The seconds of training, without evaluation.
double training_seconds(const History& history);

}  // namespace gradus::train
