// multiply_add_peak: measures the peak rate of multiply-adds of the processor.
#pragma once

namespace gradus::app {

/// f32 operations per second on num_threads() threads with only multiply-adds in registers, each
/// counted as 2: the best of several measurements, which take about `seconds` together.
double multiply_add_peak(double seconds = 0.3);

}  // namespace gradus::app
