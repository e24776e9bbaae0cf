#include "apps/gradus/run/training_run.hpp"

#include <algorithm>

#include "core/interrupt.hpp"

namespace gradus::app {

// The boundary is drawn where both features are any numbers, not marks or indices of categories.
static bool has_boundary(const RunData& data) {
  const std::vector<bool> are_numbers =
      data.table ? data.table->inputs.encoding.is_number() : std::vector<bool>();
  return std::ranges::find(are_numbers, false) == are_numbers.end() &&
         DecisionBoundary::exists_for(data.train);
}

TrainingRun::TrainingRun(TrainingSetup& setup, RunFolder& folder,
                         train::CheckpointFolder checkpoints, const TrainingRunOptions& options)
    : setup_(setup),
      folder_(folder),
      checkpoints_(std::move(checkpoints)),
      options_(options),
      progress_(setup.training, options.quiet),
      steps_(folder.step_log(), setup.model, setup.training.steps()),
      checkpoint_step_(setup.training.steps()) {
  if (setup.config.options.tensorboard)
    board_.emplace(folder.path(), setup.state.history, train::task_of(setup.data.train).score);
  if (has_boundary(setup.data)) boundary_.emplace(setup.data.train, setup.training.epochs);
}

bool TrainingRun::train() {
  const train::TrainingObserver observer{
      .after_step = [&](const train::StepRecord& step) { after_step(step); },
      .after_epoch = [&](const train::EpochRecord& epoch) { after_epoch(epoch); },
      .should_stop =
          [&] { return InterruptScope::signal() != 0 || is_out_of_time() || is_at_last_epoch(); }};
  if (setup_.training.steps() == 0) record_boundary(0);
  try {
    return train::fit(setup_.training, setup_.state, observer);
  } catch (const train::DivergedError& error) {
    progress_.clear();
    keep_good_weights();
    const std::string advice =
        fmt::format("{}; a lower --lr (now {:g}), --warmup or --clip-norm may help", error.what(),
                    setup_.config.lr);
    folder_.write_divergence(advice);
    throw std::runtime_error(fmt::format("{}; the run is in {}", advice, folder_.path()));
  }
}

std::optional<pictures::Regions> TrainingRun::boundary(int64_t epoch) const {
  if (!boundary_) return std::nullopt;
  return boundary_->picture(setup_.model, epoch);
}

void TrainingRun::record_boundary(int64_t epoch) {
  if (!boundary_ || !boundary_->is_chosen(epoch)) return;
  setup_.training.with_average([&] { boundary_->record(setup_.model, epoch); });
}

void TrainingRun::keep_good_weights() {
  const train::TrainingState& state = setup_.state;
  folder_.write_history(state.history, step_losses());
  NamedTensors weights = state.best;
  layers::Sequential model =
      build_model(setup_.config.model, Streams(setup_.config.options.seed).weights());
  if (weights.empty()) {
    if (checkpoints_.has_checkpoint()) model = folder_.load_model().model;
    weights = model.state_dict();
  }
  folder_.write_best(weights, setup_.config.model);
}

void TrainingRun::save() {
  progress_.clear();
  const train::TrainingState& state = setup_.state;
  const bool is_saved = state.batches == 0 && !state.history.empty();
  if (is_saved) return;
  write([&] {
    folder_.write_history(state.history, step_losses());
    write_checkpoint();
  });
}

void TrainingRun::log_images(const NamedSheets& sheets) {
  if (!board_) return;
  train::EventSummary images;
  for (const auto& [name, sheet] : sheets)
    for (std::size_t i = 0; sheet && i < sheet->tiles.size(); ++i) {
      const pictures::Tile& tile = sheet->tiles[i];
      const std::string caption =
          tile.caption.empty() ? "" : fmt::format(" {}, {}", tile.caption, tile.note);
      images.add_image(fmt::format("{}/{:02}{}", name, i + 1, caption), tile.png);
    }
  board_->add_images(setup_.training.steps(), images);
}

std::string TrainingRun::reason() const {
  if (InterruptScope::signal() != 0) return "";
  return is_at_last_epoch() ? ", the end of --until-epoch" : ", the time limit is reached";
}

void TrainingRun::after_step(const train::StepRecord& step) {
  steps_.add(step);
  progress_.after_step(setup_.state);
  if (since_checkpoint_.seconds() >= options_.checkpoint_every) write([&] { write_checkpoint(); });
}

void TrainingRun::after_epoch(const train::EpochRecord& epoch) {
  const train::TrainingState& state = setup_.state;
  const train::Training& training = setup_.training;
  record_boundary(epoch.epoch);
  write([&] {
    if (board_)
      board_->add_epoch(
          epoch, train::diagnose(training.model, training.loss, train::diagnostic_batch(training)));
    if (!state.best.empty() && training.best_epoch(state.history) + 1 == state.history.size())
      folder_.write_best(state.best, setup_.config.model);
    folder_.write_history(state.history, step_losses());
    write_checkpoint();
  });
  progress_.after_epoch(state);
}

// The log of steps is written first, so that it always contains the steps of the checkpoint.
void TrainingRun::write_checkpoint() {
  steps_.flush();
  checkpoints_.write(setup_.training, setup_.state);
  since_checkpoint_.restart();
  checkpoint_step_ = setup_.training.steps();
}

void TrainingRun::write(const std::function<void()>& body) {
  try {
    body();
  } catch (const WriteError& error) {
    progress_.clear();
    if (checkpoint_step_ == 0) throw;
    throw WriteError(
        fmt::format("{}; gradus train --resume {} continues from the checkpoint of step {}",
                    error.what(), folder_.path(), checkpoint_step_));
  }
}

bool TrainingRun::is_at_last_epoch() const {
  const train::TrainingState& state = setup_.state;
  return options_.until_epoch && state.batches == 0 &&
         std::ssize(state.history) >= *options_.until_epoch;
}

}  // namespace gradus::app
