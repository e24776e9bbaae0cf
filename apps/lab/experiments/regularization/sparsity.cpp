// Claim: the lasso, λΣ|w| (Tibshirani 1996), and the elastic net, λΣ|w| + λΣw² (Zou and Hastie
// 2005), make weights exactly 0 by proximal steps (Daubechies et al. 2004); ridge, λΣw², doesn't.
// All three are convex: no chord of the cost lies below its curve.
#include "apps/lab/experiments/toolbox.hpp"
#include "core/math.hpp"

namespace gradus::lab::sparsity_experiment {

constexpr double rate = 0.1, lambda = 0.3;
const std::vector<double> truth{3, -2, 1, 0, 0, 0, 0, 0};

const std::pair<const char*, optim::PenaltyOptions> penalties[] = {
    {"lasso", {lambda, 0}}, {"ridge", {0, lambda}}, {"elastic net", {lambda, lambda}}};

// y = X·truth + noise; the first feature of weight 0 correlates with that of weight 3 (r = 0.9).
struct Regression {
  Tensor x, y;

  explicit Regression(uint64_t seed) {
    Rng rng(seed);
    const Tensor own = randn({100, 8}, rng, DType::f64);
    const Tensor alike = slice(own, 1, 0, 1) * 0.9 + slice(own, 1, 3, 4) * std::sqrt(0.19);
    x = cat({slice(own, 1, 0, 3), alike, slice(own, 1, 4, 8)}, 1);
    y = matmul(x, Tensor::from(truth, {8})) + randn({100}, rng, DType::f64);
  }
  Tensor loss(const Tensor& w) const { return mse_loss(matmul(x, w), y) * 0.5; }
};

// The weights after gradient descent, with the penalty in proximal steps or in the gradient.
Tensor descend(const Regression& task, Tensor w, const optim::PenaltyOptions& penalty,
               bool proximal, int steps) {
  optim::SGD optimizer({{"w", w.set_requires_grad()}}, {.lr = rate});
  while (optimizer.steps() < steps) {
    optimizer.zero_grad();
    task.loss(w).backward();
    if (!proximal) optim::add_penalty({{"w", w}}, penalty);
    optimizer.step();
    if (proximal) optim::proximal_step({{"w", w}}, rate, penalty);
  }
  return w.detach();
}

// The weights over λ, from just above the largest slope of the loss at 0, where all weights of the
// lasso are 0.
Chart path(const char* name, const Regression& task, const optim::PenaltyOptions& penalty) {
  Chart chart{name, "λ", "weight", {}, log_x};
  for (const double weight : truth) chart.series.push_back({fmt::format("{}", weight)});
  chart.series[3].name = "0, like 3";
  const double slope = amax(abs(matmul(task.y, task.x))).item() / 100;
  Tensor w = Tensor::zeros({8}, DType::f64);
  for (double now = 1.02 * slope; now > 0.01 * slope; now *= 0.96) {
    w = descend(task, w, {penalty.l1 * now / lambda, penalty.l2 * now / lambda}, true, 300);
    for (std::size_t i = 0; i < truth.size(); ++i) chart.series[i].add(now, w.data<double>()[i]);
  }
  return chart;
}

// The percentage of 1000 random chords, of lengths over two orders of magnitude, whose middle lies
// below `f`, a function of f64 vectors of that size: 0 if f is convex.
double chords_below(const std::function<double(const Tensor&)>& f, int64_t size, Rng rng) {
  int below = 0;
  for (int i = 0; i < 1000; ++i) {
    const Tensor a = randn({size}, rng, DType::f64);
    const Tensor b = a + randn({size}, rng, DType::f64) * math::pow(10, -2 * rng.uniform());
    below += f((a + b) / 2) > (f(a) + f(b)) / 2 + 1e-12;
  }
  return below / 10.0;
}

Verdict verdict(const Table& table) {
  const auto at = [&](const char* penalty, const char* by) {
    return number_at(table, {penalty}, by).mean;
  };
  const char *const steps = "proximal steps", *const gradients = "gradients",
                    *const chords = "chords (%)";
  const auto makes = [&](const char* penalty, const char* says, bool zeros) {
    const double count = at(penalty, steps);
    return fact(says, zeros ? count > 1 : count == 0, fmt::format("{:.1f} of 8", count));
  };
  const double by_gradients =
      at("lasso", gradients) + at("ridge", gradients) + at("elastic net", gradients);
  const double below = at("lasso", chords) + at("ridge", chords) + at("elastic net", chords);
  return {{makes("lasso", "the lasso makes weights exactly 0 by proximal steps", true),
           makes("elastic net", "the elastic net makes weights exactly 0 by proximal steps", true),
           makes("ridge", "ridge makes no weights 0 by proximal steps", false),
           fact("gradients of the penalties make none", by_gradients == 0,
                fmt::format("{:.1f}", by_gradients)),
           fact("all three are convex, Σ√|w| isn't", below == 0 && at("Σ√|w|", chords) > 0,
                fmt::format("{:.0f} % of the chords below the curve, {:.0f} %", below,
                            at("Σ√|w|", chords)))}};
}

Report run(const ExperimentOptions& options) {
  const auto estimated = [&](const std::function<double(const Regression&, Rng)>& measure) {
    return estimate(over_seeds(
        options, 10, [&](uint64_t seed) { return measure(Regression(seed), Rng(seed).fork(1)); }));
  };
  const auto chords = [&](const std::function<Tensor(const Tensor&)>& penalty) {
    return estimated([&](const Regression& task, Rng rng) {
      return chords_below([&](auto& w) { return (task.loss(w) + penalty(w)).item(); }, 8, rng);
    });
  };
  Table table{"Weights that are exactly 0, and chords below the curve (0 %: convex)",
              {"penalty", {"proximal steps", 1}, {"gradients", 1}, {"chords (%)", 1}}};
  std::vector<Chart> paths;
  for (const auto& [name, penalty] : penalties) {
    options.report(name);
    const auto zeros = [&, p = penalty](bool proximal) {
      return estimated([&](const Regression& task, Rng) {
        return 8 - norm(descend(task, Tensor::ones({8}, DType::f64), p, proximal, 1000), 0).item();
      });
    };
    const auto cost = [p = penalty](const Tensor& w) { return optim::elastic_net_penalty(w, p); };
    table.rows.push_back({name, zeros(true), zeros(false), chords(cost)});
    paths.push_back(path(name, Regression(options.seed), penalty));
  }
  table.rows.push_back(
      {"Σ√|w|", "", "", chords([](auto& w) { return sum(sqrt(abs(w))) * lambda; })});
  const char* const measured =
      "regressions of 100 samples on 8 features, 5 of them irrelevant; 1000 random chords.";
  return {verdict(table), measured, {table}, {paths}};
}

}  // namespace gradus::lab::sparsity_experiment
