// Claim: as the number of groups G grows from 1 to the number of channels C, group normalization
// changes from layer normalization, with statistics over (C, H, W), to instance normalization.
// Texts often state this the wrong way round. (Wu and He 2018, §3.1 and table 3.)
#include "apps/lab/experiments/toolbox.hpp"

namespace gradus::lab::group_normalization_experiment {

constexpr int64_t channels = 16;
constexpr double eps = 1e-5;

// Images whose channels have different means and deviations, as after a convolution.
Tensor images(Rng& rng) {
  const Shape each{1, channels, 1, 1};
  const Tensor mean = 2 * randn(each, rng, DType::f64),
               deviation = exp(randn(each, rng, DType::f64));
  return randn({8, channels, 6, 6}, rng, DType::f64) * deviation + mean;
}

// Mean and mean square of x over `dims`, for each channel of each image.
Tensor moments(const Tensor& x, const Dims& dims) {
  const Shape each{x.size(0), channels, 1, 1};
  return stack({expand(mean(x, dims, true), each), expand(mean(square(x), dims, true), each)});
}

// The moments that x was normalized by, computed from the result y = (x − μ)/√(σ² + ε).
Tensor moments_used(const Tensor& x, const Tensor& y) {
  const Dims pixels{2, 3};
  const Tensor variance = var(x, pixels, true) / var(y, pixels, true);
  const Tensor mu = mean(x, pixels, true) - mean(y, pixels, true) * sqrt(variance);
  return stack({mu, square(mu) + variance - eps});
}

// The test accuracy in percent.
Estimate train(const std::string& scheme, const data::Split& split,
               const ExperimentOptions& options) {
  const int64_t epochs = options.epochs.value_or(options.small ? 2 : 6);
  const auto runs = over_seeds(options, options.small ? 2 : 5, [&](uint64_t seed) {
    Rng weights = weights_rng(seed);
    Sequential model = build(
        "conv 16 3x3, norm, relu, maxpool 2, conv 16 3x3, norm, relu, maxpool 2, dense 10",
        {.input = split.train.sample_shape(), .classes = split.train.classes(), .norm = scheme},
        weights);
    optim::Adam optimizer(model.parameters());
    return train_classifier(model, optimizer, split, {scheme, epochs, 8}, seed, options);
  });
  return estimate_of(runs, &TrainingCurves::last_accuracy);
}

// Distances by the number of groups, from 1 to C.
Verdict verdict(const std::vector<double>& to_layer, const std::vector<double>& to_instance) {
  bool steady = true;
  for (std::size_t i = 1; i < to_layer.size(); ++i)
    steady &= to_layer[i] > to_layer[i - 1] && to_instance[i] < to_instance[i - 1];
  constexpr double rounding = 1e-9;
  const auto is = [](const char* says, double distance, double other) {
    return fact(says, distance < rounding,
                fmt::format("distance {:.0e}, {:.2f} from the other", distance, other));
  };
  return {{is("with G = 1 it is layer norm", to_layer.front(), to_instance.front()),
           is("with G = C it is instance norm", to_instance.back(), to_layer.back()),
           fact("in between the distance to layer norm grows and that to instance norm falls",
                steady)}};
}

Report run(const ExperimentOptions& options) {
  const data::Split split = load_data(options, options.small ? 100 : 400);
  Rng rng(options.seed);
  const Tensor x = images(rng), layer = moments(x, {1, 2, 3}), instance = moments(x, {2, 3});
  Table table{"Relative difference of the statistics; test accuracy of a trained network",
              {"scheme", "to layer norm", "to instance norm", {"accuracy (%)", 2}}};
  const auto add = [&](const std::string& scheme, const Tensor& y) {
    const Tensor used = moments_used(x, y);
    table.rows.push_back({scheme, relative_difference(used, layer),
                          relative_difference(used, instance), train(scheme, split, options)});
  };
  Series to_layer{"to layer norm"}, to_instance{"to instance norm"};
  add("layer", layer_norm(x, x.shape().without(0), {}, {}, eps));
  for (int64_t groups = 1; groups <= channels; groups *= 2) {
    add(fmt::format("group:{}", groups), group_norm(x, groups, {}, {}, eps));
    to_layer.add(static_cast<double>(groups), table.rows.back()[1].number.mean);
    to_instance.add(static_cast<double>(groups), table.rows.back()[2].number.mean);
  }
  add("instance", instance_norm(x, {}, {}, {}, {}, {.eps = eps}));
  return {verdict(to_layer.y, to_instance.y),
          fmt::format("mean and mean square that {0} channels of 8 random images were normalized "
                      "by, computed from the output; then networks of two convolutions of {0} "
                      "channels, trained on {1} images of {2}.",
                      channels, split.train.size(), options.data),
          {table},
          {{{"Statistics of group norm", "groups G", "relative difference",
             std::vector{to_layer, to_instance}, log_x}}}};
}

}  // namespace gradus::lab::group_normalization_experiment
