// Fingerprint, fingerprints: short computations of every kind, whose bits are the same on every
// machine.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/gradus/fingerprint/digest.hpp"

namespace gradus::app {

/// A short computation.
struct Fingerprint {
  std::string name;                             ///< "norm/batch/f32"
  std::function<void(Digest& digest)> compute;  ///< adds its results
};
using Fingerprints = std::vector<Fingerprint>;

/// The hash of the computation's results.
std::string hash_of(const Fingerprint& fingerprint);

/// All fingerprints, those of the files below one after the other. A name in a table of the library
/// (an optimizer, a normalization …) has one without being listed here.
Fingerprints fingerprints();

// In the order of fingerprints():

/// function/, sum/, random/, linalg/, statistics/: what trainings are made of.
Fingerprints number_fingerprints();
/// layer/, norm/, activation/, init/: trainings of small networks.
Fingerprints network_fingerprints();
/// loss/, optimizer/, schedule/, train/, evaluate/: how networks are trained and evaluated.
Fingerprints training_fingerprints();
/// toy/, preprocess/, augment/, mix/: data.
Fingerprints data_fingerprints();

// Parts of the computations.

/// A tensor with uniform values in [low, high), the same in each call.
Tensor uniform_tensor(const Shape& shape, DType dtype, double low = -1, double high = 1);
/// Labels 0, 1, … classes − 1, 0, …: i64 (n).
Tensor cyclic_labels(int64_t n, int64_t classes);
/// Adds NAME/f32 and NAME/f64, which call `compute` with the type.
void add_both(Fingerprints& to, const std::string& name,
              const std::function<void(Digest& digest, DType dtype)>& compute);

}  // namespace gradus::app
