#include "optim/search/median_stopping.hpp"

#include <cmath>

#include "core/statistics.hpp"
#include "optim/search/search_method.hpp"

namespace gradus::optim {

MedianStopping::MedianStopping(const MedianStoppingOptions& options) : options_(options) {
  range::count.check("median_stopping", "first_epoch", options.first_epoch);
  range::count.check("median_stopping", "trials", options.trials);
}

bool MedianStopping::should_stop(const std::vector<double>& values) const {
  const auto means = means_.find(values.size());
  if (finished_ < options_.trials || means == means_.end() ||
      std::ssize(values) < options_.first_epoch)
    return false;
  double best = comparable(NAN);
  for (const double value : values) best = std::max(best, comparable(value));
  return best < median(means->second);
}

void MedianStopping::finish(const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i];
    if (std::isnan(sum)) break;
    means_[i + 1].push_back(sum / static_cast<double>(i + 1));
  }
  ++finished_;
}

}  // namespace gradus::optim
