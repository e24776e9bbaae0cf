// metrics.csv: the epochs of a run.
#pragma once

#include <string>
#include <vector>

#include "apps/gradus/train/trainer.hpp"

namespace gradus::app {

/// The contents of the file.
std::string metrics_table(const std::vector<EpochRecord>& history);

/// What metrics_table() wrote into the file `path`; empty where there is none yet. Throws
/// std::runtime_error "path: …" for a row of other cells.
std::vector<EpochRecord> read_history(const std::string& path);

/// Of training alone, without evaluation.
double training_seconds(const std::vector<EpochRecord>& history);

}  // namespace gradus::app
