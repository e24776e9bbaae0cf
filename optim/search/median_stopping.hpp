// MedianStopping: stops trials that are worse than the median.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace gradus::optim {

/// Options of MedianStopping.
struct MedianStoppingOptions {
  int64_t first_epoch = 1;  ///< no trial stops before the end of this epoch; 1 or more
  int64_t trials = 3;       ///< number of trials that must have finished before; 1 or more
};

/// The rule of Golovin et al. (2017): a trial stops at the end of an epoch if its best value so far
/// is worse than the median of the finished trials' mean values up to that epoch. Larger values are
/// better.
class MedianStopping {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit MedianStopping(const MedianStoppingOptions& options = {});

  /// Whether a trial with these values (one per epoch, NaN is the worst) should stop now.
  bool should_stop(const std::vector<double>& values) const;
  /// Adds the values of a trial that was trained completely or stopped.
  void finish(const std::vector<double>& values);

 private:
  MedianStoppingOptions options_;
  std::map<std::size_t, std::vector<double>> means_;  // by the number of epochs
  int64_t finished_ = 0;
};

}  // namespace gradus::optim
