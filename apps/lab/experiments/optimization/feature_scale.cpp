// Claim: gradient descent is slow if features have different means and units. Min-max scaling,
// z-scores and whitening each lower the condition number of the Hessian more than the one before,
// and with it the number of steps. (LeCun et al. 1998, "Efficient BackProp", §4.3, §5.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::feature_scale_experiment {

// pca only rotates the centred features, which doesn't change gradient descent.
constexpr const char* schemes[] = {"none", "min-max", "z-score", "zca:1e-9", "pca"};

// Points (n, features) and the targets of a linear model [x, 1]·w.
struct Task {
  Tensor x, y;
  double learned;  // mean squared error at which it counts as learned
};

// Height in metres, weight in kilograms (correlated with it), temperature in kelvins, income.
Task people(Rng rng) {
  const Tensor z = randn({400, 4}, rng, DType::f64);
  // The contribution of each number of z to the features, one row for each number.
  const std::vector<double> units{0.1, 9, 0,   0,    //
                                  0,   7, 0,   4e3,  //
                                  0,   0, 0.5, 0,    //
                                  0,   0, 0,   7e3};
  const Tensor x = matmul(z, Tensor::from(units, {4, 4})) + Tensor::from({1.7, 70., 310., 3e4});
  return {x, sum(z, {1}, true) + 0.1 * randn({400, 1}, rng, DType::f64), 0.011};
}

// The pixels of some images, and their classes one-hot.
Task images(const data::Dataset& train, Rng rng) {
  std::vector<int64_t> some = rng.permutation(train.size());
  some.resize(std::min<std::size_t>(some.size(), 400));
  const auto [pixels, labels] = train.raw_batch(some);
  return {cast(flatten(pixels, 1), DType::f64), one_hot(labels, train.classes(), DType::f64), 0.04};
}

struct Run {
  double condition, largest;  // of the Hessian; the largest eigenvalue in percent of the sum
  std::vector<double> losses = {};

  double steps() const { return static_cast<double>(losses.size() - 1); }
};

// Gradient descent with rate 1/λ, λ the largest eigenvalue of the Hessian; from 2/λ it diverges.
Run descend(const Task& task, const char* scheme) {
  const auto n = static_cast<double>(task.x.size(0));
  const Tensor scaled = data::fit(scheme, task.x)(task.x);
  const Tensor x = cat({scaled, Tensor::ones({scaled.size(0), 1}, DType::f64)}, 1);
  const Tensor values = linalg::eigh(matmul(x, x, {.a = true}) / n).values;
  const double lambda = amax(values).item(), least = amin(values).item();
  // Pixels that are always 0 have an eigenvalue of 0 up to rounding.
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

// Steps of each seed, by scheme.
using Steps = std::vector<std::vector<double>>;

// Adds the parts that each scheme but the last needs fewer steps than the one before, with the same
// seeds.
void judge(const std::string& data, const Steps& steps, Verdict& result) {
  for (const std::size_t i : {1, 2, 3})
    result.parts.push_back(negative(
        fmt::format("{}: fewer steps with {} than with {}, {:.0f} against {:.0f}", data, schemes[i],
                    schemes[i - 1], estimate(steps[i]).mean, estimate(steps[i - 1]).mean),
        paired_difference(steps[i], steps[i - 1]), 0));
}

Report run(const ExperimentOptions& options) {
  const data::Dataset train = load_data(options).train;
  Table table{"Steps until the task is learned, 5000 at most",
              {"data", "features", "condition number", "largest λ (% of Σλ)", {"steps", 0}}};
  std::vector<Chart> charts;
  const auto compare = [&](const std::string& name, auto task) {
    Steps steps;
    Chart& chart = charts.emplace_back(
        Chart{"Gradient descent, " + name, "evaluation", "squared error", {}, log_log});
    for (const char* scheme : schemes) {
      const auto runs = over_seeds(options, options.small ? 5 : 8, [&](uint64_t seed) {
        options.report(fmt::format("{}, {}, seed {}", name, scheme, seed));
        return descend(task(Rng(seed)), scheme);
      });
      table.rows.push_back({name, scheme, estimate_of(runs, &Run::condition).mean,
                            estimate_of(runs, &Run::largest).mean, estimate_of(runs, &Run::steps)});
      chart.series.push_back(thinned_curve(scheme, runs[0].losses));
      steps.emplace_back();
      for (const Run& run : runs) steps.back().push_back(run.steps());
    }
    return steps;
  };
  const Steps of_people = compare("people", people);
  const Steps of_images = compare(options.data, [&](Rng rng) { return images(train, rng); });
  const char* const measured =
      "linear models of 400 people and of 400 images; rate 1/λ, the largest eigenvalue λ.";
  Verdict verdict;
  judge("people", of_people, verdict);
  judge(options.data, of_images, verdict);
  return {verdict, measured, {table}, {charts}};
}

}  // namespace gradus::lab::feature_scale_experiment
