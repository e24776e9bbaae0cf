#include "data/probability_metrics.hpp"

#include <algorithm>
#include <cmath>

#include "core/math.hpp"

namespace gradus::data {
namespace {

// The target and the numbers of each class, checked.
class ClassNumbers {
 public:
  enum class Form : uint8_t { rows, rows_or_class_1 };

  ClassNumbers(const char* operation, const char* name, const Tensor& target, const Tensor& numbers,
               Form form)
      : operation_(operation), name_(name), columns_(numbers.rank() == 2 ? numbers.size(1) : 1) {
    const bool is_row_form = numbers.rank() == 2 && columns_ >= 1;
    require(target.dtype() == DType::i64 && target.rank() == 1 && is_floating(numbers.dtype()) &&
                (is_row_form || (numbers.rank() == 1 && form == Form::rows_or_class_1)) &&
                numbers.size(0) == target.size(0),
            operation,
            "target must be i64 (N) and {} f32 or f64 {}(N, classes), got {} {} and {} {}", name,
            form == Form::rows ? "" : "(N) or ", to_string(target.dtype()), target.shape(),
            to_string(numbers.dtype()), numbers.shape());
    require(target.numel() > 0, operation, "at least one sample is needed");
    target_ = target.to_vector<int64_t>();
    is_of_class_1_ = !is_row_form;
    for (std::size_t i = 0; i < target_.size(); ++i)
      require(target_[i] >= 0 && target_[i] < classes(), operation,
              "classes must be 0 to {}: sample {} has {}", classes() - 1, i, target_[i]);
    dispatch_floating(operation, numbers.dtype(), [&]<class T>(T) {
      values_.assign(numbers.data<T>(), numbers.data<T>() + numbers.numel());
    });
    has_nan_ = std::ranges::any_of(values_, [](double value) { return std::isnan(value); });
  }

  // The mean of several probabilities may be rounded to more than 1.
  void require_probabilities() {
    constexpr double rounding = 1e-6;
    for (std::size_t i = 0; i < samples(); ++i) {
      double sum = 0;
      for (const double value : row(i)) {
        require(!(value < 0) && !(value > 1 + rounding), operation_,
                "{} must be 0 to 1: sample {} has {}", name_, i, value);
        sum += value;
      }
      require(is_of_class_1_ || !(std::abs(sum - 1) > 1e-3), operation_,
              "{} of a sample must have sum 1: sample {} has {}", name_, i, sum);
    }
    for (double& value : values_)
      if (value > 1) value = 1;
  }

  std::size_t samples() const { return target_.size(); }
  int64_t columns() const { return columns_; }
  int64_t classes() const { return is_of_class_1_ ? 2 : columns_; }
  bool is_of_class_1() const { return is_of_class_1_; }
  bool has_nan() const { return has_nan_; }
  int64_t target(std::size_t sample) const { return target_[sample]; }
  std::span<const double> row(std::size_t sample) const {
    const auto columns = static_cast<std::size_t>(columns_);
    return std::span(values_).subspan(sample * columns, columns);
  }

