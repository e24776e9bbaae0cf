#include "apps/gradus/experiment.hpp"

#include <filesystem>

#include "apps/gradus/errors.hpp"
#include "apps/gradus/groups.hpp"
#include "data/augmentation.hpp"
#include "data/sources.hpp"
#include "optim/registry.hpp"

namespace gradus::app {
namespace {

// Of images for initializers that need data.
constexpr int64_t initial_batch = 256;

bool is_image(const data::Dataset& dataset) {
  return dataset.sample_shape().rank() == 3;
}

// What the configuration means on another day in another folder.
void pin_data(TrainConfig& config, const data::Source& source) {
  const bool took_other = config.data == "auto" && source.name != "mnist";
  if (took_other) config.data_dir.clear();
  const auto& entries = data::sources().entries();
  const bool named = std::any_of(entries.begin(), entries.end(),
                                 [&](const auto& entry) { return entry.name == source.name; });
  config.data = named ? source.name : std::filesystem::absolute(source.name).string();
  if (!config.data_dir.empty())
    config.data_dir = std::filesystem::absolute(config.data_dir).string();
}

// Small sets need more passes for as many steps.
int64_t default_epochs(const data::Dataset& train) {
  if (train.size() >= 10000) return 3;
  return is_image(train) ? 6 : 40;
}

}  // namespace

Json ModelDescription::to_json() const {
  return {{"model", model},
          {"norm", options.norm},
          {"activation", options.activation},
          {"dropout", options.dropout ? Json(*options.dropout) : Json()},
          {"input", std::vector<int64_t>(options.input.begin(), options.input.end())},
          {"classes", options.classes},
          {"mean", normalization.mean},
          {"deviation", normalization.deviation}};
}

ModelDescription ModelDescription::from_json(const Json& json) {
  ModelDescription result;
  result.model = json.at("model");
  result.options.norm = json.at("norm");
  result.options.activation = json.at("activation");
  if (!json.at("dropout").is_null()) result.options.dropout = json.at("dropout").get<double>();
  const std::vector<int64_t> input = json.at("input");
  result.options.input = Shape(std::span<const int64_t>(input));
  result.options.classes = json.at("classes");
  result.normalization = {.mean = json.at("mean"), .deviation = json.at("deviation")};
  return result;
}

RunData load_data(TrainConfig& config) {
  const data::Source source =
      as_usage([&] { return data::load(config.data, {.data_dir = config.data_dir}); });
  pin_data(config, source);
  data::Split split = source.split;
  if (config.limit) split.train = split.train.first(*config.limit);
  RunData result{source.name, source.note, split.train, split.test, split.test};
  if (config.val_split > 0) {
    Rng rng = Streams(config.seed).held_out();
    const data::Split held_out = as_usage([&] { return split.train.split(config.val_split, rng); });
    result.train = held_out.train;
    result.validation = held_out.test;
  }
  // Nothing of what judges the model may enter its inputs' scale.
  if (config.limit || config.val_split > 0 || !config.preprocess.empty()) {
    const data::Normalization scale = as_usage([&] {
      return config.preprocess.empty() ? result.train.statistics()
                                       : data::fit(config.preprocess, result.train);
    });
    for (data::Dataset* dataset : {&result.train, &result.validation, &result.test})
      *dataset = dataset->normalized(scale);
  }
  return result;
}

data::BatchTransform build_augmentation(const TrainConfig& config, const data::Dataset& train) {
  if (config.augment.empty()) return {};
  const Shape sample = train.normalized({}).sample_shape();
  if (sample.rank() != 3)
    throw UsageError(
        fmt::format("--augment goes with images; samples of {} are {}", config.data, sample));
  return as_usage([&] { return data::augment(config.augment); });
}

std::string data_label(const std::string& name) {
  const std::string label = std::filesystem::path(name).stem().string();
  return label.empty() ? "data" : label;
}

ModelDescription describe_model(TrainConfig& config, const data::Dataset& train) {
  if (config.model.empty()) config.model = is_image(train) ? "cnn-bn" : "mlp";
  if (!config.epochs) config.epochs = default_epochs(train);
  Tensor batch;
  if (!config.init.empty()) batch = train.batch(0, std::min(train.size(), initial_batch)).images;
  return {config.model,
          {.input = train.sample_shape(),
           .classes = train.classes(),
           .activation = config.activation,
           .norm = config.norm,
           .init = config.init,
           .batch = batch,
           .dropout = config.dropout},
          train.normalization()};
}

layers::Sequential build_model(const ModelDescription& description, Rng rng) {
  return as_usage([&] { return layers::build_model(description.model, description.options, rng); });
}

LossFunction build_loss(const TrainConfig& config) {
  const LossFunction loss = as_usage([&] { return losses().find(config.loss); });
  if (config.label_smoothing == 0) return loss;
  if (config.loss != "cross-entropy")
    throw UsageError(
        fmt::format("--label-smoothing goes with --loss cross-entropy, not {}", config.loss));
  return [smoothing = config.label_smoothing](const Tensor& logits, const Tensor& labels) {
    return cross_entropy(logits, labels, {.label_smoothing = smoothing});
  };
}

std::unique_ptr<optim::Optimizer> build_optimizer(TrainConfig& config,
                                                  const NamedTensors& parameters) {
  return as_usage([&] {
    const optim::OptimizerFactory& make = optim::optimizers().find(config.optimizer);
    if (!config.lr) config.lr = config.schedule == "one-cycle" ? make.peak_lr : make.lr;
    auto optimizer = make(parameters, *config.lr, values(config.optimizer_settings));
    if (config.no_decay_of_vectors) optimizer->exempt_vectors_from_decay();
    for (const optim::Group& group : parse_groups(config.group)) optimizer->add_group(group);
    return optimizer;
  });
}

std::optional<optim::WeightAverage> build_average(const TrainConfig& config,
                                                  const NamedTensors& tensors) {
  if (config.ema && config.swa) throw UsageError("--ema doesn't go with --swa: one average");
  if (config.swa && *config.swa > *config.epochs)
    throw UsageError(
        fmt::format("--swa begins at epoch {}, training ends at {}", *config.swa, *config.epochs));
  if (!config.ema && !config.swa) return std::nullopt;
  return optim::WeightAverage(tensors, {.decay = config.ema});
}

optim::Schedule build_schedule(const TrainConfig& config, int64_t total_steps) {
  const optim::ScheduleOptions options{.warmup_steps = config.warmup.value_or(0),
                                       .step_size = config.step_size,
                                       .gamma = config.gamma,
                                       .min_lr = config.min_lr,
                                       .pct_start = config.pct_start,
                                       .div_factor = config.div_factor};
  return as_usage([&] {
    return optim::schedules().find(config.schedule)(config.lr.value_or(0), total_steps, options);
  });
}

}  // namespace gradus::app
