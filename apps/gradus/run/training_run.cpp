#include "apps/gradus/run/training_run.hpp"

#include "apps/gradus/cli/interrupt.hpp"

namespace gradus::app {
Recorder::Recorder(Session& session, RunFolder& folder, const RecorderOptions& options)
    : session_(session),
      folder_(folder),
      options_(options),
      progress_(session.task, session.judge(), options.quiet),
      steps_(folder.step_log(), session.model, session.optimizer->steps()),
      checkpoint_step_(session.optimizer->steps()) {
  if (session.config.tensorboard) board_.emplace(folder.path(), session.state.history);
}

bool Recorder::train() {
  const TrainingObserver observer{
      .after_step = [&](const StepRecord& step) { after_step(step); },
      .after_epoch = [&] { after_epoch(); },
      .should_stop =
          [&] { return InterruptScope::signal() != 0 || is_out_of_time() || is_at_last_epoch(); }};
  try {
    return app::train(session_.task, session_.state, observer);
  } catch (const DivergedError& error) {
    progress_.clear();
    folder_.write_history(session_.state.history);
    throw std::runtime_error(fmt::format("{}; a smaller --lr may help, what was reached is in {}",
                                         error.what(), folder_.path()));
  }
}

void Recorder::save() {
  progress_.clear();
  const TrainingState& state = session_.state;
  const bool is_saved = state.batches == 0 && !state.history.empty();
  if (is_saved) return;
  write([&] {
    folder_.write_history(state.history);
    write_checkpoint();
  });
}

void Recorder::log_images(const NamedSheets& sheets) {
  if (board_) board_->add_images(session_.optimizer->steps(), sheets);
}

std::string Recorder::reason() const {
  if (InterruptScope::signal() != 0) return "";
  return is_at_last_epoch() ? ", as --until-epoch says" : ", the time limit is reached";
}

void Recorder::after_step(const StepRecord& step) {
  steps_.add(step);
  progress_.after_step(session_.state);
  if (since_checkpoint_.seconds() >= options_.checkpoint_every) write([&] { write_checkpoint(); });
}

void Recorder::after_epoch() {
  const TrainingState& state = session_.state;
  const TrainingTask& task = session_.task;
  write([&] {
    if (board_)
      board_->add_epoch(state.history.back(), session_.judge(),
                        diagnose(task.model, task.loss, batch_to_look_at(task)));
    if (task.best_epoch(state.history) + 1 == state.history.size())
      folder_.write_best(state, session_.description);
    folder_.write_history(state.history);
    write_checkpoint();
  });
  progress_.after_epoch(state);
}

// The steps come first: a checkpoint is never ahead of their log.
void Recorder::write_checkpoint() {
  steps_.flush();
  folder_.write_checkpoint(session_.task, session_.state, session_.description);
  since_checkpoint_.restart();
  checkpoint_step_ = session_.optimizer->steps();
}

void Recorder::write(const std::function<void()>& body) {
  try {
    body();
  } catch (const WriteError& error) {
    progress_.clear();
    if (checkpoint_step_ == 0) throw;
    throw WriteError(
        fmt::format("{}; the checkpoint of step {} stands, gradus train --resume {} goes on there",
                    error.what(), checkpoint_step_, folder_.path()));
  }
}

bool Recorder::is_out_of_time() const {
  return watch_.seconds() >= options_.time_limit;
}

bool Recorder::is_at_last_epoch() const {
  const TrainingState& state = session_.state;
  return options_.until_epoch && state.batches == 0 &&
         static_cast<int64_t>(state.history.size()) >= *options_.until_epoch;
}

}  // namespace gradus::app
