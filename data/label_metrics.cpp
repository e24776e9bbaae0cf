#include "data/label_metrics.hpp"

#include <algorithm>
#include <cmath>

#include "core/math.hpp"
#include "data/probability_metrics.hpp"

namespace gradus::data {
namespace {

// Targets and the numbers of each label, sample by sample.
struct LabelNumbers {
  LabelNumbers(const char* operation, const char* name, const Tensor& target,
               const Tensor& numbers) {
    require(is_floating(target.dtype()) && is_floating(numbers.dtype()) && target.rank() == 2 &&
                target.shape() == numbers.shape(),
            operation, "target and {} must be f32 or f64 (N, labels), got {} {} and {} {}", name,
            to_string(target.dtype()), target.shape(), to_string(numbers.dtype()), numbers.shape());
    require(target.numel() > 0, operation, "at least one sample and one label are needed, got {}",
            target.shape());
    labels = static_cast<std::size_t>(target.size(1));
    dispatch_floating(operation, target.dtype(), [&]<class T>(T) {
      const T* t = target.data<T>();
      for (std::size_t i = 0; i < static_cast<std::size_t>(target.numel()); ++i) {
        require(t[i] == 0 || t[i] == 1, operation, "targets must be 0 or 1: sample {} has {}",
                i / labels, t[i]);
        truths.push_back(t[i] == 1);
      }
    });
    dispatch_floating(operation, numbers.dtype(), [&]<class T>(T) {
      values.assign(numbers.data<T>(), numbers.data<T>() + numbers.numel());
    });
    has_nan = std::ranges::any_of(values, [](double value) { return std::isnan(value); });
  }

  std::size_t samples() const { return values.size() / labels; }
  bool predicted(std::size_t i) const { return values[i] >= 0.5; }

  std::size_t labels;
  bool has_nan;
  std::vector<uint8_t> truths;
  std::vector<double> values;
};

LabelNumbers probabilities_of(const char* operation, const Tensor& target,
                              const Tensor& probability) {
  LabelNumbers result(operation, "probability", target, probability);
  constexpr double rounding = 1e-6;  // the mean of several may be rounded to more than 1
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    double& value = result.values[i];
    require(!(value < 0) && !(value > 1 + rounding), operation,
            "probability must be 0 to 1: sample {} has {}", i / result.labels, value);
    if (value > 1) value = 1;
  }
  return result;
}

// The mean over samples and labels of a value of each.
ResampledMetric mean_over_labels(const LabelNumbers& numbers,
                                 double (*value)(bool truth, double probability)) {
  if (numbers.has_nan) return undefined_metric();
  std::vector<double> means(numbers.samples());
  for (std::size_t i = 0; i < numbers.values.size(); ++i)
    means[i / numbers.labels] += value(numbers.truths[i] != 0, numbers.values[i]);
  for (double& mean : means) mean /= static_cast<double>(numbers.labels);
  return mean_of_samples(std::move(means));
}

// The weights of the samples for which a label is true, predicted, and both.
struct LabelSums {
  double f1() const { return truths + predicted == 0 ? 0 : 2 * right / (truths + predicted); }
  bool occurs() const { return truths + predicted > 0; }

