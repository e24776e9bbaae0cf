// Claim: AIC and BIC choose the degree of a polynomial and the width of a network. With more data
// BIC finds the true one with growing probability; AIC still chooses too large ones sometimes.
// Their penalties cross at e² ≈ 7.4 samples (not at 100, as some texts say). (Akaike 1974; Schwarz
// 1978.)
#include "apps/lab/experiments/toolbox.hpp"
#include "apps/lab/measure/residuals.hpp"

namespace gradus::lab::criteria_experiment {

constexpr int64_t true_size = 3;  // degree of the polynomial, width of the network

// The sizes that minimise each criterion.
struct Choice {
  int64_t aic, bic;
};

// Each unit of size has `step` parameters; the constant and the variance of the noise are two more.
Choice choose(const std::vector<double>& residuals, int64_t n, int64_t step) {
  std::vector<double> aics, bics;
  for (const double residual : residuals) {
    const int64_t k = step * std::ssize(aics) + 2;
    aics.push_back(aic(log_likelihood(residual, n), k));
    bics.push_back(bic(log_likelihood(residual, n), k, n));
  }
  return {std::ranges::min_element(aics) - aics.begin(),
          std::ranges::min_element(bics) - bics.begin()};
}

// The percentage of data sets for which the true size is chosen, or a larger one.
Estimate share(const std::vector<Choice>& choices, int64_t Choice::*by, bool larger) {
  return estimate_of(choices, [&](const Choice& choice) {
    return 100.0 * (larger ? choice.*by > true_size : choice.*by == true_size);
  });
}

Verdict verdict(const std::vector<Choice>& polynomials, const std::vector<Choice>& networks) {
  const Estimate by_bic = share(polynomials, &Choice::bic, false);
  const auto true_width = [&](int64_t Choice::*by) { return share(networks, by, false).mean; };
  int64_t crossing = 1;
  while (bic(0, 1, crossing) <= aic(0, 1)) ++crossing;
  const auto finds_width = [&](const char* criterion, double width) {
    return fact(
        fmt::format("{} chooses the true width of more than 75 % of the networks", criterion),
        width > 75, fmt::format("{:.0f} %", width));
  };
  return {{fact("BIC's penalty is above AIC's from 8 samples on", crossing == 8,
                fmt::format("from {} on", crossing)),
           fact("with 1024 samples BIC chooses the true degree for 95 % of the data sets or more",
                by_bic.mean >= 95, fmt::format("{:.1f} %", by_bic.mean)),
           lower("AIC chooses the true degree (%) less often",
                 share(polynomials, &Choice::aic, false), by_bic, 1),
           finds_width("BIC", true_width(&Choice::bic)),
           finds_width("AIC", true_width(&Choice::aic))}};
}

std::vector<Choice> choose_degrees(int64_t n, const ExperimentOptions& options) {
  const auto cubic = [](const Tensor& x) { return x * (2 * square(x) - 1); };
  return over_seeds(options, options.small ? 200 : 2000, [&](uint64_t seed) {
    Rng rng(seed, n);
    return choose(polynomial_residuals(draw_points(cubic, n, 0.5, rng), 8), n, 1);
  });
}

std::vector<Choice> choose_widths(const ExperimentOptions& options) {
  const auto wave = [](const Tensor& x) { return tanh(8 * x + 5) - tanh(8 * x) + tanh(8 * x - 5); };
  return over_seeds(options, options.small ? 5 : 40, [&](uint64_t seed) {
    options.report(fmt::format("networks, seed {}", seed));
    Rng rng(seed);
    return choose(network_residuals(draw_points(wave, 200, 0.2, rng), 6, rng), 200, 3);
  });
}

Report run(const ExperimentOptions& options) {
  Table table{
      "Data sets (%) for which the true size is chosen, or a larger one",
      {"model", {"samples", 0}, "true by AIC", "true by BIC", "larger by AIC", "larger by BIC"}};
  const auto add_row = [&](const char* model, int64_t n, const std::vector<Choice>& choices) {
    table.rows.push_back({model, n});
    for (const bool larger : {false, true})
      for (const auto by : {&Choice::aic, &Choice::bic})
        table.rows.back().push_back(share(choices, by, larger).mean);
  };
  std::vector<Choice> polynomials;
  for (const int64_t n : {16, 32, 64, 128, 256, 512, 1024}) {
    options.report(fmt::format("polynomials, {} samples", n));
    polynomials = choose_degrees(n, options);
    add_row("polynomial", n, polynomials);
  }
  Chart degrees{"Degree chosen", "samples", "data sets (%)", {}, log_x};
  for (const std::size_t column : {2, 3, 4, 5})
    degrees.series.push_back(column_line(table, 1, column));
  const auto counts = spaced(1, 100, 100);
  const Chart penalties{
      "Penalty of one parameter",
      "samples",
      "penalty",
      {sampled("AIC: 2", counts, [](double) { return aic(0, 1); }),
       sampled("BIC: ln n", counts, [](double n) { return bic(0, 1, static_cast<int64_t>(n)); })},
      log_x};
  const std::vector<Choice> networks = choose_widths(options);
  add_row("network", 200, networks);
  const std::string measured = fmt::format(
      "{} data sets of a cubic polynomial and {} of a network of 3 tanh units. For "
      "the network k counts all weights and the variance of the noise.",
      polynomials.size(), networks.size());
  return {verdict(polynomials, networks), measured, {table}, {{degrees, penalties}}};
}

}  // namespace gradus::lab::criteria_experiment
