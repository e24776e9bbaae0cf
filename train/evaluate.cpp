#include "train/evaluate.hpp"

#include "core/ops/elementwise.hpp"
#include "core/ops/information.hpp"
#include "core/ops/reduce.hpp"
#include "layers/monte_carlo.hpp"

namespace gradus::train {
namespace {

void fill_probabilities(layers::Module& model, const data::Dataset& wrong,
                        std::vector<Mistake>& mistakes) {
  const auto scope = model.evaluation_scope();
  data::for_each_batch(wrong, 512, [&](int64_t first, const data::Batch& batch) {
    const Tensor probabilities = softmax(model(batch.inputs), 1);
    for (int64_t i = 0; i < probabilities.size(0); ++i) {
      Mistake& mistake = mistakes[static_cast<std::size_t>(first + i)];
      mistake.probability = probabilities.data<float>()[i * probabilities.size(1) + mistake.guess];
    }
  });
}

Doubt mean_of(const Doubt& sums) {
  const auto samples = static_cast<double>(sums.samples);
  return {sums.samples, sums.entropy / samples, sums.mutual_information / samples};
}

}  // namespace

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

Scores evaluate(layers::Module& model, const data::Dataset& dataset,
                const EvaluateOptions& options) {
  const auto scope = model.evaluation_scope();
  const Task& task = task_of(dataset);
  const LossFunction& loss = options.loss ? options.loss : task.loss;
  Scores scores{.samples = dataset.size(),
                .predictions = Tensor::empty({dataset.size()}, DType::i64)};
  double correct = 0;
  data::for_each_batch(dataset, options.batch_size, [&](int64_t first, const data::Batch& batch) {
    const Tensor outputs = model(batch.inputs), predicted = task.predictions(outputs);
    const int64_t size = predicted.numel();
    scores.loss += loss(outputs, batch.targets).item() * static_cast<double>(size);
    correct += task.correct(batch.targets, predicted);
    std::copy_n(predicted.data<int64_t>(), size,
                scores.predictions.mutable_data<int64_t>() + first);
  });
  scores.loss /= static_cast<double>(dataset.size());
  scores.accuracy = correct / static_cast<double>(dataset.size());
  scores.confusion =
      data::confusion_matrix(dataset.labels(), scores.predictions, dataset.classes());
  scores.classes = data::class_scores(scores.confusion);
  return scores;
}

InformationCriteria information_criteria(layers::Module& model, const data::Dataset& train) {
  const double log_likelihood = -evaluate(model, train).loss * static_cast<double>(train.size());
  const int64_t parameters = model.parameter_count();
  return {aic(log_likelihood, parameters), bic(log_likelihood, parameters, train.size()),
          log_likelihood, parameters, train.size()};
}

std::vector<Mistake> find_mistakes(layers::Module& model, const data::Dataset& dataset,
                                   const Tensor& predictions) {
  std::vector<Mistake> result;
  const Tensor labels = dataset.labels();
  for (int64_t i = 0; i < dataset.size(); ++i) {
    const int64_t truth = labels.data<int64_t>()[i], guess = predictions.data<int64_t>()[i];
    if (truth != guess) result.push_back({.sample = i, .truth = truth, .guess = guess});
  }
  if (result.empty()) return result;
  std::vector<int64_t> wrong;
  for (const Mistake& mistake : result) wrong.push_back(mistake.sample);
  fill_probabilities(model, dataset.subset(wrong), result);
  std::ranges::stable_sort(result, std::ranges::greater(), &Mistake::probability);
  return result;
}

Uncertainty estimate_uncertainty(layers::Module& model, const data::Dataset& dataset,
                                 int64_t predictions, Rng rng, int64_t batch_size) {
  Uncertainty result{.predictions = predictions};
  Doubt right, wrong;  // sums
  data::for_each_batch(dataset, batch_size, [&](int64_t, const data::Batch& batch) {
    const layers::MonteCarloPrediction made =
        layers::monte_carlo_predict(model, batch.inputs, predictions, rng);
    result.loss += nll_loss(log(made.mean), batch.targets, {.reduction = Reduction::sum}).item();
    const Tensor classes = data::predictions(made.mean);
    for (int64_t i = 0; i < batch.targets.numel(); ++i) {
      const bool is_right = classes.data<int64_t>()[i] == batch.targets.data<int64_t>()[i];
      Doubt& sums = is_right ? right : wrong;
      sums.samples += 1;
      sums.entropy += made.entropy.data<double>()[i];
      sums.mutual_information += made.mutual_information.data<double>()[i];
    }
  });
  const auto samples = static_cast<double>(dataset.size());
  result.loss /= samples;
  result.accuracy = static_cast<double>(right.samples) / samples;
  result.right = mean_of(right);
  result.wrong = mean_of(wrong);
  return result;
}

}  // namespace gradus::train
