#include "train/task.hpp"

#include <numeric>

namespace gradus::train {

std::string EpochScore::text(double value) const {
  return is_fraction ? fmt::format("{:.2f} %", 100 * value) : fmt::format("{:.4g}", value);
}

const Registry<Task>& tasks() {
  static const Registry<Task> table(
      "task", {{"classify", "one class for each sample", classify()},
               {"multi-label", "several labels for each sample, or none", multi_label()},
               {"regress", "one number for each sample, or several", regress()},
               {"language", "the next token of a text", language()}});
  return table;
}

const Task& task_of(data::TargetKind kind) {
  const auto& entries = tasks().entries();
  return std::ranges::find_if(entries, [&](const auto& entry) { return entry.make.kind == kind; })
      ->make;
}

const Task& task_of(const data::Dataset& dataset) {
  return task_of(dataset.target_kind());
}

double total_weight(const data::Dataset& dataset) {
  const Tensor weights = dataset.weights();
  if (!weights.defined()) return static_cast<double>(dataset.size());
  return std::accumulate(weights.data<float>(), weights.data<float>() + weights.numel(), 0.0);
}

double weighted_sum(std::span<const double> values, const Tensor& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    sum +=
        weights.defined() ? static_cast<double>(weights.data<float>()[i]) * values[i] : values[i];
  return sum;
}

}  // namespace gradus::train
