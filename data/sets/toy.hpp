// Points in the plane whose classes a straight line can't (or can) separate: data to look at.
// Every set has two features, normalized by the training part. Errors: std::invalid_argument for
// fewer samples than classes, fewer than 2 classes, noise below 0 or a test_fraction outside (0,
// 1).
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// Options of moons(), circles() and exclusive_or().
struct ToyOptions {
  int64_t samples = 1000;      ///< of train and test together, the classes in turn
  double noise = 0.1;          ///< standard deviation of what is added to each coordinate
  double test_fraction = 0.2;  ///< part held out to test
};

/// Options of spirals().
struct SpiralsOptions {
  int64_t samples = 1000;      ///< of train and test together, the classes in turn
  int64_t classes = 3;         ///< arms
  double noise = 0.03;         ///< standard deviation of what is added to each coordinate
  double test_fraction = 0.2;  ///< part held out to test
};

/// Options of blobs().
struct BlobsOptions {
  int64_t samples = 1000;      ///< of train and test together, the classes in turn
  int64_t classes = 3;         ///< blobs
  double deviation = 0.3;      ///< standard deviation of each blob
  double test_fraction = 0.2;  ///< part held out to test
};

/// Two half circles that reach into each other: (cos t, sin t) and (1 − cos t, ½ − sin t), t
/// uniform in [0, π).
Split moons(const ToyOptions& options, Rng& rng);
/// A circle of radius 1 around one of radius ½.
Split circles(const ToyOptions& options, Rng& rng);
/// Arms that wind around the origin by three quarters of a turn: radius r uniform in [0, 1), angle
/// 2π(c/classes + ¾r).
Split spirals(const SpiralsOptions& options, Rng& rng);
/// Normal distributions around centres that lie evenly on the unit circle.
Split blobs(const BlobsOptions& options, Rng& rng);
/// The square [−1, 1)²: class 1 where the coordinates' signs differ, before the noise.
Split exclusive_or(const ToyOptions& options, Rng& rng);

}  // namespace gradus::data
