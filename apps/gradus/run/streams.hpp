// Streams: independent random generators of one seed.
#pragma once

#include "core/random.hpp"

namespace gradus::app {

/// What each draws for is what the others have no say in.
struct Streams {
  explicit Streams(int64_t seed) : root(static_cast<uint64_t>(seed)) {}
  Rng root;
  Rng weights() const { return root.fork(0); }  ///< and dropout
  Rng order() const { return root.fork(1); }
  Rng held_out() const { return root.fork(2); }
  Rng noise() const { return root.fork(3); }  ///< on gradients
  Rng mixing() const { return root.fork(4); }
  Rng sampling() const { return root.fork(5); }  ///< of predictions with dropout
};

}  // namespace gradus::app
