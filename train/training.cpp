#include "train/training.hpp"

#include <cmath>

#include "layers/reparametrization.hpp"

namespace gradus::train {

int64_t Training::steps_per_epoch() const {
  const int64_t whole = train.size() / batch_size;
  return whole + (!drop_last && train.size() % batch_size > 0);
}

int64_t Training::all_steps() const {
  const int64_t steps = epochs * steps_per_epoch();
  return std::min(most_steps.value_or(steps), steps);
}

void Training::with_average(const std::function<void()>& body) {
  if (optimizer.evaluates_elsewhere()) {
    // settle() computes them for other weights.
    optim::WeightAverage iterates(model.tensors(layers::Role::iterate));
    iterates.update();
    const optim::Optimizer::EvaluationScope evaluation(optimizer);
    layers::settle(model);
    body();
    iterates.swap();
  } else if (average && average->updates() > 0) {
    const optim::WeightAverage::Scope averaged(*average);
    layers::settle(model);
    body();
  } else {
    body();
  }
}

std::size_t Training::best_epoch(const History& history) const {
  return train::best_epoch(history, average_from.value_or(1), task_of(train));
}

std::size_t best_epoch(const History& history, int64_t first, const Task& task) {
  const auto better = [&](const EpochRecord& a, const EpochRecord& b) {
    if (task.chooses_by_score && a.val_score != b.val_score)
      return task.score.is_better(b.val_score, a.val_score);
    return a.val_loss > b.val_loss;
  };
  if (std::isnan(history.back().val_score)) return history.size() - 1;
  const bool is_there = first >= 1 && first <= std::ssize(history);
  const auto begin = history.begin() + (is_there ? first - 1 : 0);
  return static_cast<std::size_t>(std::max_element(begin, history.end(), better) - history.begin());
}

}  // namespace gradus::train
