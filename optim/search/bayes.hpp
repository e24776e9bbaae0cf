// BayesSearch, TrialModel: Bayesian optimization.
#pragma once

#include "optim/search/gaussian_process.hpp"
#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Options of BayesSearch.
struct BayesSearchOptions {
  /// Number of evenly spread points before the model chooses; 1 or more.
  int64_t initial = 5;

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<BayesSearchOptions> table();
};

/// A Gaussian process of the trials' values over the features of a space. Values are standardized,
/// after outliers below are raised; failed trials count as the worst. Pending trials have their
/// predicted mean ("kriging believer", Ginsbourger et al. 2010).
class TrialModel {
 public:
  /// A model of the reported trials; nothing if all values are equal. `space` must outlive it.
  static std::optional<TrialModel> of(const SearchSpace& space, const std::vector<Trial>& trials);

  /// The prediction, in standard deviations of the values from their mean.
  GaussianProcess::Prediction predict(const Point& point) const;
  /// The largest predicted mean at a trial.
  double best() const { return best_; }

 private:
  TrialModel(const SearchSpace& space, GaussianProcess process);

  const SearchSpace* space_;
  GaussianProcess process_;
  double best_;
};

/// A Gaussian process models the values of the trials; the next trial is where the expected
/// improvement over the best is largest (Snoek, Larochelle and Adams 2012). It is searched among
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
