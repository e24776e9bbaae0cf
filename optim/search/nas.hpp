// Neural architecture search by reinforcement learning.
#pragma once

#include "optim/search/controller.hpp"
#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Options of NasSearch.
struct NasSearchOptions {
  int64_t controller_units = 32;  ///< of the controller's LSTM and embeddings; 1 or more
  double controller_lr = 0.02;    ///< learning rate of the controller; positive
  double entropy = 0.01;          ///< weight of the choices' entropy; 0 or more

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<NasSearchOptions> table();
};

/// A Controller draws configurations, meant for networks, and learns from each how good it was
/// (Zoph and Le 2017); a failed trial is as good as the worst that was reported. Random search over
/// the same space is its baseline.
class NasSearch : public TrialSearch {
 public:
  /// Throws std::invalid_argument where the controller does.
  explicit NasSearch(SearchTask task, const NasSearchOptions& options = {});

  /// What draws the configurations.
  const Controller& controller() const { return controller_; }

 private:
  std::optional<Point> suggest(int64_t draw) override;
  void learn(int64_t trial) override;

  Controller controller_;
};

}  // namespace gradus::optim
