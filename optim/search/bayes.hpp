// Bayesian optimization.
#pragma once

#include "optim/search/gaussian_process.hpp"
#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Options of BayesSearch.
struct BayesSearchOptions {
  /// Evenly spread points before the first that is chosen by a model; 1 or more.
  int64_t initial = 5;

  /// What the command line and texts can set: names, ranges and help.
  static OptionTable<BayesSearchOptions> table();
};

/// What trials have shown, as a Gaussian process over the features of a space: values standardized,
/// those far below most drawn up, failed trials as bad as the worst. Pending trials have the mean
/// that is predicted for them (Ginsbourger et al. 2010's "kriging believer"). Nothing where no
/// value differs from another.
class TrialModel {
 public:
  /// A model of the trials that were reported; nothing where no value differs from another. `space`
  /// outlives it.
  static std::optional<TrialModel> of(const SearchSpace& space, const std::vector<Trial>& trials);

  /// In standard deviations of the values from their mean.
  GaussianProcess::Prediction predict(const Point& point) const;
  /// The largest mean that is predicted where a trial was.
  double best() const { return best_; }

 private:
  TrialModel(const SearchSpace& space, GaussianProcess process);

  const SearchSpace* space_;
  GaussianProcess process_;
  double best_;
};

/// A Gaussian process models the values of the trials; the next one is where the expected
/// improvement on the best is largest (Snoek, Larochelle and Adams 2012). It is looked for among
/// random points and changes of the best trials, then around the best of them.
class BayesSearch : public TrialSearch {
 public:
  /// Throws std::invalid_argument for an option out of its range.
  explicit BayesSearch(SearchTask task, const BayesSearchOptions& options = {});

 private:
  std::optional<Point> suggest(int64_t draw) override;

  BayesSearchOptions options_;
};

}  // namespace gradus::optim
