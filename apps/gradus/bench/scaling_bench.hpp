// bench_scaling: measures networks of growing size, for `gradus bench --scaling`.
#pragma once

#include "apps/pictures/chart.hpp"
#include "apps/pictures/table.hpp"
#include "core/text/registry.hpp"

namespace gradus::app {

/// A network of equal convolutions, whose arithmetic dominates the time of a training step.
struct ConvolutionNetwork {
  int64_t batch = 16, channels = 16, side = 14, layers = 2;
};

/// Networks that differ only in one member, from small to large.
struct Ladder {
  int64_t ConvolutionNetwork::*member;
  std::vector<int64_t> sizes;
};
const Registry<Ladder>& ladders();

/// The measured training step of a network of a ladder.
struct ScalingRow {
  std::string ladder;
  int64_t size;
  double gflop, ms;
};

/// The table of `rows`, which are ordered by ladder; `peak` is the peak rate in GFLOP/s.
pictures::Table scaling_table(const std::vector<ScalingRow>& rows, double peak);
/// A chart with a line for each ladder, and one for the peak rate.
pictures::Chart scaling_chart(const std::vector<ScalingRow>& rows, double peak);

/// Measures `steps` training steps of each network of `ladder`, or of all ladders if it is empty,
/// prints the table, and draws the chart in the file `picture` unless it is empty. Throws
/// UsageError for an unknown ladder.
void bench_scaling(const std::string& ladder, int64_t steps, const std::string& picture);

}  // namespace gradus::app
