// accuracy, confusion_matrix, class_scores: measures of a classifier.
#pragma once

#include <algorithm>

#include "core/autograd.hpp"
#include "core/text/counted.hpp"
#include "data/dataset.hpp"

namespace gradus {

namespace data {

/// The class with the largest logit in each row (the first if several are equal): logits (N,
/// classes) →
/// i64 (N). Throws std::invalid_argument unless rank 2 with at least one class.
Tensor predictions(const Tensor& logits);

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
