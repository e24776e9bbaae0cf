// sine, friedman1: toy sets whose targets are numbers. Features and targets are normalized by the
// training part. Both throw std::invalid_argument for fewer than 2 samples, noise below 0 and a
// test_fraction outside (0, 1).
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// A part of the line that has no samples: first ≤ x < last.
struct Gap {
  double first;  ///< where it begins
  double last;   ///< where it ends
};

/// Options of sine().
struct SineOptions {
  int64_t samples = 500;       ///< of both parts together
  double noise = 0.1;          ///< standard deviation of the noise in y
  double test_fraction = 0.2;  ///< fraction of test samples
  /// In increasing order, apart from each other and within [0, 1).
  std::vector<Gap> gaps = {{0.25, 0.4}, {0.7, 0.85}};
};

/// Options of friedman1().
struct FriedmanOptions {
  int64_t samples = 1000;      ///< of both parts together
  double noise = 1;            ///< standard deviation of the noise in y
  double test_fraction = 0.2;  ///< fraction of test samples
};

/// One feature x, uniform in [0, 1) without the gaps; y = sin(2πx) + noise. What a model says in
/// the gaps shows whether it knows what it doesn't know. Also throws std::invalid_argument for gaps
/// that are out of order or leave nothing.
Split sine(const SineOptions& options, Rng& rng);
/// Ten features, uniform in [0, 1), of which five matter: y = 10 sin(πx₁x₂) + 20(x₃ − ½)² + 10x₄ +
/// 5x₅ + noise (J. H. Friedman: Multivariate adaptive regression splines, Annals of Statistics 19,
/// 1991).
Split friedman1(const FriedmanOptions& options, Rng& rng);

}  // namespace gradus::data
