// Claim: weight decay, θ ← (1 − lr·λ)θ, equals the penalty ½λ‖θ‖² (L2) for plain SGD, but not with
// momentum and not for Adam: Adam divides by the size of gradients, so the penalty shrinks weights
// with large gradients less.
// (Loshchilov and Hutter 2019, propositions 1 to 3.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::weight_decay_experiment {

// An optimizer with a penalty and with decay; the decay is `factor`·lr·λ per step.
struct Pair {
  std::string name, penalized, decayed;
  double lr = 0.01, factor = 1;
};
const Pair pairs[] = {{"SGD", "sgd", "sgd"},
                      {"Adam", "adam", "adamw", 0.001},
                      {"momentum", "momentum", "momentum"},
                      {"momentum, decay ×10", "momentum", "momentum", 0.01, 10}};  // 1/(1 − μ)
enum { sgd, adam, momentum, momentum_decay_10 };

auto optimizer_of(const Pair& pair, bool decay, const NamedTensors& parameters, double lr,
                  double lambda) {
  const auto& factory = optim::optimizers().find(decay ? pair.decayed : pair.penalized);
  if (decay && pair.decayed != "adamw")
    return factory(parameters, lr, {{"decoupled_weight_decay", pair.factor * lr * lambda}});
  return factory(parameters, lr, {{"weight_decay", lambda}});
}

struct Run {
  std::vector<double> distance;  // relative distance of the two weights after each step
  double last() const { return distance.back(); }
};

Run train_both(const Pair& pair, const ExperimentOptions& options, uint64_t seed) {
  Rng initial = weights_rng(seed), order = Rng(seed).fork(1);
  const data::Dataset data = load_data(options).train;
  data::Loader loader(data, {.batch_size = 32}, order);
  Sequential first = dense_network(data, initial);
  first.to(DType::f64);
  Sequential second = first;
  const auto penalized = optimizer_of(pair, false, first.parameters(), pair.lr, 0.01),
             decayed = optimizer_of(pair, true, second.parameters(), pair.lr, 0.01);
  const auto step = [](Module& model, optim::Optimizer& optimizer, auto& batch) {
    optimizer.zero_grad();
    cross_entropy(model(cast(batch.inputs, DType::f64)), batch.targets).backward();
    optimizer.step();
    return model.parameters()[0].second.detach();
  };
  Run run;
  for (int epoch = 0; epoch < (options.small ? 2 : 20); ++epoch)
    for (const data::Batch& batch : loader) {
      options.report(fmt::format("{}, seed {}, step {}", pair.name, seed, penalized->steps()));
      const Tensor weights = step(first, *penalized, batch);
      run.distance.push_back(relative_difference(step(second, *decayed, batch), weights));
    }
  return run;
}

// The mean of weights that start at 1 after 1000 steps with lr·λ = 0.001, for gradients that are
// noise of several sizes.
Series left(const Pair& pair, bool decay, uint64_t seed) {
  Rng rng(seed);
  const std::vector<double> sizes{0.1, 0.3, 1, 3, 10};
  Tensor weights = Tensor::ones({5, 1000}, DType::f64).set_requires_grad();
  const auto optimizer = optimizer_of(pair, decay, {{"weights", weights}}, 0.01, 0.1);
  for (int step = 0; step < 1000; ++step) {
    weights.set_grad(Tensor::from(sizes, {5, 1}) * randn(weights.shape(), rng, DType::f64));
    optimizer->step();
  }
  const std::string name = pair.name + (decay ? ", decay" : ", penalty");
  return {name, sizes, mean(weights.detach(), {1}).to_vector<double>()};
}

// `distances` of the weights, and the weights that Adam's penalty leaves, by sizes of gradients.
Verdict verdict(const Chart& distances, const Series& left_by_adam) {
  const auto differ = [&](const char* says, std::size_t pair) {
    const double end = distances.series[pair].y.back();
    return fact(says, end > 1e-4, fmt::format("relative distance {:.2f}", end));
  };
  const double plain = distances.series[sgd].y.back();
  const std::vector<double>& left = left_by_adam.y;
  return {{fact("decay equals the penalty for plain SGD", plain < 1e-10,
                fmt::format("relative distance {:.0e}", plain)),
           differ("decay differs from the penalty with momentum", momentum),
           differ("decay differs with momentum and ten times the decay", momentum_decay_10),
           differ("decay differs with Adam", adam),
           fact("Adam's penalty shrinks weights with large gradients less", left.back() > 0.5,
                fmt::format("{:.2f} of a weight left with gradients of 0.1, {:.2f} with 10",
                            std::abs(left.front()), left.back()))}};
}

Report run(const ExperimentOptions& options) {
  Table apart{"Penalty against decay, at the end", {"optimizer", "‖difference‖/‖weights‖"}};
  Table shrunk{"Weight after 1000 steps, from 1", {"optimizer", "gradients of 0.1", "1", "10"}};
  Chart distances{"Penalty against decay", "step", apart.columns[1].name, {}, log_log};
  Chart rest{"1000 steps of lr·λ = 0.001", "size of gradients", "weight", {}, log_x};
  for (const Pair& pair : pairs) {
    const auto runs = over_seeds(options, options.small ? 2 : 3,
                                 [&](uint64_t seed) { return train_both(pair, options, seed); });
    apart.rows.push_back({pair.name, estimate_of(runs, &Run::last)});
    distances.series.push_back(mean_curve(pair.name, runs, &Run::distance));
    if (pair.penalized == "momentum") continue;
    for (const bool decay : {false, true}) {
      const pictures::Series& series = rest.series.emplace_back(left(pair, decay, options.seed));
      shrunk.rows.push_back({series.name, series.y[0], series.y[2], series.y[4]});
    }
  }
  const char* const measured =
      "32 hidden units, trained with both on the same batches in double precision; weights of 1 "
      "with random gradients, of which decay leaves e⁻¹ = 0.37.";
  const Series& left_by_adam = rest.series[2];  // under the penalty
  return {verdict(distances, left_by_adam), measured, {apart, shrunk}, {{distances, rest}}};
}

}  // namespace gradus::lab::weight_decay_experiment
