#include "apps/gradus/run/training_setup.hpp"

#include "apps/gradus/cli/errors.hpp"
#include "apps/gradus/run/run_folder.hpp"
#include "train/teacher.hpp"

namespace gradus::app {
namespace {

// A momentum that the optimizer can't be told is better found now than in the midst of training.
void try_momentum(TrainingSetup& setup) {
  if (setup.training.schedule.sets_momentum())
    as_usage([&] { build_optimizer(setup.config, setup.model)->set_momentum(0); });
}

// A batch that the model can't take is better found now than at the end of the epoch.
void try_smallest_batch(const TrainingSetup& setup) {
  const train::Training& training = setup.training;
  const int64_t size = training.train.size(), rest = size % training.micro_batch;
  const int64_t smallest =
      rest == 0 || training.drop_last ? std::min(size, training.micro_batch) : rest;
  as_usage([&] {
    layers::Sequential trial = setup.model;
    const data::Batch batch = training.train.batch(0, smallest);
    Rng rng = training.mixing;
    if (training.mix) training.mix(batch, rng);
    training.loss(trial(batch.inputs), batch.targets);
  });
}

}  // namespace

TrainingSetup::TrainingSetup(const TrainConfig& given)
    : data(load_data(given)),
      config(resolve(given, data)),
      model(build_model(config.model, Streams(given.seed).weights())),
      optimizer(build_optimizer(config, model)),
      training(build_training(config, data, model, *optimizer)) {
  const TrainConfig& options = config.options;
  try_momentum(*this);
  if (!options.teacher.empty())
    training.teacher = as_usage([&] {
      return train::make_teacher(RunFolder::open(options.teacher).load_model(), data.train);
    });
  try_smallest_batch(*this);
}

}  // namespace gradus::app
