// Claim: as two distributions move apart, the Kullback-Leibler divergence becomes infinite and the
// Jensen-Shannon divergence stays at ln 2, so neither has a gradient that leads back; the
// Wasserstein distance grows in proportion. (Arjovsky, Chintala and Bottou 2017, example 1 and
// figure 1.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::divergences_experiment {

constexpr double bin = 1.0 / 32;

// The centres of the bins.
Tensor points() {
  return Tensor::arange(256, DType::f64) * bin + (bin / 2 - 2);
}
// The mass in each bin of a uniform distribution on [shift, shift + 1], a bar.
Tensor bar(double shift) {
  const Tensor ends = points() + (bin / 2 - shift);
  return clamp(ends, 0, 1) - clamp(ends - bin, 0, 1);
}
// The mass in each bin of a normal distribution with mean shift + ½ and deviation ¼.
Tensor normal(double shift) {
  return softmax(-8 * square(points() - (shift + 0.5)), 0);
}

const std::string measures[] = {"Kullback-Leibler", "Jensen-Shannon", "Wasserstein"};
enum { kl, js, wasserstein };  // indices of measures

// A measure between a distribution and the same one moved.
struct Curve {
  std::size_t measure;
  Tensor (*moved)(double shift);

  double operator()(double shift) const {
    const Tensor p = moved(shift), q = moved(0);
    if (measure == kl) return kl_divergence(p, q).item();
    if (measure == js) return js_divergence(p, q).item();
    const std::vector<double> at = points().to_vector<double>();
    return wasserstein_distance(at, at, p.to_vector<double>(), q.to_vector<double>());
  }
  // The slope by central differences; 0 for rounding errors, NaN where the measure is infinite.
  double slope(double shift) const {
    const double slope = ((*this)(shift + bin) - (*this)(shift - bin)) / (2 * bin);
    if (std::isnan(slope)) return std::nan("");
    return std::abs(slope) < 1e-12 ? 0 : slope;
  }
  // The shift after 100 steps of gradient descent; a step without a slope changes nothing.
  double descend(double shift) const {
    for (int step = 0; step < 100; ++step) {
      const double gradient = slope(shift);
      if (!std::isnan(gradient)) shift -= 0.05 * gradient;
    }
    return std::abs(shift);
  }
};

Verdict verdict(const std::vector<Curve>& bars, const std::vector<Curve>& normals) {
  const bool flat = std::abs(bars[js](3) - std::numbers::ln2) < 1e-9 && bars[js].slope(3) == 0 &&
                    std::abs(normals[js].slope(3)) < 1e-6;
  bool proportional = true;
  for (const Curve& curve : {bars[wasserstein], normals[wasserstein]})
    proportional &= std::abs(curve(1) - 1) < 1e-6 && std::abs(curve(3) - 3) < 1e-6;
  return {
      outcome_of(std::isinf(bars[kl](3)) && flat && proportional, std::isinf(normals[kl](3))),
      fmt::format("At a shift of 3 the divergences of bars are {} and {:.4f} and have no slope; "
                  "those of normal distributions are {:.0f} and {:.4f} with slopes {:.0f} and "
                  "{:.0e}. The Wasserstein distance of both is {:.4f}.",
                  bars[kl](3), bars[js](3), normals[kl](3), normals[js](3), normals[kl].slope(3),
                  normals[js].slope(3), normals[wasserstein](3)),
      "for distributions without common support; else the Kullback-Leibler divergence leads back"};
}

Report run(const ExperimentOptions&) {
  Table table{"Distance and slope at shifts of 0.5 and 3; the shift after gradient descent from 3",
              {"of", "measure", "at 0.5", "slope", "at 3", "slope", {"left", 2}}};
  std::vector<std::vector<Chart>> charts;
  const auto add = [&](const std::string& name, Tensor (*moved)(double),
                       const pictures::ChartScales& scales) {
    Chart distances{"Distance of " + name, "shift", "distance", {}, scales};
    Chart slopes{"Slope, " + name, "shift", "slope", {}, scales};
    std::vector<Curve> curves;
    for (const std::size_t measure : {kl, js, wasserstein}) {
      const Curve& curve = curves.emplace_back(Curve{measure, moved});
      const auto slope = [&](double shift) { return curve.slope(shift); };
      const std::string label = measures[measure] + (std::isinf(curve(3)) ? " (infinite)" : "");
      distances.series.push_back(sampled(label, spaced(bin, 3, 96), curve));
      slopes.series.push_back(sampled(label, spaced(bin, 3, 96), slope));
      table.rows.push_back(
          {name, measures[measure], curve(0.5), slope(0.5), curve(3), slope(3), curve.descend(3)});
    }
    charts.push_back({distances, slopes});
    return curves;
  };
  const auto bars = add("bars", bar, {}), normals = add("normal distributions", normal, log_y);
  const char* const measured =
      "bars of width 1 and normal distributions of σ = ¼, in bins of 1/32, against the same "
      "ones moved; 100 steps of gradient descent with rate 0.05.";
  return {verdict(bars, normals), measured, {table}, charts};
}

}  // namespace gradus::lab::divergences_experiment
