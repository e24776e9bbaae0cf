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
  Verdict result;
  for (const auto& [of, curves] : {std::pair("bars without common support", &bars),
                                   std::pair("normal distributions", &normals)}) {
    const auto at = [&c = *curves](std::size_t measure) { return c[measure](3); };
    const auto add = [&, of = of](std::size_t measure, const char* says, bool holds,
                                  const std::string& numbers) {
      result.parts.push_back(fact(fmt::format("{}: {} {}", of, measures[measure], says), holds,
                                  numbers + " at a shift of 3"));
    };
    add(kl, "is infinite", std::isinf(at(kl)), fmt::format("{:.4g}", at(kl)));
    const double slope = (*curves)[js].slope(3), nearer = (*curves)[wasserstein](1);
    add(js, "is ln 2 and has no slope",
        std::abs(at(js) - std::numbers::ln2) < 1e-6 && std::abs(slope) < 1e-6,
        fmt::format("{:.4f} and {:.0e}", at(js), slope));
    add(wasserstein, "is the shift",
        std::abs(nearer - 1) < 1e-6 && std::abs(at(wasserstein) - 3) < 1e-6,
        fmt::format("{:.4f} at a shift of 1, {:.4f}", nearer, at(wasserstein)));
  }
  return result;
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
