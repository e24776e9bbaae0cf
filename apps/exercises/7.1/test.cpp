// Hint: the formula of the chapter is about the mean square; the size is its root. To measure, draw
// the weights as sigma * gd::randn({units, units}, rng), and don't forget the ReLU.
#include "apps/exercises/exercise.hpp"
#include EXERCISE

static void check_formula() {
  exercise::expect_near("factor_by_formula(0.2, 100, 1)", factor_by_formula(0.2, 100, 1),
                        std::sqrt(2), 1e-6);
  exercise::expect_near("factor_by_formula(0.2, 100, 3)", factor_by_formula(0.2, 100, 3),
                        std::sqrt(8), 1e-6);
  exercise::expect_near("factor_by_formula(√(2/100), 100, 20), He's weights,",
                        factor_by_formula(std::sqrt(2.0 / 100), 100, 20), 1, 1e-6);
  exercise::expect_near("factor_by_formula(√(1/400), 400, 10), Xavier's weights,",
                        factor_by_formula(std::sqrt(1.0 / 400), 400, 10), 1.0 / 32, 1e-6);
}

void check() {
  check_formula();
  struct Case {
    const char* name;
    double sigma;
    int64_t units;
    int layers;
  };
  fmt::print("                          formula  measured (mean of 5)\n");
  for (const auto& [name, sigma, units, layers] :
       {Case{"one layer, sigma = 0.1", 0.1, 400, 1},
        Case{"ten layers, Xavier", std::sqrt(1.0 / 400), 400, 10},
        Case{"ten layers, He", std::sqrt(2.0 / 400), 400, 10},
        Case{"ten layers, sigma = 0.1", 0.1, 400, 10}}) {
    gd::Rng rng(1);
    double log_sum = 0;  // factors are multiplied: their mean is that of the logarithms
    for (int repetition = 0; repetition < 5; ++repetition) {
      const double factor = factor_measured(sigma, units, layers, rng);
      exercise::expect(factor > 0 && std::isfinite(factor),
                       fmt::format("factor_measured is {:.3g}, it should be above 0", factor));
      log_sum += std::log(factor);
    }
    const double measured = std::exp(log_sum / 5), right = factor_by_formula(sigma, units, layers);
    fmt::print("{:<24} {:8.4f} {:8.4f}\n", name, right, measured);
    exercise::expect_near(fmt::format("the measured factor for {}", name), measured, right,
                          (layers == 1 ? 0.1 : 0.3) * right);
  }
}
