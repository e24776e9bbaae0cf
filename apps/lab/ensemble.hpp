// Thinned networks, together.
#pragma once

#include <vector>

#include "data/metrics.hpp"
#include "layers/monte_carlo.hpp"

namespace gradus::lab {

/// For each count the error, in percent, of the mean of so many thinned networks' probabilities:
/// of `model` with units dropped at random.
inline std::vector<double> ensemble_errors(layers::Module& model, const data::Dataset& test,
                                           const std::vector<double>& counts, Rng& rng) {
  const data::Batch all = test.batch(0, test.size());
  std::vector<double> errors;
  for (const double count : counts) {
    const Tensor mean =
        layers::monte_carlo_predict(model, all.images, static_cast<int64_t>(count), rng).mean;
    const int64_t correct = data::count_correct(all.labels, data::predictions(mean));
    errors.push_back(100 - 100 * static_cast<double>(correct) / static_cast<double>(test.size()));
  }
  return errors;
}

}  // namespace gradus::lab
