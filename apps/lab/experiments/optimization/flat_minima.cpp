// Claim: small batches end in flatter minima than large ones: the largest eigenvalue of the loss's
// Hessian is smaller. (Keskar et al. 2017; --data mnist --long: batches of 64 and 4096.) The cause
// is noise, the ratio of rate and batch (Jastrzębski et al. 2017); the third way tests this.
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::flat_minima_experiment {

struct Curvature {
  double largest;         // the Hessian's eigenvalue of the largest size, vᵀHv
  double by_differences;  // the same by central differences of gradients along v
};

// The curvature of a batch's cross-entropy with respect to all parameters, in double precision, by
// the power method: v ← Hv/‖Hv‖, 30 times, where Hv is the gradient of gradient·v.
Curvature curvature(Sequential model, const data::Batch& batch, Rng& rng) {
  model.to(DType::f64);
  Tensors weights;
  for (const auto& [name, weight] : model.parameters()) weights.push_back(weight);
  const Tensor images = cast(batch.inputs, DType::f64);
  const auto loss = [&] { return cross_entropy(model(images), batch.targets); };
  const auto dot = [](const Tensors& a, const Tensors& b) {
    double result = 0;
    for (std::size_t i = 0; i < a.size(); ++i) result += sum(a[i] * b[i]).item();
    return result;
  };
  const Tensors slopes = grad({loss()}, weights, {.create_graph = true});
  Tensors v, curved;
  for (const Tensor& weight : weights) curved.push_back(randn(weight.shape(), rng, DType::f64));
  for (int step = 0; step <= 30; ++step) {
    const double length = std::sqrt(dot(curved, curved));
    v.clear();
    for (const Tensor& part : curved) v.push_back(part / length);
    curved = grad(slopes, weights, {.grad_outputs = v, .retain_graph = true});
  }
  const auto slope_after = [&](double distance) {
    no_grad([&] {
      for (std::size_t i = 0; i < v.size(); ++i) weights[i].copy_from(weights[i] + v[i] * distance);
    });
    return dot(grad({loss()}, weights), v);
  };
  constexpr double h = 1e-7;  // from −h to h is a step of 2h
  const double before = slope_after(-h), behind = slope_after(2 * h);
  return {dot(v, curved), (behind - before) / (2 * h)};
}

// The training losses at which curvatures are compared, because the curvature falls with the loss.
std::vector<double> levels(const ExperimentOptions& options) {
  return options.small ? std::vector{0.3, 0.1} : std::vector{0.3, 0.1, 0.03, 0.01};
}

struct Way {
  std::string name;
  int64_t batch;
  double rate;
};

struct Run {
  std::vector<double> curvatures = {};  // when the training loss falls below each level
  double by_differences = 0, epochs = 0, accuracy = 0;  // at the last
};

Run train(const Way& way, const data::Split& split, uint64_t seed,
          const ExperimentOptions& options) {
  Rng weights = weights_rng(seed), order = Rng(seed).fork(1), direction = Rng(seed).fork(2);
  Sequential model = dense_network(split.train, weights);
  optim::SGD optimizer(model.parameters(), {.lr = way.rate});
  const data::Dataset judged = split.train.first(2000);
  const std::vector<double> losses = levels(options);
  const auto steps_per_epoch = static_cast<double>(split.train.size() / way.batch);
  Run run;
  train::TrainingObserver observer;
  observer.after_step = [&](const train::StepRecord& step) {
    if (step.step % 10 != 0) return;
    run.epochs = static_cast<double>(step.step) / steps_per_epoch;
    options.report(fmt::format("{}, seed {}, epoch {:.0f}", way.name, seed, run.epochs));
    const double loss = train::evaluate(model, judged, {.batch_size = judged.size()}).loss;
    if (loss > losses[run.curvatures.size()]) return;
    const auto [largest, by_differences] =
        curvature(model, judged.batch(0, judged.size()), direction);
    run.curvatures.push_back(largest);
    run.by_differences = by_differences;
  };
  observer.should_stop = [&] { return run.curvatures.size() == losses.size(); };
  train::fit(model, optimizer, split.train,
             {.epochs = 1'000'000,
              .batch_size = way.batch,
              .drop_last = true,
              .progress = train::ShowProgress::never,
              .observer = observer},
             order);
  run.accuracy = 100 * accuracy(model, split.test);
  return run;
}

// Compares the ways at the training loss `end`.
Verdict verdict(const Way (&ways)[3], const Table& table, double end) {
  const auto curvature = [&](const Way& way) {
    return number_at(table, {way.name}, fmt::format("loss {}", end));
  };
  const auto flatter = [&](const std::string& at, const Way& way) {
    return lower(fmt::format("{} the largest eigenvalue is lower with batches of {} than with {}",
                             at, way.batch, ways[1].batch),
                 curvature(way), curvature(ways[1]), 1);
  };
  return {{flatter("at the same rate", ways[0]),
           flatter("at a tenth of the rate of the large batches", ways[2])},
          fmt::format("Curvature is compared at a training loss of {}.", end)};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options);
  const std::vector<double> losses = levels(options);
  const int64_t small = options.longer ? 64 : 16, large = options.longer ? 4096 : 1024;
  const Way ways[] = {{"small batch", small, 0.1},
                      {"large batch", large, 0.1},
                      {"small batch, small rate", small, 0.01}};
  Table table{"The Hessian's largest eigenvalue, and by differences, at the last loss",
              {"way", {"batch", 0}, {"rate", 2}}};
  for (const double loss : losses)
    table.columns.emplace_back(fmt::format("loss {}", loss).c_str(), 1);
  for (const char* column : {"differences", "epochs", "accuracy (%)"})
    table.columns.emplace_back(column, 1);
  Chart chart{"Curvature on the way down", "training loss", "largest eigenvalue", {}, log_log};
  for (const Way& way : ways) {
    const auto runs = over_seeds(options, options.small ? 3 : 5,
                                 [&](uint64_t seed) { return train(way, split, seed, options); });
    std::vector<TableCell> row{way.name, way.batch, way.rate};
    chart.series.push_back({way.name});
    for (std::size_t i = 0; i < losses.size(); ++i) {
      row.push_back(estimate_of(runs, [=](const Run& run) { return run.curvatures[i]; }));
      chart.series.back().add(losses[i], row.back().number.mean);
    }
    add_row(table, row, runs, &Run::by_differences, &Run::epochs, &Run::accuracy);
  }
  const char* const measured =
      "32 hidden units, trained by SGD until the loss of up to 2000 training samples is that low.";
  return {verdict(ways, table, losses.back()), measured, {table}, {{chart}}};
}

}  // namespace gradus::lab::flat_minima_experiment
