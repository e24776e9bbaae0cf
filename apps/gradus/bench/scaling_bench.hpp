// bench_scaling: times networks that grow, for `gradus bench --scaling`.
#pragma once

#include "apps/pictures/chart.hpp"
#include "apps/pictures/table.hpp"
#include "core/text/registry.hpp"

namespace gradus::app {

/// Equal convolutions and little else: what a training step costs is their arithmetic.
struct ConvolutionNetwork {
  int64_t batch = 16, channels = 16, side = 14, layers = 2;
};

/// Networks that differ in one member alone, from small to large.
struct Ladder {
  int64_t ConvolutionNetwork::*member;
  std::vector<int64_t> sizes;
};
const Registry<Ladder>& ladders();

/// A training step of one of a ladder's networks.
struct ScalingRow {
  std::string ladder;
  int64_t size;
  double gflop, ms;
};

/// Of `rows`, ladder after ladder, on threads that reach `peak` GFLOP/s at most.
pictures::Table scaling_table(const std::vector<ScalingRow>& rows, double peak);
/// A line for each ladder, and one for the peak.
pictures::Chart scaling_chart(const std::vector<ScalingRow>& rows, double peak);

/// Times `steps` training steps of each network of `ladder`, or of every ladder where that is
/// empty, prints the table, and draws the chart in the file `picture` unless that is empty. Throws
/// UsageError for an unknown ladder.
void bench_scaling(const std::string& ladder, int64_t steps, const std::string& picture);

}  // namespace gradus::app
