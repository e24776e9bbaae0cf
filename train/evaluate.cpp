#include "train/evaluate.hpp"

#include <cmath>

#include "core/ops/loss/information.hpp"
#include "core/ops/shape.hpp"

namespace gradus::train {
namespace {

// A confusion matrix of more classes would take gigabytes.
constexpr int64_t most_classes = 1000;

// Outputs of a text are a number for each token of a window and each token that may follow it.
int64_t batch_size_for(const data::Dataset& dataset, int64_t wanted) {
  constexpr int64_t most_outputs = int64_t{1} << 24;
  if (dataset.target_kind() != data::TargetKind::tokens) return wanted;
  const int64_t outputs = dataset.sample_shape().numel() * dataset.target_count();
  return std::clamp<int64_t>(most_outputs / outputs, std::min<int64_t>(1, wanted), wanted);
}

}  // namespace

Evaluation evaluate(layers::Module& model, const data::Dataset& dataset,
                    const EvaluateOptions& options) {
  const auto scope = model.evaluation_scope();
  const Task& task = task_of(dataset);
  const Loss loss = options.loss ? options.loss : task.default_loss();
  Tensors predictions, outputs, measured;
  double losses = 0;
  const int64_t batch_size = batch_size_for(dataset, options.batch_size);
  data::for_each_batch(dataset, batch_size, [&](int64_t, const data::Batch& batch) {
    const Tensor output = model(batch.inputs);
    losses += loss(output, batch.targets, batch.weights).item() *
              static_cast<double>(batch.inputs.size(0));
    predictions.push_back(task.predictions(output, loss, dataset.target_scale()));
    if (options.keep_outputs) outputs.push_back(output);
    if (options.keep_measured)
      measured.push_back(task.measured ? task.measured(output, batch.targets, dataset)
                                       : task.judged(output, loss, dataset.target_scale()));
  });
  Evaluation result = evaluate_predictions(dataset, cat(predictions, 0));
  result.loss = losses / total_weight(dataset);
  if (options.keep_outputs) result.outputs = cat(outputs, 0);
  if (options.keep_measured) result.measured = cat(measured, 0);
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
