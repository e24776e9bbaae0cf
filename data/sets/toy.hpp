// moons, circles, spirals, blobs, exclusive_or: toy sets of points in the plane. Every set has two
// features, normalized by the training part. Throws std::invalid_argument for fewer samples than
// classes, fewer than 2 classes, noise below 0 or a test_fraction outside (0, 1).
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// Options of moons(), circles() and exclusive_or().
struct ToyOptions {
  int64_t samples = 1000;      ///< of both parts together; the classes take turns
  double noise = 0.1;          ///< standard deviation of the noise in each coordinate
  double test_fraction = 0.2;  ///< fraction of test samples
};

/// Options of spirals().
struct SpiralsOptions {
  int64_t samples = 1000;      ///< of both parts together; the classes take turns
  int64_t classes = 3;         ///< arms
  double noise = 0.03;         ///< standard deviation of the noise in each coordinate
  double test_fraction = 0.2;  ///< fraction of test samples
};

/// Options of blobs().
struct BlobsOptions {
  int64_t samples = 1000;      ///< of both parts together; the classes take turns
  int64_t classes = 3;         ///< blobs
  double deviation = 0.3;      ///< standard deviation of each blob
  double test_fraction = 0.2;  ///< fraction of test samples
};

/// Two interleaving half circles: (cos t, sin t) and (1 − cos t, ½ − sin t), t uniform in [0, π).
Split moons(const ToyOptions& options, Rng& rng);
/// A circle of radius 1 around one of radius ½.
Split circles(const ToyOptions& options, Rng& rng);
/// Arms that wind around the origin by three quarters of a turn: radius r uniform in [0, 1), angle
/// 2π(c/classes + ¾r).
Split spirals(const SpiralsOptions& options, Rng& rng);
/// Normal distributions with their centres evenly spaced on the unit circle.
Split blobs(const BlobsOptions& options, Rng& rng);
/// The square [−1, 1)²: class 1 if the signs of the coordinates differ (before the noise is added).
Split exclusive_or(const ToyOptions& options, Rng& rng);

}  // namespace gradus::data
