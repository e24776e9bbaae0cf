#include "data/regression_metrics.hpp"

#include <cmath>

namespace gradus::data {
namespace {

std::vector<double> as_doubles(const char* operation, const Tensor& x) {
  return dispatch_floating(operation, x.dtype(), [&]<class T>(T) {
    return std::vector<double>(x.data<T>(), x.data<T>() + x.numel());
  });
}

// Targets and errors, sample by sample.
struct NumberPairs {
  NumberPairs(const char* operation, const Tensor& target, const Tensor& prediction) {
    require(
        is_floating(target.dtype()) && is_floating(prediction.dtype()) &&
            (target.rank() == 1 || target.rank() == 2) && target.shape() == prediction.shape(),
        operation,
        "target and prediction must be f32 or f64 of one shape (N) or (N, D), got {} {} and {} {}",
        to_string(target.dtype()), target.shape(), to_string(prediction.dtype()),
        prediction.shape());
    require(target.numel() > 0, operation, "at least one sample is needed, got {}", target.shape());
    numbers = static_cast<std::size_t>(target.numel() / target.size(0));
    targets = as_doubles(operation, target);
    errors = as_doubles(operation, prediction);
    for (std::size_t i = 0; i < errors.size(); ++i) errors[i] = targets[i] - errors[i];
  }

  std::size_t samples() const { return targets.size() / numbers; }

  std::size_t numbers;  // of each sample
  std::vector<double> targets, errors;
};

// A sample that doesn't count doesn't matter, also if its error is infinite.
double weighted_sum(std::span<const double> weights, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    sum += weights[i] == 0 ? 0 : weights[i] * values[i];
  return sum;
}

double sum_of(std::span<const double> weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  return sum;
}

// The mean of a function of the errors over each sample's numbers.
std::vector<double> means_of_errors(const NumberPairs& pairs, double (*function)(double)) {
  std::vector<double> result(pairs.samples());
  for (std::size_t i = 0; i < pairs.errors.size(); ++i)
    result[i / pairs.numbers] += function(pairs.errors[i]) / static_cast<double>(pairs.numbers);
  return result;
}

double squared_error(double error) {
  return error * error;
}

// One of the numbers of each sample, for r2.
struct NumberColumn {
  NumberColumn(const NumberPairs& pairs, std::size_t column) {
    for (std::size_t i = column; i < pairs.targets.size(); i += pairs.numbers) {
      targets.push_back(pairs.targets[i]);
      squares.push_back(squared_error(pairs.errors[i]));
    }
  }

  double r2(std::span<const double> weights) const {
    const double mean = weighted_sum(weights, targets) / sum_of(weights);
    double variation = 0, first = NAN;
    bool are_equal = true;  // the rounded mean of equal numbers may be another one
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] == 0) continue;
      if (std::isnan(first)) first = targets[i];
      are_equal = are_equal && targets[i] == first;
      variation += weights[i] * squared_error(targets[i] - mean);
    }
    return are_equal ? NAN : 1 - weighted_sum(weights, squares) / variation;
  }

  std::vector<double> targets, squares;
};

}  // namespace

namespace resampled {

ResampledMetric mae(const Tensor& target, const Tensor& prediction) {
  return mean_of_samples(means_of_errors(NumberPairs("mae", target, prediction),
                                         [](double error) { return std::abs(error); }));
}

ResampledMetric rmse(const Tensor& target, const Tensor& prediction) {
  return [mean_square = mean_of_samples(
              means_of_errors(NumberPairs("rmse", target, prediction), squared_error))](
             std::span<const double> weights) { return std::sqrt(mean_square(weights)); };
}

ResampledMetric r2(const Tensor& target, const Tensor& prediction) {
  const NumberPairs pairs("r2", target, prediction);
  std::vector<NumberColumn> columns;
  for (std::size_t column = 0; column < pairs.numbers; ++column)
    columns.emplace_back(pairs, column);
  return [columns = std::move(columns)](std::span<const double> weights) {
    double sum = 0;
    for (const NumberColumn& column : columns) sum += column.r2(weights);
    return sum / static_cast<double>(columns.size());
  };
}

}  // namespace resampled

double mae(const Tensor& target, const Tensor& prediction) {
  return each_once(resampled::mae(target, prediction), target);
}

double rmse(const Tensor& target, const Tensor& prediction) {
  return each_once(resampled::rmse(target, prediction), target);
}

double r2(const Tensor& target, const Tensor& prediction) {
  return each_once(resampled::r2(target, prediction), target);
}

}  // namespace gradus::data
