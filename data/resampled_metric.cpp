#include "data/resampled_metric.hpp"

#include <cmath>

namespace gradus::data {

double each_once(const ResampledMetric& metric, int64_t samples) {
  return metric(std::vector<double>(static_cast<std::size_t>(samples), 1));
}

double each_once(const ResampledMetric& metric, const Tensor& target) {
  return each_once(metric, target.size(0));
}

ResampledMetric mean_of_samples(std::vector<double> values) {
  return [values = std::move(values)](std::span<const double> weights) {
    double sum = 0, samples = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      sum += weights[i] == 0 ? 0 : weights[i] * values[i];
      samples += weights[i];
    }
    return sum / samples;
  };
}

ResampledMetric undefined_metric() {
  return [](std::span<const double>) { return NAN; };
}

}  // namespace gradus::data
