#include "train/evaluate.hpp"

#include <cmath>

#include "core/ops/loss/information.hpp"
#include "core/ops/shape.hpp"

namespace gradus::train {
namespace {

// A confusion matrix of more classes would take gigabytes.
constexpr int64_t most_classes = 1000;

}  // namespace

Evaluation evaluate(layers::Module& model, const data::Dataset& dataset,
                    const EvaluateOptions& options) {
  const auto scope = model.evaluation_scope();
  const Task& task = task_of(dataset);
  const Loss loss = options.loss ? options.loss : task.default_loss();
  Tensors predictions, outputs;
  double losses = 0;
  data::for_each_batch(dataset, options.batch_size, [&](int64_t, const data::Batch& batch) {
    const Tensor output = model(batch.inputs);
    losses += loss(output, batch.targets, batch.weights).item() *
              static_cast<double>(batch.inputs.size(0));
    predictions.push_back(task.predictions(output, loss, dataset.target_scale()));
    if (options.keep_outputs) outputs.push_back(output);
  });
  Evaluation result = evaluate_predictions(dataset, cat(predictions, 0));
  result.loss = losses / total_weight(dataset);
  if (options.keep_outputs) result.outputs = cat(outputs, 0);
  return result;
}

Evaluation evaluate_predictions(const data::Dataset& dataset, const Tensor& predictions) {
  const Task& task = task_of(dataset);
  const Tensor targets = dataset.targets();
  const double score = task.score.of_mean(task.score.sum(targets, predictions, dataset.weights()) /
                                          total_weight(dataset));
  Evaluation result{.samples = dataset.size(),
                    .score = score,
                    .accuracy = task.score.is_fraction ? score : NAN,
                    .predictions = predictions};
  if (task.kind == data::TargetKind::classes && dataset.classes() <= most_classes) {
    result.confusion = data::confusion_matrix(targets, predictions, dataset.classes());
    result.classes = data::class_scores(result.confusion);
  }
  return result;
}

InformationCriteria information_criteria(layers::Module& model, const data::Dataset& train) {
  const double log_likelihood = -evaluate(model, train).loss * static_cast<double>(train.size());
  const int64_t parameters = model.parameter_count();
  return {aic(log_likelihood, parameters), bic(log_likelihood, parameters, train.size()),
          log_likelihood, parameters, train.size()};
}

}  // namespace gradus::train
