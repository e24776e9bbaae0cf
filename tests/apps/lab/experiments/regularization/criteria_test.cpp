#include <doctest/doctest.h>

#include "apps/lab/experiments.hpp"
#include "apps/lab/measure/residuals.hpp"
#include "core/ops/elementwise.hpp"
#include "tests/apps/lab/findings.hpp"

using namespace gradus::lab;

TEST_CASE("criteria: BIC finds the true degree and width, AIC sometimes chooses a higher degree") {
  const Report report = experiments().find("criteria").run({.small = true});
  CHECK(findings(report) == "holds, holds, holds, holds, holds");
  CHECK(report.verdict.parts[0].numbers == "from 8 on");
  // Polynomials by 16, 32, … 1024 samples, then networks: the true size by AIC, by BIC, a larger
  // one by AIC, by BIC, in percent.
  const auto& rows = report.tables[0].rows;
  REQUIRE(rows.size() == 8);
  const auto percent = [&](int row, int column) { return rows[row][column].number.mean; };
  CHECK(percent(6, 3) > 97);
  CHECK(percent(6, 3) > percent(1, 3) + 20);
  CHECK(percent(6, 4) > 15);  // by theory 1 − 0.72 for ever
  CHECK(percent(6, 4) < 35);
  CHECK(percent(7, 3) >= 80);
}

TEST_CASE("criteria: residuals fall with the size of a model, to the noise at the true one") {
  using gradus::Tensor;
  gradus::Rng rng(3);
  const auto square = [](const Tensor& x) { return 1 + x - 2 * x * x; };
  const Points exact = draw_points(square, 20, 0, rng), noisy = draw_points(square, 400, 0.1, rng);
  const auto polynomials = polynomial_residuals(exact, 4);
  REQUIRE(polynomials.size() == 5);
  CHECK(polynomials[1] > 1);
  for (int degree : {2, 3, 4}) CHECK(polynomials[degree] < 1e-25);
  const auto networks = network_residuals(noisy, 2, rng);
  CHECK(networks[0] > networks[1]);
  CHECK(networks[2] <= networks[1]);
  CHECK(networks[2] / 400 == doctest::Approx(0.01).epsilon(0.2));
  // Points at a distance of 1 from the mean of a normal distribution of variance 1.
  CHECK(log_likelihood(2, 2) == doctest::Approx(-2.8378770664));
}
