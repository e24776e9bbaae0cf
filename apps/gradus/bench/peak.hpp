// multiply_add_peak: how fast the processor can multiply and add.
#pragma once

namespace gradus::app {

/// f32 operations a second on num_threads() threads that do nothing but multiply-adds in registers,
/// each counted as 2: the best of several measurements, about `seconds` in all.
double multiply_add_peak(double seconds = 0.3);

}  // namespace gradus::app
