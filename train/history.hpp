// metrics.csv: the epochs of a run.
#pragma once

#include "train/fit.hpp"

namespace gradus::train {

/// The contents of the file.
std::string metrics_table(const History& history);

/// What metrics_table() wrote into the file `path`; empty where there is none yet. Throws
/// std::runtime_error "path: …" for a row of other cells.
std::vector<EpochRecord> read_history(const std::string& path);

/// Of training alone, without evaluation.
double training_seconds(const History& history);

}  // namespace gradus::train
