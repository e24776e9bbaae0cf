// mse_loss, binary_cross_entropy, gaussian_nll_loss …: loss functions of each element. `input` and
// `target` must have the same shape and type, f32 or f64. Gradients flow to both. Errors:
// std::invalid_argument.
#pragma once

#include "core/tensor.hpp"

namespace gradus {

/// How the losses of the elements (of the rows, for classification) are combined.
enum class Reduction {
  mean,  ///< their mean
  sum,   ///< their sum
  none,  ///< not at all: the result has one loss for each element or row
  /// Their sum divided by the first extent: the mean over samples of the sums over their elements.
  batchmean,
};

/// (input − target)².
Tensor mse_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::mean);
/// |input − target|.
Tensor l1_loss(const Tensor& input, const Tensor& target, Reduction reduction = Reduction::mean);
/// d²/2 where |d| ≤ delta, else delta·(|d| − delta/2), with d = input − target (Huber 1964). Throws
/// unless delta > 0.
Tensor huber_loss(const Tensor& input, const Tensor& target, double delta = 1,
                  Reduction reduction = Reduction::mean);
/// −(target·log input + (1 − target)·log(1 − input)), with logarithms of at least −100. Throws for
/// an input outside 0 … 1.
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target,
                            Reduction reduction = Reduction::mean);
/// binary_cross_entropy(sigmoid(input), target), without overflow.
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        Reduction reduction = Reduction::mean);

/// Options of binary_cross_entropy_with_logits(). The weights must broadcast to the input's shape,
/// and have its type; no gradient flows to them.
struct BinaryCrossEntropyOptions {
  Tensor weight = {};  ///< a factor for each loss; undefined means ones
  /// p, a factor for the targets' part: above 1 for labels that are rare and mustn't be missed.
  /// Undefined means ones.
  Tensor pos_weight = {};
  Reduction reduction = Reduction::mean;  ///< the mean divides by the number of losses
};

/// −weight·(p·target·log σ(input) + (1 − target)·log σ(−input)) with σ = sigmoid, without overflow;
/// a term with the factor 0 is 0 also where its logarithm is −∞. Without weights it is the loss
/// above.
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyOptions& options);

/// max(q·e, (q − 1)·e) with e = target − input (Koenker and Bassett 1978): smallest for the
/// quantile q of the targets. At e = 0 the derivative by e is q − ½. Throws unless 0 < quantile
/// < 1.
Tensor pinball_loss(const Tensor& input, const Tensor& target, double quantile,
                    Reduction reduction = Reduction::mean);

/// Options of gaussian_nll_loss().
struct GaussianNllOptions {
  bool full = false;  ///< adds ½·log 2π, so that it is the density's logarithm
  double eps = 1e-6;  ///< the least variance, above 0
  Reduction reduction = Reduction::mean;  ///< of the losses
};

/// ½·(log v + (input − target)²/v), the negative logarithm of a normal density whose mean and
/// variance are predicted (Nix and Weigend 1994), with v = max(variance, eps): the derivative by
/// the variance is that by v, below eps too. `variance` has the input's shape, or 1 as the last
/// extent, or lacks the last dimension. Throws for a variance below 0.
Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& variance,
                         const GaussianNllOptions& options = {});

/// Options of poisson_nll_loss().
struct PoissonNllOptions {
  bool log_input = true;  ///< the input is the logarithm of the rate
  /// Adds Stirling's approximation of log target!, t·log t − t + ½·log 2πt, where the target t is
  /// above 1.
  bool full = false;
  double eps = 1e-8;  ///< added to a rate before its logarithm is taken, above 0
  Reduction reduction = Reduction::mean;  ///< of the losses
};

/// The negative logarithm of the probability of `target` events at a predicted rate, without log
/// target!: e^input − target·input; unless log_input, input − target·log(input + eps), which is NaN
/// for an input below −eps. A target of 0 times an infinite logarithm is 0.
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target,
                        const PoissonNllOptions& options = {});

/// Options of kl_div().
struct KlDivOptions {
  /// Reduction::batchmean gives the divergence, averaged over the batch; the mean is over all
  /// elements.
  Reduction reduction = Reduction::mean;
  bool log_target = false;  ///< the target is the logarithm of the probabilities, too
};

/// target·(log target − input), the terms of the divergence of the probabilities `target` from
/// those whose logarithms are `input`, as in PyTorch; with log_target e^target·(target − input).
/// Where the target's probability is 0 the loss and its derivatives are 0, whatever the input. Sums
/// of probabilities aren't checked: kl_divergence() takes two distributions and checks them.
Tensor kl_div(const Tensor& input, const Tensor& target, const KlDivOptions& options = {});

namespace detail {

/// The losses combined. Throws for the mean of none.
Tensor reduced(const char* operation, const Tensor& losses, Reduction reduction);

/// Throws std::invalid_argument unless input and target have the same shape.
void require_same(const char* operation, const Tensor& input, const Tensor& target);

/// p·l, and 0 where p is 0, whatever l: l is a logarithm that may be infinite.
Tensor weighted(const Tensor& p, const Tensor& l);

}  // namespace detail

}  // namespace gradus
