#include "train/evaluate.hpp"

#include "core/ops/information.hpp"
#include "train/task.hpp"

namespace gradus::train {

// Copies the outputs of the samples from `first` on into those of all `samples`.
static void keep(Tensor& all, const Tensor& outputs, int64_t first, int64_t samples) {
  if (!all) all = Tensor::empty(outputs.shape().with(0, samples), outputs.dtype());
  dispatch_floating("evaluate", outputs.dtype(), [&]<class T>(T) {
    std::copy_n(outputs.data<T>(), outputs.numel(),
                all.mutable_data<T>() + first * (outputs.numel() / outputs.size(0)));
  });
}

Evaluation evaluate(layers::Module& model, const data::Dataset& dataset,
                    const EvaluateOptions& options) {
  const auto scope = model.evaluation_scope();
  const Task& task = task_of(dataset);
  const LossFunction& loss = options.loss ? options.loss : task.loss;
  Tensor predictions = Tensor::empty({dataset.size()}, DType::i64), all_outputs;
  double losses = 0;
  data::for_each_batch(dataset, options.batch_size, [&](int64_t first, const data::Batch& batch) {
    const Tensor outputs = model(batch.inputs), predicted = task.predictions(outputs);
    const int64_t size = predicted.numel();
    losses += loss(outputs, batch.targets).item() * static_cast<double>(size);
    std::copy_n(predicted.data<int64_t>(), size, predictions.mutable_data<int64_t>() + first);
    if (options.keep_outputs) keep(all_outputs, outputs, first, dataset.size());
  });
  Evaluation result = evaluate_predictions(dataset, predictions);
  result.loss = losses / static_cast<double>(dataset.size());
  result.outputs = all_outputs;
  return result;
}

Evaluation evaluate_predictions(const data::Dataset& dataset, const Tensor& predictions) {
  const Tensor targets = dataset.labels();
  const Tensor confusion = data::confusion_matrix(targets, predictions, dataset.classes());
  return {.samples = dataset.size(),
          .accuracy =
              task_of(dataset).correct(targets, predictions) / static_cast<double>(dataset.size()),
          .confusion = confusion,
          .classes = data::class_scores(confusion),
          .predictions = predictions};
}

InformationCriteria information_criteria(layers::Module& model, const data::Dataset& train) {
  const double log_likelihood = -evaluate(model, train).loss * static_cast<double>(train.size());
  const int64_t parameters = model.parameter_count();
  return {aic(log_likelihood, parameters), bic(log_likelihood, parameters, train.size()),
          log_likelihood, parameters, train.size()};
}

}  // namespace gradus::train
