#include "apps/gradus/run/build.hpp"

#include <algorithm>

#include "apps/gradus/cli/errors.hpp"
#include "apps/gradus/run/parameter_groups.hpp"
#include "apps/gradus/run/streams.hpp"
#include "data/transform/augmentation.hpp"
#include "layers/norm/norm_text.hpp"
#include "optim/algorithms/optimizers.hpp"
#include "optim/schedules/schedule_text.hpp"

namespace gradus::app {
namespace {

// Of images for initializers that need data.
constexpr int64_t initial_batch = 256;

bool is_image(const data::Dataset& dataset) {
  return dataset.sample_shape().rank() == 3;
}

// Small sets need more passes for as many steps.
int64_t default_epochs(const data::Dataset& train) {
  if (train.size() >= 10000) return 3;
  return is_image(train) ? 6 : 40;
}

// Whose rate is a peak throughout: it may be higher.
bool is_one_cycle(const std::string& schedule) {
  const std::vector<optim::SchedulePart> parts = optim::parse_schedule(schedule);
  return std::all_of(parts.begin(), parts.end(),
                     [](const optim::SchedulePart& part) { return part.name == "one-cycle"; });
}

}  // namespace

data::BatchTransform build_augmentation(const TrainConfig& config, const data::Dataset& train) {
  if (config.augment.empty()) return {};
  const Shape sample = train.normalized({}).sample_shape();
  if (sample.rank() != 3)
    throw UsageError(
        fmt::format("--augment goes with images; samples of {} are {}", config.data, sample));
  return as_usage([&] { return data::augment(config.augment); });
}

ModelDescription describe_model(TrainConfig& config, const data::Dataset& train) {
  if (config.model.empty()) config.model = is_image(train) ? "cnn-bn" : "mlp";
  if (!config.epochs) config.epochs = default_epochs(train);
  Tensor batch;
  if (!config.init.empty()) batch = train.batch(0, std::min(train.size(), initial_batch)).inputs;
  return {config.model,
          {.input = train.sample_shape(),
           .classes = train.classes(),
           .activation = config.activation,
           .norm = config.norm,
           .init = config.init,
           .batch = batch,
           .dropout = config.dropout,
           .input_dropout = config.input_dropout,
           .channel_dropout = config.channel_dropout,
           .drop_connect = config.drop_connect},
          train.normalization(),
          train.normalized({}).sample_shape(),
          data::find_framing(train)};
}

layers::Sequential build_model(const ModelDescription& description, Rng rng) {
  return as_usage([&] { return layers::build(description.model, description.options, rng); });
}

LossFunction build_loss(const TrainConfig& config) {
  const LossFunction loss = as_usage([&] { return losses().find(config.loss); });
  if (config.focal_gamma)
    return [options = FocalOptions{.gamma = *config.focal_gamma}](const Tensor& logits,
                                                                  const Tensor& labels) {
      return focal_loss(logits, labels, options);
    };
  if (config.label_smoothing == 0) return loss;
  const CrossEntropyOptions options{.label_smoothing = config.label_smoothing,
                                    .smooth_wrong_classes_only = config.smooth_wrong_classes};
  return [options](const Tensor& logits, const Tensor& labels) {
    return cross_entropy(logits, labels, options);
  };
}

std::unique_ptr<optim::Optimizer> build_optimizer(TrainConfig& config, layers::Module& model) {
  return as_usage([&] {
    const optim::OptimizerFactory& make = optim::optimizers().find(config.optimizer);
    if (!config.lr) config.lr = is_one_cycle(config.schedule) ? make.peak_lr : make.lr;
    auto optimizer = make(model.parameters(), *config.lr, values(config.optimizer_flags));
    if (config.no_decay_of_vectors) {
      if (!optimizer->has_weight_decay())
        throw UsageError("--no-decay-of-vectors needs --weight-decay");
      for (const layers::Role role : {layers::Role::bias, layers::Role::gain})
        optimizer->exempt_from_decay(model.tensors(role));
    }
    for (const optim::Group& group : parse_groups(config.group)) optimizer->add_group(group);
    return optimizer;
  });
}

std::optional<optim::WeightAverage> build_average(const TrainConfig& config,
                                                  layers::Module& model) {
  if (config.swa && *config.swa > *config.epochs)
    throw UsageError(
        fmt::format("--swa begins at epoch {}, training ends at {}", *config.swa, *config.epochs));
  if (!config.ema && !config.swa) return std::nullopt;
  return optim::WeightAverage(model.state_dict(),
                              {.decay = config.ema, .warmup = config.ema.has_value()},
                              model.tensors(layers::Role::iterate));
}

optim::Schedule build_schedule(const TrainConfig& config, int64_t total_steps) {
  return as_usage([&] {
    return optim::make_schedule(config.schedule, config.lr.value_or(0), total_steps,
                                values(config.schedule_flags), config.warmup.value_or(0));
  });
}

std::optional<optim::EarlyStoppingOptions> early_stopping(const TrainConfig& config) {
  if (config.patience)
    return optim::EarlyStoppingOptions{
        .patience = *config.patience, .min_delta = config.min_delta, .maximize = true};
  return std::nullopt;
}

std::function<data::MixedBatch(const data::Batch&, Rng&)> build_mix(const TrainConfig& config,
                                                                    const data::Dataset& train) {
  if (config.cutmix && !is_image(train))
    throw UsageError(
        is_image(train.normalized({}))
            ? fmt::format("--cutmix needs images, --preprocess {} makes vectors of them",
                          config.preprocess)
            : fmt::format("--cutmix goes with images; samples of {} are {}", config.data,
                          train.sample_shape()));
  const auto by = [](auto mix, double alpha) {
    return [=](const data::Batch& batch, Rng& rng) { return mix(batch, alpha, rng); };
  };
  if (config.mixup) return by(data::mixup, *config.mixup);
  if (config.cutmix) return by(data::cutmix, *config.cutmix);
  return {};
}

DistillationOptions build_distillation(const TrainConfig& config) {
  const DistillationOptions defaults;
  return {.temperature = config.temperature.value_or(defaults.temperature),
          .alpha = config.teacher_alpha.value_or(defaults.alpha)};
}

StepRules build_rules(const TrainConfig& config, layers::Module& model) {
  for (const char* norm : {"weight", "weight-centered"})
    if (config.step.proximal && !config.norm.empty() &&
        layers::NormText(config.norm).weights == norm)
      throw UsageError(fmt::format(
          "--proximal cannot be combined with --norm {}: it may bring all weights of an output "
          "to 0, which have no direction then",
          norm));
  return as_usage([&] { return StepRules(config.step, model, Streams(config.seed).noise()); });
}

}  // namespace gradus::app
