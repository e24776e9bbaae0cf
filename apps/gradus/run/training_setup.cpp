#include "apps/gradus/run/training_setup.hpp"

#include <filesystem>

#include "apps/gradus/cli/errors.hpp"
#include "apps/gradus/run/teacher.hpp"

namespace gradus::app {
namespace {

// A momentum that the optimizer can't be told is better found now than in the midst of training.
void try_momentum(TrainingSetup& setup) {
  if (setup.training.schedule.sets_momentum())
    as_usage([&] { build_optimizer(setup.config, setup.model)->set_momentum(0); });
}

// A batch that the model can't take is better found now than at the end of the epoch.
void try_smallest_batch(const TrainingSetup& setup) {
  const TrainConfig& config = setup.config;
  const Training& training = setup.training;
  const int64_t size = training.train.size(), rest = size % config.batch_size;
  const int64_t smallest = rest == 0 || config.drop_last ? std::min(size, config.batch_size) : rest;
  as_usage([&] {
    layers::Sequential trial = setup.model;
    const data::Batch batch = training.train.batch(0, smallest);
    Rng rng = training.mixing;
    if (training.mix) training.mix(batch, rng);
    training.loss(trial(batch.inputs), batch.targets);
  });
}

}  // namespace

TrainingSetup::TrainingSetup(TrainConfig given)
    : config(std::move(given)),
      data(load_data(config)),
      description(describe_model(config, data.train)),
      model(build_model(description, Streams(config.seed).weights())),
      optimizer(build_optimizer(config, model)),
      training{.model = model,
               .optimizer = *optimizer,
               .schedule = {},
               .loss = build_loss(config),
               .rules = build_rules(config, model),
               .early_stopping = early_stopping(config),
               .train = data.train,
               .validation = data.validation,
               .epochs = *config.epochs,
               .batch_size = config.batch_size * config.accumulate,
               .micro_batch = config.batch_size,
               .drop_last = config.drop_last,
               .balanced = config.balanced,
               .augmentation = build_augmentation(config, data.train),
               .average = build_average(config, model),
               .average_from = config.swa,
               .order = Streams(config.seed).order(),
               .mix = build_mix(config, data.train),
               .mixing = Streams(config.seed).mixing(),
               .distillation = build_distillation(config)} {
  const int64_t steps = training.steps_per_epoch();
  if (steps == 0)
    throw UsageError(fmt::format(
        "--drop-last leaves no batch: --batch-size {}{}, {} images", config.batch_size,
        config.accumulate > 1 ? fmt::format(" times --accumulate {}", config.accumulate) : "",
        data.train.size()));
  training.schedule = build_schedule(config, *config.epochs * steps);
  try_momentum(*this);
  if (!config.teacher.empty()) {
    config.teacher = std::filesystem::absolute(config.teacher).lexically_normal().string();
    training.teacher = load_teacher(config.teacher, data.train);
  }
  try_smallest_batch(*this);
}

}  // namespace gradus::app
