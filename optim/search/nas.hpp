// NasSearch, Controller: neural architecture search by reinforcement learning.
#pragma once

#include "optim/algorithms/adam.hpp"
#include "optim/search/search_method.hpp"

namespace gradus::optim {

/// Options of Controller.
struct ControllerOptions {
  int64_t units = 32;  ///< size of the LSTM and of the embeddings; 1 or more
  double lr = 0.02;    ///< learning rate of Adam; positive
  double entropy =
      0.01;  ///< weight of the choices' entropy, which prevents a single choice; 0 or more
  double baseline_decay = 0.9;  ///< decay rate of the moving averages per reward; in [0, 1)
};

/// The policy of Zoph and Le (2017): an LSTM that chooses a space's values one after the other.
/// Each step gets the embedding of the previous choice and has its own softmax over the values of
/// the next active parameter. REINFORCE (Williams 1992) increases the probability of choices with
/// rewards R above the average b, in units of the deviation s; both are moving averages:
///
///     gradient of −(R − b)/s·Σ log p(choice) − entropy·Σ H(p)
class Controller {
 public:
  /// Throws std::invalid_argument for options out of their range, and for a parameter with real
  /// numbers or more than 1,000 values. `space` must outlive the controller.
  Controller(const SearchSpace& space, const ControllerOptions& options, Rng rng);

  /// Draws a point, parameter by parameter. Inactive parameters are ½.
  Point sample(Rng& rng) const;
  /// Takes one step of Adam for the `reward` of `point`; larger is better.
  void learn(const Point& point, double reward);
  /// The probability of drawing the configuration of a point.
  double probability(const Point& point) const;

 private:
  struct ChoiceSoftmax {
    Tensor weight, bias;
  };
  // Goes through the active parameters of `point`; `choose` gets the parameter and the logarithms
  // (1, values) of the probabilities, and returns the index of the chosen value.
  using Choose = std::function<int64_t(std::size_t parameter, const Tensor& log_probabilities)>;
  Point walk(Point point, const Choose& choose) const;

  const SearchSpace* space_;
  ControllerOptions options_;
  std::vector<int64_t>
      first_embedding_;  // index of each parameter's first embedding; 0 is the start
  Tensor embeddings_, w_ih_, w_hh_, bias_;
  std::vector<ChoiceSoftmax> softmaxes_;
  std::unique_ptr<Adam> optimizer_;
  double average_ = 0, variance_ = 0;
  bool has_learned_ = false;
};

/// Options of NasSearch.
struct NasSearchOptions {
  int64_t controller_units = 32;  ///< size of the controller's LSTM and embeddings; 1 or more
  double controller_lr = 0.02;    ///< learning rate of the controller; positive
  double entropy = 0.01;          ///< weight of the choices' entropy; 0 or more

  /// The options for the command line and texts: names, ranges and help.
  static OptionTable<NasSearchOptions> table();
};

/// A Controller draws configurations (usually of networks) and learns from the value of each (Zoph
/// and Le 2017); a failed trial counts as the worst reported one. Its baseline is random search
/// over the same space.
class NasSearch : public TrialSearch {
 public:
  /// Throws std::invalid_argument like the controller.
  explicit NasSearch(SearchTask task, const NasSearchOptions& options = {});

  /// The controller that draws the configurations.
  const Controller& controller() const { return controller_; }

 private:
  std::optional<Point> suggest(int64_t draw) override;
  void learn(int64_t trial) override;

  Controller controller_;
};

}  // namespace gradus::optim
