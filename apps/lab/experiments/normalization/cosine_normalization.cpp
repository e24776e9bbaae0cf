// Claim: cosine normalization bounds outputs by 1 and removes the scale (Luo et al. 2018, §3). Then
// the cross-entropy of K classes can't fall below log(1 + (K − 1)e⁻²). K directions can't all be
// opposite to each other, so it can't even fall below log(1 + (K − 1)e^(−K/(K − 1))), unless the
// cosines are multiplied by a scale (Wang et al. 2017, NormFace, proposition 2).
#include "apps/lab/experiments/toolbox.hpp"
#include "core/math.hpp"

namespace gradus::lab::cosine_normalization_experiment {

// The cross-entropy of K classes if the cosine is 1 with the correct class and −1/(K − 1) with the
// others.
double simplex_floor(double classes) {
  return math::log(1 + (classes - 1) * math::exp(-classes / (classes - 1)));
}

// The lowest cross-entropy of one sample of each class, with free features.
double least_loss(int64_t classes, uint64_t seed) {
  Rng rng(seed);
  const Parameter features(randn({classes, classes}, rng)), weight(randn({classes, classes}, rng));
  const auto loss = [&] {
    return cross_entropy(cosine_linear(features, weight), Tensor::arange(classes));
  };
  optim::Adam optimizer({{"features", features}, {"weight", weight}}, {.lr = 0.02});
  for (int step = 0; step < 600; ++step) {
    optimizer.zero_grad();
    loss().backward();
    optimizer.step();
  }
  return loss().item();
}

// The largest products and cosines for weights and data that are multiplied by a factor.
Table measure_outputs(uint64_t seed) {
  Rng rng(seed);
  const Tensor weight = randn({10, 64}, rng), data = cat({weight, randn({256, 64}, rng)});
  Table table{"Largest output", {"factor", "product", {"cosine", 6}}};
  for (const double factor : {0.01, 0.1, 1., 10., 100.}) {
    const Tensor x = data * factor, w = weight * factor;
    table.rows.push_back(
        {factor, amax(abs(linear(x, w))).item(), amax(abs(cosine_linear(x, w))).item()});
  }
  return table;
}

Table measure_floors(uint64_t seed) {
  Table table{
      "Cross-entropy: log(1 + (K − 1)e⁻²), log(1 + (K − 1)e^(−K/(K − 1))), and the lowest reached",
      {{"classes K", 0}, {"floor", 4}, {"simplex", 4}, {"reached", 4}}};
  for (const int64_t classes : {2, 3, 5, 10, 20}) {
    const auto k = static_cast<double>(classes);
    table.rows.push_back(
        {k, math::log(1 + (k - 1) * math::exp(-2)), simplex_floor(k), least_loss(classes, seed)});
  }
  return table;
}

// The input of the softmax.
struct Output {
  const char* name;
  double scale;
  bool learned;  // whether the scale is learned
};
const Output outputs[] = {
    {"cosine", 1, false}, {"10·cosine", 10, false}, {"scale learned from 1", 1, true}};

std::vector<TrainingCurves> train(const Output& output, const data::Split& split, int64_t epochs,
                                  const ExperimentOptions& options) {
  return over_seeds(options, options.small ? 2 : 5, [&](uint64_t seed) {
    Rng weights = weights_rng(seed);
    Dense hidden(split.train.sample_shape().numel(), 64, weights);
    Dense last(64, split.train.classes(), weights, {.bias = false});
    last.reparametrize(CosineNorm({.scale = output.scale}));
    Tensor scale = last.named_parameters().back().second;
    scale.set_requires_grad(output.learned);
    Sequential model{Flatten(), hidden, ReLU(), last};
    optim::Adam optimizer(model.parameters(), {.lr = 3e-3});
    return train_classifier(model, optimizer, split, {output.name, epochs, 50}, seed, options);
  });
}

// `floor` is the lower bound for the classes of the networks in `trained`.
Verdict verdict(const Table& sizes, const Table& floors, const Table& trained, double floor) {
  double size = 0, lowest = 1;  // largest output; lowest ratio of a loss and the simplex's
  for (const std::vector<TableCell>& row : sizes.rows) size = std::max(size, row[2].number.mean);
  for (const std::vector<TableCell>& row : floors.rows)
    lowest = std::min(lowest, row[3].number.mean / row[2].number.mean);
  const auto loss = [&](const char* output) {
    return number_at(trained, {output}, "training loss");
  };
  const auto against_floor = [&](const char* output) {
    return fmt::format("{} against {:.4f}", to_string(loss(output), 4), floor);
  };
  return {{fact("cosines stay in [−1, 1] at any scale", size < 1 + 1e-6,
                fmt::format("at most {:.6f}", size)),
           fact("with free features the cross-entropy of 2 to 20 classes stays above the bound",
                lowest > 1 - 1e-4, fmt::format("{:.6f} times the simplex's or more", lowest)),
           fact("the loss of a network stays above the bound", loss("cosine").mean > floor,
                against_floor("cosine")),
           fact("with 10·cosine it falls below the bound", loss("10·cosine").mean < floor,
                against_floor("10·cosine")),
           fact("with a learned scale it falls below the bound",
                loss("scale learned from 1").mean < floor, against_floor("scale learned from 1"))}};
}

Report run(const ExperimentOptions& options) {
  const Table sizes = measure_outputs(options.seed), floors = measure_floors(options.seed);
  const data::Split split = load_data(options, 500);
  const int64_t epochs = options.epochs.value_or(options.small ? 15 : 40);
  Table trained{"Networks", {"output", {"training loss", 4}, {"test error (%)", 2}}};
  Chart training{"Training", "epoch", "loss", {}, log_y};
  for (const Output& output : outputs) {
    const auto runs = train(output, split, epochs, options);
    add_row(trained, {output.name}, runs, &TrainingCurves::final_loss, &TrainingCurves::last_error);
    training.series.push_back(mean_curve(output.name, runs, &TrainingCurves::loss));
  }
  const double floor = simplex_floor(static_cast<double>(split.train.classes()));
  training.series.push_back({"simplex", {1, static_cast<double>(epochs)}, {floor, floor}});
  return {
      verdict(sizes, floors, trained, floor),
      fmt::format("products of weights with random vectors and with themselves; the loss of K "
                  "samples with free features; networks of 64 hidden units on {} images of {}.",
                  split.train.size(), options.data),
      {sizes, floors, trained},
      {{{"Largest output", "factor of weights and data", "|output|", column_lines(sizes), log_log},
        {"Free features", "classes K", "lowest cross-entropy", column_lines(floors)},
        training}}};
}

}  // namespace gradus::lab::cosine_normalization_experiment
