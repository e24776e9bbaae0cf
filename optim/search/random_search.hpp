// RandomSearch, halton: random search, and points that are spread more evenly than random ones.
#pragma once

#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Point `index` of the Halton sequence: coordinate i has the digits of index + 1 in the base of
/// the i-th prime number, mirrored at the radix point: 1/2, 1/4, 3/4, … in base 2.
/// Throws std::invalid_argument for more than 1,000 dimensions.
Point halton(int64_t index, std::size_t dimensions);
/// The same with the digits of every place randomly permuted (Owen 2017), by the seed: the points
/// are uniform and still evenly spread, also in many dimensions.
Point scrambled_halton(int64_t index, std::size_t dimensions, const Rng& rng);

/// Options of RandomSearch.
struct RandomSearchOptions {
  bool low_discrepancy = false;  ///< scrambled Halton points instead of independent ones

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<RandomSearchOptions> table();
};

/// Points drawn independently and uniformly (Bergstra and Bengio 2012).
class RandomSearch : public TrialSearch {
 public:
  /// The seed of `task` determines the points.
  explicit RandomSearch(SearchTask task, const RandomSearchOptions& options = {})
      : TrialSearch(std::move(task)), options_(options) {}

 private:
  std::optional<Point> suggest(int64_t draw) override;

  RandomSearchOptions options_;
  int64_t next_ = 0;  // next index of the sequence
};

}  // namespace gradus::optim
