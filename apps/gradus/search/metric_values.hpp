// What metrics.csv of a run says.
#pragma once

#include <string>
#include <vector>

namespace gradus::app {

/// A column of the file, by epochs; empty where there is no such file yet. Throws
/// std::runtime_error "path: …" for one without the column, or with what is no number there.
std::vector<double> read_metric(const std::string& path, const std::string& column);

}  // namespace gradus::app
