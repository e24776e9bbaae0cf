// Claim: gradient descent is slow where features have other means and units than each other. Each
// of min-max scaling, z-scores and whitening lowers the Hessian's condition number more than the
// one before, and with it the number of steps. (LeCun et al. 1998, "Efficient BackProp", §4.3, §5.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::feature_scale_experiment {

// To pca's principal components descent is the same as to centred features: no unit changes.
constexpr const char* schemes[] = {"none", "min-max", "z-score", "zca:1e-9", "pca"};

// Points (n, features), and what a linear model [x, 1]·w has to make of them.
struct Task {
  Tensor x, y;
  double learned;  // a mean square error
};

// Height in metres, weight in kilograms, which goes with it, temperature in kelvins, income.
Task people(Rng rng) {
  const Tensor z = randn({400, 4}, rng, DType::f64);
  // What each number of z adds to the features: a row for each.
  const std::vector<double> units{0.1, 9, 0,   0,    //
                                  0,   7, 0,   4e3,  //
                                  0,   0, 0.5, 0,    //
                                  0,   0, 0,   7e3};
  const Tensor x = matmul(z, Tensor::from(units, {4, 4})) + Tensor::from({1.7, 70., 310., 3e4});
  return {x, sum(z, {1}, true) + 0.1 * randn({400, 1}, rng, DType::f64), 0.011};
}

// Some images' pixels, and for each class whether it is that one.
Task images(const data::Dataset& train, Rng rng) {
  std::vector<int64_t> some = rng.permutation(train.size());
  some.resize(std::min<std::size_t>(some.size(), 400));
  const auto [pixels, labels] = train.raw_batch(some);
  return {cast(flatten(pixels, 1), DType::f64), one_hot(labels, train.classes(), DType::f64), 0.04};
}

struct Run {
  double condition, largest;  // of the Hessian; its largest eigenvalue in percent of their sum
  std::vector<double> losses = {};

  double steps() const { return static_cast<double>(losses.size() - 1); }
};

// Steps of size 1/λ, with the largest eigenvalue λ of the Hessian; from 2/λ on they diverge.
Run descend(const Task& task, const char* scheme) {
  const auto n = static_cast<double>(task.x.size(0));
  const Tensor scaled = data::fit(scheme, task.x)(task.x);
  const Tensor x = cat({scaled, Tensor::ones({scaled.size(0), 1}, DType::f64)}, 1);
  const Tensor values = linalg::eigh(matmul(x, x, {.a = true}) / n).values;
  const double lambda = amax(values).item(), least = amin(values).item();
  // Pixels that are always 0 have an eigenvalue of 0, up to rounding.
  Run run{least > 1e-15 * lambda ? lambda / least : INFINITY, 100 * lambda / sum(values).item()};
  Tensor w = Tensor::zeros({x.size(1), task.y.size(1)}, DType::f64);
  while (run.losses.size() <= 5000) {
    const Tensor error = matmul(x, w) - task.y;
    run.losses.push_back(mean(square(error)).item());
    if (run.losses.back() < task.learned) break;
    w = w - matmul(x, error, {.a = true}) / (lambda * n);
  }
  return run;
}

Verdict verdict(const Table& table, const std::string& images) {
  const auto steps = [&](const std::string& data, int scheme) {
    return number_at(table, {data, schemes[scheme]}, "steps");
  };
  // Whether each but the last scheme needs fewer steps than the one before.
  const auto falls = [&](const std::string& data) {
    return clearly_below(steps(data, 1), steps(data, 0)) &&
           clearly_below(steps(data, 2), steps(data, 1)) &&
           clearly_below(steps(data, 3), steps(data, 2));
  };
  const auto means = [&](const std::string& data) {
    std::vector<double> result;
    for (int i = 0; i < std::ssize(schemes); ++i) result.push_back(steps(data, i).mean);
    return fmt::format("{:.0f}", fmt::join(result, ", "));
  };
  return {outcome_of(falls("people"), falls(images)),
          fmt::format("Steps unscaled, by min-max, z-scores, whitening, centring alone: {} for "
                      "people, {} for images.",
                      means("people"), means(images)),
          "the features' units differ, as those of pixels don't"};
}

Report run(const ExperimentOptions& options) {
  const data::Dataset train = load_data(options).train;
  Table table{"Steps until it is learned, 5000 at most",
              {"data", "features", "condition number", "largest λ (% of Σλ)", {"steps", 0}}};
  std::vector<Chart> charts;
  const auto compare = [&](const std::string& name, auto task) {
    Chart& chart = charts.emplace_back(
        Chart{"Gradient descent, " + name, "evaluation", "square error", {}, log_log});
    for (const char* scheme : schemes) {
      const auto runs = over_seeds(options, options.small ? 2 : 8, [&](uint64_t seed) {
        options.report(fmt::format("{}, {}, seed {}", name, scheme, seed));
        return descend(task(Rng(seed)), scheme);
      });
      table.rows.push_back({name, scheme, estimate_of(runs, &Run::condition).mean,
                            estimate_of(runs, &Run::largest).mean, estimate_of(runs, &Run::steps)});
      chart.series.push_back(thinned_curve(scheme, runs[0].losses));
    }
  };
  compare("people", people);
  compare(options.data, [&](Rng rng) { return images(train, rng); });
  return {verdict(table, options.data),
          "linear models of 400 people and of 400 images; steps of 1/λ, the largest eigenvalue λ.",
          {table},
          {charts}};
}

}  // namespace gradus::lab::feature_scale_experiment
