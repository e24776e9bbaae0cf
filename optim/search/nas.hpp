// Neural architecture search by reinforcement learning: a controller and the search by it.
#pragma once

#include "optim/algorithms/adam.hpp"
#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Options of Controller.
struct ControllerOptions {
  int64_t units = 32;  ///< of the LSTM and of the embeddings; 1 or more
  double lr = 0.02;    ///< Adam's; positive
  double entropy =
      0.01;  ///< weight of the choices' entropy, which keeps it from one choice; 0 or more
  double baseline_decay = 0.9;  ///< what stays of the moving averages a reward; in [0, 1)
};

/// The policy of Zoph and Le (2017): an LSTM that chooses a space's values one after the other.
/// Each step takes the embedding of the choice before and has a softmax of its own over the values
/// of the next parameter that takes part. REINFORCE (Williams 1992) makes likelier what is better
/// than the average b of the rewards R so far, in units of their deviation s, both moving averages:
///
///     gradient of −(R − b)/s·Σ log p(choice) − entropy·Σ H(p)
class Controller {
 public:
  /// Throws std::invalid_argument for options out of their range, and for a parameter with real
  /// numbers or more than 1,000 values. `space` outlives the controller.
  Controller(const SearchSpace& space, const ControllerOptions& options, Rng rng);

  /// Draws a point, parameter by parameter. What takes no part is ½.
  Point sample(Rng& rng) const;
  /// Takes one step of Adam: `reward` says how good `point` was, larger being better.
  void learn(const Point& point, double reward);
  /// The probability of drawing the configuration of a point.
  double probability(const Point& point) const;

 private:
  struct ChoiceSoftmax {
    Tensor weight, bias;
  };
  // Goes through the parameters of `point` that take part; `choose` is told the parameter and the
  // logarithms (1, values) of the probabilities, and returns the number of the value to go on with.
  using Choose = std::function<int64_t(std::size_t parameter, const Tensor& log_probabilities)>;
  Point walk(Point point, const Choose& choose) const;

  const SearchSpace* space_;
  ControllerOptions options_;
  std::vector<int64_t> first_embedding_;  // of each parameter's values; 0 is the start
  Tensor embeddings_, w_ih_, w_hh_, bias_;
  std::vector<ChoiceSoftmax> softmaxes_;
  std::unique_ptr<Adam> optimizer_;
  double average_ = 0, variance_ = 0;
  bool has_learned_ = false;
};

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
