// Hint: ln(1 − y) has the derivative −1/(1 − y). The derivative of the sigmoid can be written with
// y alone. Multiply both, and cancel on paper what cancels: the computer divides 0 by 0.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  exercise::expect_near("loss_by_y(0.5, 1)", loss_by_y(0.5, 1), -2, 1e-6);
  exercise::expect_near("loss_by_y(0.5, 0)", loss_by_y(0.5, 0), 2, 1e-6);
  exercise::expect_near("y_by_z(0)", y_by_z(0), 0.25, 1e-6);
  exercise::expect_near("loss_by_z(0, 1)", loss_by_z(0, 1), -0.5, 1e-6);

  // Against differences.
  const double h = 1e-5;
  const auto y_of = [](double z) { return 1 / (1 + std::exp(-z)); };
  for (const double z : {-2.0, 0.3, 1.7}) {
    exercise::expect_near(fmt::format("y_by_z({})", z), y_by_z(z),
                          (y_of(z + h) - y_of(z - h)) / (2 * h), 1e-6);
    for (const double t : {0.0, 0.25, 1.0}) {
      const double y = y_of(z);
      const auto loss = [&](double p) { return -(t * std::log(p) + (1 - t) * std::log(1 - p)); };
      exercise::expect_near(fmt::format("loss_by_y({:.3f}, {})", y, t), loss_by_y(y, t),
                            (loss(y + h) - loss(y - h)) / (2 * h), 1e-5);
      exercise::expect_near(fmt::format("loss_by_z({}, {})", z, t), loss_by_z(z, t), y - t, 1e-6);
      exercise::expect_near(fmt::format("loss_by_y · y_by_z for z = {}, t = {}", z, t),
                            loss_by_y(y, t) * y_by_z(z), y - t, 1e-6);
    }
  }
  exercise::expect_near("loss_by_z(-800, 1)", loss_by_z(-800, 1), -1, 1e-6);
  exercise::expect_near("loss_by_z(800, 0)", loss_by_z(800, 0), 1, 1e-6);
}
