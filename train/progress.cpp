#include "train/progress.hpp"

#include <cmath>

#include "core/text/duration.hpp"
#include "train/history.hpp"

namespace gradus::train {

Progress::Progress(const Training& training, bool quiet)
    : epochs_(training.epochs),
      steps_per_epoch_(training.steps_per_epoch()),
      all_steps_(training.all_steps()),
      batch_size_(training.batch_size),
      samples_(training.train.size()),
      score_(task_of(training.train).score),
      quiet_(quiet),
      line_(stdout, quiet) {}

int64_t Progress::steps_done(const TrainingState& state) const {
  return std::ssize(state.history) * steps_per_epoch_ + state.batches;
}

std::string Progress::text(const TrainingState& state, int width) const {
  const double samples = static_cast<double>(state.samples);
  const double per_step = watch_.seconds() / static_cast<double>(std::max<int64_t>(
                                                 1, steps_done(state) - steps_at_start_));
  const double left = per_step * static_cast<double>(all_steps_ - steps_done(state));
  const std::string front = fmt::format("epoch {}/{} ", state.history.size() + 1, epochs_);
  const std::string back =
      fmt::format("  loss {:.4f}  {} {}  {:.0f} samples/s  {} left", state.loss_sum / samples,
                  score_.title, score_.text(score_.of_mean(state.score_sum / samples)),
                  samples / state.seconds, duration(left));
  const int room = width - 1 - static_cast<int>(front.size() + back.size());
  if (room < 5) return (front + back).substr(0, static_cast<std::size_t>(std::max(0, width - 1)));
  const double part = static_cast<double>(state.batches) / static_cast<double>(steps_per_epoch_);
  return front + progress_bar(part, std::min(room, 30)) + back;
}

void Progress::after_step(const TrainingState& state) {
  if (steps_at_start_ < 0) steps_at_start_ = steps_done(state) - 1;
  line_.draw([&](std::size_t width) { return text(state, static_cast<int>(width)); });
}

void Progress::after_epoch(const TrainingState& state) {
  line_.clear();
  if (quiet_) return;
  const EpochRecord& r = state.history.back();
  const int64_t steps = std::min(steps_per_epoch_, all_steps_ - (r.epoch - 1) * steps_per_epoch_);
  const int64_t samples = std::min(steps * batch_size_, samples_);
  std::string scores;
  for (const EvaluatedSet& set : evaluated_sets({&r, 1}))
    scores += fmt::format("{} loss {:.4f}, {} {}; ", set.name, r.*set.loss, score_.title,
                          score_.text(r.*set.score));
  print_line(fmt::format("epoch {}/{}: {}{:.0f} samples/s", r.epoch, epochs_, scores,
                         static_cast<double>(samples) / r.seconds));
}

}  // namespace gradus::train
