// Hint: the loop is that of the chapter with one tensor w of shape (3) instead of w and b, and with
// gd::matmul(columns, w) for the line. If coefficients are nan or inf, the rate is too large; if
// they are near, take more steps.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

void check() {
  exercise::expect_near("columns_of(x) for x = (2, −3)", columns_of(gd::Tensor::from({2.0, -3.0})),
                        gd::Tensor::from<double>({4, 2, 1, 9, -3, 1}, {2, 3}));

  for (const uint64_t seed : {1, 2, 3}) {
    gd::Rng rng(seed);
    const gd::Tensor x = 2.0 * gd::rand({100}, rng, gd::DType::f64) - 1.0;
    const gd::Tensor parabola = 3.0 * gd::square(x) - 2.0 * x + 1.0;
    exercise::expect_near("(w₁, w₂, w₃) for points on 3x² − 2x + 1", fit_parabola(x, parabola),
                          gd::Tensor::from({3.0, -2.0, 1.0}), 0.002);

    // With noise: at the minimum the error is uncorrelated with each column.
    const gd::Tensor y = parabola + 0.3 * gd::randn({100}, rng, gd::DType::f64);
    const gd::Tensor w = fit_parabola(x, y).detach();
    const gd::Tensor error = gd::matmul(columns_of(x), w) - y;
    exercise::expect_near("for noisy points the gradient at (w₁, w₂, w₃)",
                          2.0 * gd::matmul(error, columns_of(x)) / 100.0,
                          gd::Tensor::zeros({3}, gd::DType::f64), 0.001);
    const auto coefficients = w.to_vector<double>();
    fmt::print("noisy points around 3x² − 2x + 1: {:.2f}x² {:+.2f}x {:+.2f}\n", coefficients[0],
               coefficients[1], coefficients[2]);
  }
}
