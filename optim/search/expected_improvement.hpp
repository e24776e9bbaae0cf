// How much a trial is expected to improve on the best.
#pragma once

namespace gradus::optim {

/// E[max(0, f − best)] for f ~ N(mean, deviation²) (Jones, Schonlau and Welch 1998):
/// (mean − best)·Φ(z) + deviation·φ(z), z = (mean − best)/deviation; max(0, mean − best) for a
/// deviation of 0.
double expected_improvement(double mean, double deviation, double best);

}  // namespace gradus::optim
