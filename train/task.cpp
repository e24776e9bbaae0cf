#include "train/task.hpp"

#include "data/metrics.hpp"

namespace gradus::train {

const Task& task_of(const data::Dataset&) {
  static const Task classes{
      .targets = "classes",
      .loss = [](const Tensor& logits,
                 const Tensor& labels) { return cross_entropy(logits, labels); },
      .predictions = data::predictions,
      .correct =
          [](const Tensor& targets, const Tensor& predictions) {
            return static_cast<double>(data::count_correct(targets, predictions));
          }};
  return classes;
}

}  // namespace gradus::train
