// accuracy, confusion_matrix, class_scores, balanced_accuracy, macro_f1 …: measures of the classes
// that a classifier predicts. Errors: std::invalid_argument.
#pragma once

#include <algorithm>

#include "core/autograd.hpp"
#include "core/text/counted.hpp"
#include "data/dataset.hpp"
#include "data/resampled_metric.hpp"

namespace gradus {

namespace data {

/// The class with the largest logit in each row (the first if several are equal): logits (N,
/// classes) →
/// i64 (N). Throws std::invalid_argument unless rank 2 with at least one class.
Tensor predictions(const Tensor& logits);

/// The softmax of each row: logits (N, classes) → f64 (N, classes). In f64, so that the probability
/// of a class is 0 only if its logit is 700 below the largest: in f32 it is 100, and then the
/// logarithm is infinite. Throws std::invalid_argument unless rank 2 with at least one class.
Tensor probabilities(const Tensor& logits);

/// The number of elements in which `prediction` equals `target`, both i64 (N). Throws
/// std::invalid_argument for other tensors.
int64_t count_correct(const Tensor& target, const Tensor& prediction);

/// Counts (classes, classes), i64: row = target, column = prediction. Throws std::invalid_argument
/// for a class that isn't 0 … classes−1.
Tensor confusion_matrix(const Tensor& target, const Tensor& prediction, int64_t classes);

/// Scores of one class; a quotient 0/0 is 0.
struct ClassScores {
  double precision = 0;  ///< correct predictions / predictions of the class
  double recall = 0;     ///< correct predictions / samples of the class
  double f1 = 0;         ///< harmonic mean of precision and recall
  int64_t support = 0;   ///< samples of the class
};

/// The scores of each class of a confusion matrix (classes, classes).
std::vector<ClassScores> class_scores(const Tensor& confusion);

// The scores below are of a confusion matrix, i64 (classes, classes) of at least one sample, with
// counts of 0 or more.

/// The mean recall of the classes that occur in the target, 0 … 1 (Brodersen et al. 2010).
/// 1/classes for a classifier that always predicts the same class.
double balanced_accuracy(const Tensor& confusion);
/// The mean F1 of the classes that occur in target or prediction, 0 … 1. A class that is never
/// right has F1 0, one that occurs in neither isn't counted.
double macro_f1(const Tensor& confusion);
/// The mean F1 of the classes, weighted by their number in the target, 0 … 1.
double weighted_f1(const Tensor& confusion);
/// Matthews' correlation of target and prediction (1975), for several classes by Gorodkin (2004),
/// −1 … 1: with s samples, c of them right, and t and p samples of each class in target and
/// prediction
///
///     (c·s − Σ t·p) / √((s² − Σ t²)·(s² − Σ p²))
///
/// 0 for 0/0, where all targets or all predictions are of one class.
double matthews(const Tensor& confusion);
/// Cohen's kappa (1960), at most 1: (a − e)/(1 − e) with the agreement a = c/s and that of chance
/// e = Σ t·p/s². NaN for 0/0, where targets and predictions are all of the same class.
double cohen_kappa(const Tensor& confusion);

/// Metrics as functions of the samples' weights.
namespace resampled {
/// The fraction of correct predictions: target and prediction i64 (N), N ≥ 1.
ResampledMetric accuracy(const Tensor& target, const Tensor& prediction);
/// See data::balanced_accuracy(): target and prediction i64 (N), N ≥ 1, of 0 … classes−1.
ResampledMetric balanced_accuracy(const Tensor& target, const Tensor& prediction, int64_t classes);
/// See data::macro_f1().
ResampledMetric macro_f1(const Tensor& target, const Tensor& prediction, int64_t classes);
/// See data::weighted_f1().
ResampledMetric weighted_f1(const Tensor& target, const Tensor& prediction, int64_t classes);
/// See data::matthews().
ResampledMetric matthews(const Tensor& target, const Tensor& prediction, int64_t classes);
/// See data::cohen_kappa().
ResampledMetric cohen_kappa(const Tensor& target, const Tensor& prediction, int64_t classes);
}  // namespace resampled

/// The model's predictions for every sample, i64 (size): without recording, in evaluation mode for
/// models that have one (`auto scope = model.evaluation_scope();`).
template <class Model>
Tensor predict(Model&& model, const Dataset& dataset, int64_t batch_size = 512) {
  const NoGrad no_grad;
  [[maybe_unused]] const auto scope = [&] {
    if constexpr (requires { model.evaluation_scope(); })
      return model.evaluation_scope();
    else
      return 0;
  }();
  Tensor result = Tensor::empty({dataset.size()}, DType::i64);
  for_each_batch(dataset, batch_size, [&](int64_t first, const Batch& batch) {
    const Tensor part = predictions(model(batch.inputs));
    const int64_t count = batch.targets.size(0);
    require(part.numel() == count, "predict",
            "the model must return one row per sample, got {} for {}", counted(part.numel(), "row"),
            counted(count, "sample"));
    std::copy_n(part.data<int64_t>(), count, result.mutable_data<int64_t>() + first);
  });
  return result;
}

}  // namespace data

/// The fraction of rows in which the label has the largest logit, 0 … 1: logits (N, classes),
/// labels i64 (N), N ≥ 1.
double accuracy(const Tensor& logits, const Tensor& labels);

/// The fraction of a data set's samples that `model` (images → logits) classifies correctly, 0 … 1;
/// batch_size limits the memory and doesn't change the result.
template <class Model>
double accuracy(Model&& model, const data::Dataset& dataset, int64_t batch_size = 512) {
  const Tensor predicted = data::predict(model, dataset, batch_size);
  return static_cast<double>(data::count_correct(dataset.labels(), predicted)) /
         static_cast<double>(dataset.size());
}

}  // namespace gradus
