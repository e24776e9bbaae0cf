#include "data/metrics.hpp"

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/ops/reduce.hpp"

namespace gradus {
namespace data {

namespace {

void require_pairs(const char* operation, const Tensor& target, const Tensor& prediction) {
  require(target.dtype() == DType::i64 && prediction.dtype() == DType::i64 && target.rank() == 1 &&
              target.shape() == prediction.shape(),
          operation, "target and prediction must be i64 (N), got {} {} and {} {}",
          to_string(target.dtype()), target.shape(), to_string(prediction.dtype()),
          prediction.shape());
}

double ratio(double part, double whole) {
  return whole == 0 ? 0 : part / whole;
}

void require_classes_below(const char* operation, const Tensor& target, const Tensor& prediction,
                           int64_t classes) {
  require(classes >= 1, operation, "classes must be 1 or more, got {}", classes);
  const int64_t* expected = target.data<int64_t>();
  const int64_t* predicted = prediction.data<int64_t>();
  for (int64_t i = 0; i < target.numel(); ++i)
    for (int64_t label : {expected[i], predicted[i]})
      require(label >= 0 && label < classes, operation, "classes must be 0 to {}: sample {} has {}",
              classes - 1, i, label);
}

// The sums of a confusion matrix that its scores consist of, for each class: numbers of samples, or
// sums of their weights.
struct ClassCounts {
  explicit ClassCounts(std::size_t classes)
      : right(classes), targets(classes), predicted(classes) {}
  explicit ClassCounts(const Tensor& confusion, const char* operation);

  std::size_t classes() const { return right.size(); }
  bool occurs(std::size_t c) const { return targets[c] + predicted[c] > 0; }
  double recall(std::size_t c) const { return ratio(right[c], targets[c]); }
  double f1(std::size_t c) const { return ratio(2 * right[c], targets[c] + predicted[c]); }

  std::vector<double> right, targets, predicted;
};

ClassCounts::ClassCounts(const Tensor& confusion, const char* operation)
    : ClassCounts(static_cast<std::size_t>(confusion.rank() == 2 ? confusion.size(0) : 0)) {
  require(confusion.rank() == 2 && confusion.size(0) == confusion.size(1), operation,
          "the confusion matrix must be (classes, classes), got {}", confusion.shape());
  const int64_t* count = confusion.data<int64_t>();
  for (std::size_t target = 0; target < classes(); ++target)
    for (std::size_t prediction = 0; prediction < classes(); ++prediction) {
      const double samples = static_cast<double>(*count++);
      targets[target] += samples;
      predicted[prediction] += samples;
      if (target == prediction) right[target] += samples;
    }
}

// The means over classes are NaN without samples.
double mean_recall(const ClassCounts& counts) {
  double sum = 0, present = 0;
  for (std::size_t c = 0; c < counts.classes(); ++c) {
    sum += counts.recall(c);
    present += counts.targets[c] > 0;
  }
  return sum / present;
}

double mean_f1(const ClassCounts& counts) {
  double sum = 0, present = 0;
  for (std::size_t c = 0; c < counts.classes(); ++c) {
    sum += counts.f1(c);
    present += counts.occurs(c);
  }
  return sum / present;
}

double mean_f1_by_support(const ClassCounts& counts) {
  double sum = 0, samples = 0;
  for (std::size_t c = 0; c < counts.classes(); ++c) {
    const double support = counts.targets[c];
    sum += support * counts.f1(c);
    samples += support;
  }
  return sum / samples;
}

// Sums over the classes. Of whole numbers they are not rounded up to 94 million samples.
struct ClassSums {
  explicit ClassSums(const ClassCounts& counts) {
    for (std::size_t c = 0; c < counts.classes(); ++c) {
      const double t = counts.targets[c], p = counts.predicted[c];
      samples += t;
      right += counts.right[c];
      targets_squared += t * t;
      predicted_squared += p * p;
      products += t * p;
    }
  }