  double truths = 0, predicted = 0, right = 0;
};

double micro_f1_of(const std::vector<LabelSums>& labels) {
  LabelSums all;
  for (const LabelSums& label : labels) {
    all.truths += label.truths;
    all.predicted += label.predicted;
    all.right += label.right;
  }
  return all.f1();
}

double macro_f1_of(const std::vector<LabelSums>& labels) {
  double sum = 0, present = 0;
  for (const LabelSums& label : labels) {
    sum += label.f1();
    present += label.occurs();
  }
  return present == 0 ? 0 : sum / present;
}

ResampledMetric metric_of_sums(const char* operation, const Tensor& target,
                               const Tensor& probability,
                               double (*metric)(const std::vector<LabelSums>&)) {
  const LabelNumbers numbers = probabilities_of(operation, target, probability);
  if (numbers.has_nan) return undefined_metric();
  std::vector<uint8_t> predicted(numbers.values.size());
  for (std::size_t i = 0; i < predicted.size(); ++i) predicted[i] = numbers.predicted(i);
  return [metric, labels = numbers.labels, truths = numbers.truths,
          predicted = std::move(predicted)](std::span<const double> weights) {
    std::vector<LabelSums> sums(labels);
    double samples = 0;
    std::size_t i = 0;
    for (const double weight : weights) {
      samples += weight;
      for (LabelSums& label : sums) {
        label.truths += truths[i] ? weight : 0;
        label.predicted += predicted[i] ? weight : 0;
        label.right += truths[i] && predicted[i] ? weight : 0;
        ++i;
      }
    }
    return samples == 0 ? NAN : metric(sums);
  };
}

// The mean of a measure of each label for which it is defined.
ResampledMetric mean_of_defined(const char* operation, const Tensor& target, const Tensor& score,
                                ResampledMetric (*measure)(const Tensor& target,
                                                           const Tensor& score)) {
  const LabelNumbers numbers(operation, "score", target, score);
  if (numbers.has_nan) return undefined_metric();
  const auto samples = static_cast<int64_t>(numbers.samples());
  std::vector<ResampledMetric> metrics;
  for (std::size_t label = 0; label < numbers.labels; ++label) {
    Tensor truths = Tensor::empty({samples}, DType::i64);
    Tensor values = Tensor::empty({samples}, DType::f64);
    for (std::size_t i = 0; i < numbers.samples(); ++i) {
      truths.mutable_data<int64_t>()[i] = numbers.truths[i * numbers.labels + label];
      values.mutable_data<double>()[i] = numbers.values[i * numbers.labels + label];
    }
    metrics.push_back(measure(truths, values));
  }
  return [metrics = std::move(metrics)](std::span<const double> weights) {
    double sum = 0, defined = 0;
    for (const ResampledMetric& metric : metrics) {
      const double value = metric(weights);
      if (std::isnan(value)) continue;
      sum += value;
      ++defined;
    }
    return sum / defined;
  };
}

}  // namespace

namespace resampled {

ResampledMetric label_accuracy(const Tensor& target, const Tensor& probability) {
  return mean_over_labels(probabilities_of("label_accuracy", target, probability),
                          [](bool truth, double p) { return truth == (p >= 0.5) ? 1.0 : 0.0; });
}

ResampledMetric subset_accuracy(const Tensor& target, const Tensor& probability) {
  const LabelNumbers numbers = probabilities_of("subset_accuracy", target, probability);
  if (numbers.has_nan) return undefined_metric();
  std::vector<double> right(numbers.samples(), 1);
  for (std::size_t i = 0; i < numbers.values.size(); ++i)
    if (numbers.predicted(i) != (numbers.truths[i] != 0)) right[i / numbers.labels] = 0;
  return mean_of_samples(std::move(right));
}

ResampledMetric micro_f1(const Tensor& target, const Tensor& probability) {
  return metric_of_sums("micro_f1", target, probability, micro_f1_of);
}

ResampledMetric macro_f1(const Tensor& target, const Tensor& probability) {
  return metric_of_sums("macro_f1", target, probability, macro_f1_of);
}

ResampledMetric label_log_loss(const Tensor& target, const Tensor& probability) {
  return mean_over_labels(
      probabilities_of("label_log_loss", target, probability),
      [](bool truth, double p) { return truth ? -math::log(p) : -math::log1p(-p); });
}

ResampledMetric macro_auc(const Tensor& target, const Tensor& score) {
  return mean_of_defined("macro_auc", target, score, roc_auc);
}

ResampledMetric macro_average_precision(const Tensor& target, const Tensor& score) {
  return mean_of_defined("macro_average_precision", target, score, average_precision);
}

}  // namespace resampled

double label_accuracy(const Tensor& target, const Tensor& probability) {
  return each_once(resampled::label_accuracy(target, probability), target);
}

double subset_accuracy(const Tensor& target, const Tensor& probability) {
  return each_once(resampled::subset_accuracy(target, probability), target);
}

double micro_f1(const Tensor& target, const Tensor& probability) {
  return each_once(resampled::micro_f1(target, probability), target);
}

double macro_f1(const Tensor& target, const Tensor& probability) {
  return each_once(resampled::macro_f1(target, probability), target);
}

double label_log_loss(const Tensor& target, const Tensor& probability) {
  return each_once(resampled::label_log_loss(target, probability), target);
}

double macro_auc(const Tensor& target, const Tensor& score) {
  return each_once(resampled::macro_auc(target, score), target);
}

double macro_average_precision(const Tensor& target, const Tensor& score) {
  return each_once(resampled::macro_average_precision(target, score), target);
}

}  // namespace gradus::data
