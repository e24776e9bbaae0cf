// Neural architecture search by reinforcement learning.
#pragma once

#include "optim/search/controller.hpp"
#include "optim/search/search.hpp"

namespace gradus::optim {

struct NasSearchOptions {
  int64_t controller_units = 32;
  double controller_lr = 0.02;
  double entropy = 0.01;

  static const OptionTable<NasSearchOptions>& table();
};

/// A Controller draws configurations, meant for networks, and learns from each how good it was
/// (Zoph and Le 2017); a failed trial is as good as the worst that was reported. Random search over
/// the same space is its baseline.
class NasSearch : public TrialSearch {
 public:
  /// Throws std::invalid_argument where the controller does.
  explicit NasSearch(SearchTask task, const NasSearchOptions& options = {});

  const Controller& controller() const { return controller_; }

 private:
  std::optional<Point> suggest() override;
  void learn(int64_t trial) override;

  Controller controller_;
};

}  // namespace gradus::optim