  double samples = 0, right = 0, targets_squared = 0, predicted_squared = 0, products = 0;
};

bool all_of_one_class(const std::vector<double>& counts) {
  return std::ranges::count_if(counts, [](double count) { return count > 0; }) == 1;
}

double matthews_correlation(const ClassCounts& counts) {
  if (all_of_one_class(counts.targets) || all_of_one_class(counts.predicted)) return 0;
  const ClassSums sums(counts);
  const double squared = sums.samples * sums.samples;
  return (sums.right * sums.samples - sums.products) /
         std::sqrt((squared - sums.targets_squared) * (squared - sums.predicted_squared));
}

double kappa(const ClassCounts& counts) {
  const ClassSums sums(counts);
  if (all_of_one_class(counts.targets) && sums.right == sums.samples) return NAN;
  return (sums.right * sums.samples - sums.products) /
         (sums.samples * sums.samples - sums.products);
}

using ScoreOfCounts = double (*)(const ClassCounts& counts);

double score_of(const char* operation, const Tensor& confusion, ScoreOfCounts score) {
  const ClassCounts counts(confusion, operation);
  require(std::ranges::any_of(counts.targets, [](double count) { return count > 0; }), operation,
          "at least one sample is needed");
  return score(counts);
}

ResampledMetric resampled_score(const char* operation, const Tensor& target,
                                const Tensor& prediction, int64_t classes, ScoreOfCounts score) {
  require_pairs(operation, target, prediction);
  require(target.numel() > 0, operation, "at least one sample is needed");
  require_classes_below(operation, target, prediction, classes);
  return [=, expected = target.to_vector<int64_t>(),
          predicted = prediction.to_vector<int64_t>()](std::span<const double> weights) {
    ClassCounts sums(static_cast<std::size_t>(classes));
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const auto t = static_cast<std::size_t>(expected[i]);
      const auto p = static_cast<std::size_t>(predicted[i]);
      sums.targets[t] += weights[i];
      sums.predicted[p] += weights[i];
      sums.right[t] += t == p ? weights[i] : 0;
    }
    return score(sums);
  };
}

}  // namespace

Tensor predictions(const Tensor& logits) {
  require(logits.rank() == 2 && logits.size(1) > 0, "predictions",
          "logits must be (N, classes), got {}", logits.shape());
  const int64_t rows = logits.size(0), classes = logits.size(1);
  Tensor result = Tensor::empty({rows}, DType::i64);
  int64_t* classes_found = result.mutable_data<int64_t>();
  dispatch_floating("predictions", logits.dtype(), [&]<class T>(T) {
    const T* row = logits.data<T>();
    for (int64_t i = 0; i < rows; ++i, row += classes)
      classes_found[i] = std::max_element(row, row + classes) - row;
  });
  return result;
}

Tensor probabilities(const Tensor& logits) {
  require(logits.rank() == 2 && logits.size(1) > 0, "probabilities",
          "logits must be (N, classes), got {}", logits.shape());
  return softmax(cast(logits, DType::f64), 1);
}

int64_t count_correct(const Tensor& target, const Tensor& prediction) {
  require_pairs("count_correct", target, prediction);
  const int64_t* expected = target.data<int64_t>();
  const int64_t* predicted = prediction.data<int64_t>();
  int64_t correct = 0;
  for (int64_t i = 0; i < target.numel(); ++i) correct += expected[i] == predicted[i];
  return correct;
}

Tensor confusion_matrix(const Tensor& target, const Tensor& prediction, int64_t classes) {
  require_pairs("confusion_matrix", target, prediction);
  require_classes_below("confusion_matrix", target, prediction, classes);
  Tensor result = Tensor::zeros({classes, classes}, DType::i64);
  const int64_t* expected = target.data<int64_t>();
  const int64_t* predicted = prediction.data<int64_t>();
  int64_t* counts = result.mutable_data<int64_t>();
  for (int64_t i = 0; i < target.numel(); ++i) ++counts[expected[i] * classes + predicted[i]];
  return result;
}

std::vector<ClassScores> class_scores(const Tensor& confusion) {
  const ClassCounts counts(confusion, "class_scores");
  std::vector<ClassScores> result;
  for (std::size_t c = 0; c < counts.classes(); ++c)
    result.push_back({ratio(counts.right[c], counts.predicted[c]), counts.recall(c), counts.f1(c),
                      static_cast<int64_t>(counts.targets[c])});
  return result;
}

double balanced_accuracy(const Tensor& confusion) {
  return score_of("balanced_accuracy", confusion, mean_recall);
}

double macro_f1(const Tensor& confusion) {
  return score_of("macro_f1", confusion, mean_f1);
}

double weighted_f1(const Tensor& confusion) {
  return score_of("weighted_f1", confusion, mean_f1_by_support);
}

double matthews(const Tensor& confusion) {
  return score_of("matthews", confusion, matthews_correlation);
}

double cohen_kappa(const Tensor& confusion) {
  return score_of("cohen_kappa", confusion, kappa);
}

namespace resampled {

ResampledMetric accuracy(const Tensor& target, const Tensor& prediction) {
  require_pairs("accuracy", target, prediction);
  require(target.numel() > 0, "accuracy", "at least one sample is needed");
  std::vector<double> right(static_cast<std::size_t>(target.numel()));
  for (std::size_t i = 0; i < right.size(); ++i)
    right[i] = target.data<int64_t>()[i] == prediction.data<int64_t>()[i];
  return mean_of_samples(std::move(right));
}

ResampledMetric balanced_accuracy(const Tensor& target, const Tensor& prediction, int64_t classes) {
  return resampled_score("balanced_accuracy", target, prediction, classes, mean_recall);
}

ResampledMetric macro_f1(const Tensor& target, const Tensor& prediction, int64_t classes) {
  return resampled_score("macro_f1", target, prediction, classes, mean_f1);
}

ResampledMetric weighted_f1(const Tensor& target, const Tensor& prediction, int64_t classes) {
  return resampled_score("weighted_f1", target, prediction, classes, mean_f1_by_support);
}

ResampledMetric matthews(const Tensor& target, const Tensor& prediction, int64_t classes) {
  return resampled_score("matthews", target, prediction, classes, matthews_correlation);
}

ResampledMetric cohen_kappa(const Tensor& target, const Tensor& prediction, int64_t classes) {
  return resampled_score("cohen_kappa", target, prediction, classes, kappa);
}

}  // namespace resampled
}  // namespace data

double accuracy(const Tensor& logits, const Tensor& labels) {
  const Tensor predicted = data::predictions(logits);
  require(predicted.numel() > 0, "accuracy", "at least one row is needed, got {}", logits.shape());
  return static_cast<double>(data::count_correct(labels, predicted)) /
         static_cast<double>(predicted.numel());
}

}  // namespace gradus