 private:
  const char* operation_;
  const char* name_;
  int64_t columns_;
  bool is_of_class_1_ = false, has_nan_ = false;
  std::vector<int64_t> target_;
  std::vector<double> values_;
};

ClassNumbers probabilities_of(const char* operation, const Tensor& target,
                              const Tensor& probability, ClassNumbers::Form form) {
  ClassNumbers result(operation, "probability", target, probability, form);
  result.require_probabilities();
  return result;
}

// The mean of a value of each sample.
ResampledMetric mean_of(const ClassNumbers& numbers,
                        const std::function<double(std::size_t)>& value) {
  if (numbers.has_nan()) return undefined_metric();
  std::vector<double> values(numbers.samples());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = value(i);
  return mean_of_samples(std::move(values));
}

// The samples in the order of their score for one class, the highest first.
struct RankedSample {
  int32_t sample;
  bool is_positive;    // of the class
  bool is_last_equal;  // the next one has a lower score
};
using RankedSamples = std::vector<RankedSample>;

RankedSamples ranked(const ClassNumbers& numbers, std::size_t column, int64_t positive) {
  std::vector<std::pair<double, int32_t>> order(numbers.samples());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = {-numbers.row(i)[column], static_cast<int32_t>(i)};
  std::ranges::sort(order);
  RankedSamples result(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const int32_t sample = order[i].second;
    result[i] = {sample, numbers.target(static_cast<std::size_t>(sample)) == positive,
                 i + 1 == order.size() || order[i].first != order[i + 1].first};
  }
  return result;
}

// Calls visit(positives, negatives) with the weights of each group of equal scores, from the top.
template <class Visit>
void for_each_score(const RankedSamples& samples, std::span<const double> weights,
                    const Visit& visit) {
  double positives = 0, negatives = 0;
  for (const RankedSample& ranked_sample : samples) {
    const double weight = weights[static_cast<std::size_t>(ranked_sample.sample)];
    positives += ranked_sample.is_positive ? weight : 0;
    negatives += ranked_sample.is_positive ? 0 : weight;
    if (ranked_sample.is_last_equal) {
      visit(positives, negatives);
      positives = negatives = 0;
    }
  }
}

// NaN where one of both doesn't occur.
double area_of(const RankedSamples& samples, std::span<const double> weights) {
  // Twice the weight of pairs in the right order. Of whole numbers nothing is rounded up to 94
  // million samples.
  double positives = 0, negatives = 0, pairs = 0;
  for_each_score(samples, weights, [&](double more_positives, double more_negatives) {
    pairs += more_negatives * (2 * positives + more_positives);
    positives += more_positives;
    negatives += more_negatives;
  });
  return pairs / (2 * positives * negatives);
}

// NaN where no sample is of the class.
double mean_precision_of(const RankedSamples& samples, std::span<const double> weights) {
  double sum = 0, positives = 0, all = 0;
  for_each_score(samples, weights, [&](double more_positives, double more_negatives) {
    positives += more_positives;
    all += more_positives + more_negatives;
    // Without a branch, which the processor couldn't predict; where all is 0, so is the product.
    sum += more_positives * positives / (all > 0 ? all : 1);
  });
  return sum / positives;
}

// The mean of a measure over the classes for which it is defined: those that occur.
ResampledMetric mean_over_classes(const char* operation, const Tensor& target, const Tensor& score,
                                  double (*measure)(const RankedSamples&,
                                                    std::span<const double>)) {
  const ClassNumbers numbers(operation, "score", target, score,
                             ClassNumbers::Form::rows_or_class_1);
  constexpr int64_t most = std::numeric_limits<int32_t>::max();
  require(target.numel() <= most, operation, "samples must be {} or less, got {}", most,
          target.numel());
  if (numbers.has_nan()) return undefined_metric();
  std::vector<RankedSamples> rankings;
  for (int64_t c = 0; c < numbers.columns(); ++c)
    rankings.push_back(
        ranked(numbers, static_cast<std::size_t>(c), numbers.is_of_class_1() ? 1 : c));
  return [=, rankings = std::move(rankings)](std::span<const double> weights) {
    double sum = 0, classes = 0;
    for (const RankedSamples& ranking : rankings) {
      const double value = measure(ranking, weights);
      if (std::isnan(value)) continue;
      sum += value;
      ++classes;
    }
    return sum / classes;
  };
}

}  // namespace

namespace resampled {

ResampledMetric top_k_accuracy(const Tensor& target, const Tensor& score, int64_t k) {
  const ClassNumbers numbers("top_k_accuracy", "score", target, score, ClassNumbers::Form::rows);
  require(k >= 1 && k <= numbers.classes(), "top_k_accuracy", "k must be 1 to {}, got {}",
          numbers.classes(), k);
  return mean_of(numbers, [&](std::size_t i) {
    const std::span<const double> row = numbers.row(i);
    const auto target_class = static_cast<std::size_t>(numbers.target(i));
    int64_t higher = 0;
    for (std::size_t c = 0; c < row.size(); ++c)
      higher += row[c] > row[target_class] || (row[c] == row[target_class] && c < target_class);
    return higher < k ? 1.0 : 0.0;
  });
}

ResampledMetric log_loss(const Tensor& target, const Tensor& probability) {
  const ClassNumbers numbers =
      probabilities_of("log_loss", target, probability, ClassNumbers::Form::rows_or_class_1);
  return mean_of(numbers, [&](std::size_t i) {
    const std::span<const double> row = numbers.row(i);
    if (!numbers.is_of_class_1())
      return -math::log(row[static_cast<std::size_t>(numbers.target(i))]);
    return numbers.target(i) == 1 ? -math::log(row[0]) : -math::log1p(-row[0]);
  });
}

ResampledMetric brier(const Tensor& target, const Tensor& probability) {
  const ClassNumbers numbers =
      probabilities_of("brier", target, probability, ClassNumbers::Form::rows_or_class_1);
  const int64_t first_class = numbers.is_of_class_1() ? 1 : 0;
  return mean_of(numbers, [&](std::size_t i) {
    double sum = 0;
    int64_t c = first_class;
    for (const double value : numbers.row(i)) {
      const double error = value - (numbers.target(i) == c++ ? 1 : 0);
      sum += error * error;
    }
    return sum;
  });
}

ResampledMetric expected_calibration_error(const Tensor& target, const Tensor& probability,
                                           int64_t bins) {
  const char* operation = "expected_calibration_error";
  const ClassNumbers numbers =
      probabilities_of(operation, target, probability, ClassNumbers::Form::rows);
  require(bins >= 1 && bins <= 1'000'000, operation, "bins must be 1 to 10^6, got {}", bins);
  if (numbers.has_nan()) return undefined_metric();
  // |accuracy − confidence| of a bin, times its samples, is |Σ (right − confidence)|.
  std::vector<double> excess(numbers.samples());
  std::vector<std::size_t> bin(numbers.samples());
  for (std::size_t i = 0; i < excess.size(); ++i) {
    const std::span<const double> row = numbers.row(i);
    const auto largest = std::ranges::max_element(row);
    excess[i] = (largest - row.begin() == numbers.target(i) ? 1 : 0) - *largest;
    bin[i] = static_cast<std::size_t>(
        std::min(bins - 1, static_cast<int64_t>(*largest * static_cast<double>(bins))));
  }
  return [=, excess = std::move(excess), bin = std::move(bin)](std::span<const double> weights) {
    std::vector<double> sums(static_cast<std::size_t>(bins));
    double samples = 0, total = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      sums[bin[i]] += weights[i] * excess[i];
      samples += weights[i];
    }
    for (const double sum : sums) total += std::abs(sum);
    return total / samples;
  };
}

ResampledMetric roc_auc(const Tensor& target, const Tensor& score) {
  return mean_over_classes("roc_auc", target, score, area_of);
}

ResampledMetric average_precision(const Tensor& target, const Tensor& score) {
  return mean_over_classes("average_precision", target, score, mean_precision_of);
}

}  // namespace resampled

double top_k_accuracy(const Tensor& target, const Tensor& score, int64_t k) {
  return each_once(resampled::top_k_accuracy(target, score, k), target.numel());
}

double log_loss(const Tensor& target, const Tensor& probability) {
  return each_once(resampled::log_loss(target, probability), target.numel());
}

double brier(const Tensor& target, const Tensor& probability) {
  return each_once(resampled::brier(target, probability), target.numel());
}

double expected_calibration_error(const Tensor& target, const Tensor& probability, int64_t bins) {
  return each_once(resampled::expected_calibration_error(target, probability, bins),
                   target.numel());
}

double roc_auc(const Tensor& target, const Tensor& score) {
  return each_once(resampled::roc_auc(target, score), target.numel());
}

double average_precision(const Tensor& target, const Tensor& score) {
  return each_once(resampled::average_precision(target, score), target.numel());
}

}  // namespace gradus::data
