// DecisionBoundary: records how the decision boundary of a model moves in training.
#pragma once

#include "apps/pictures/regions.hpp"
#include "data/dataset.hpp"
#include "layers/module.hpp"

namespace gradus::app {

/// For samples with two features. A picture is the model's prediction at 60×60 places; it doesn't
/// change the model.
class DecisionBoundary {
 public:
  /// Whether samples have two features, before the normalization, and classes as targets.
  static bool exists_for(const data::Dataset& dataset);

  /// `train` determines the axes and the points; `epochs` is the planned number.
  DecisionBoundary(const data::Dataset& train, int64_t epochs);

  /// Whether this epoch is one of at most six that are evenly spread, with 0 for the initial
  /// weights, and before the last.
  bool is_chosen(int64_t epoch) const;
  /// Keeps the boundary after an epoch.
  void record(layers::Module& model, int64_t epoch);
  /// The recorded boundaries, and last that of `model`, the result, with the weights of `epoch`.
  pictures::Regions picture(layers::Module& model, int64_t epoch) const;

 private:
  struct Snapshot {
    int64_t epoch;
    std::string png;
  };

  std::string draw(layers::Module& model) const;

  std::vector<int64_t> chosen_;
  pictures::Regions axes_and_points_;
  Tensor places_;  // normalized, f32 (60·60, features)
  std::vector<Snapshot> snapshots_;
};

}  // namespace gradus::app
