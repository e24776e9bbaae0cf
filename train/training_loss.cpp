#include "train/training_loss.hpp"

#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/text/option_table.hpp"
#include "data/dataset.hpp"

namespace gradus::train {
namespace {

constexpr Reduction none = Reduction::none;

using Numbers = std::vector<double>;

// make() gets the numbers of the options.
Registry<LossFactory>::Entry row(const char* name, const char* help,
                                 const std::vector<OptionInfo>& options,
                                 Loss (*make)(const Numbers& numbers)) {
  return {name, described(help, options),
          [=](const Spec& spec) { return make(numbers_of(spec, options)); }};
}

Registry<LossFactory>::Entry row(const char* name, const char* help,
                                 Tensor (*each)(const Tensor& outputs, const Tensor& labels)) {
  return {name, help, made_from({}, [=] { return Loss(each); })};
}

Tensor one_hot_of(const Tensor& logits, const Tensor& labels) {
  return one_hot(labels, logits.size(1), logits.dtype());
}

const Registry<LossFactory>& losses_of_classes() {
  static const Registry<LossFactory> table(
      "loss",
      {row("cross-entropy", "-log of the label's probability by softmax",
           [](const Tensor& x, const Tensor& labels) {
             return cross_entropy(x, labels, {.reduction = none});
           }),
       row("focal",
           "cross-entropy times (1 - p)^gamma, p the label's probability: samples already right "
           "count less (Lin et al. 2017)",
           [](const Tensor& x, const Tensor& labels) {
             return focal_loss(x, labels, {.reduction = none});
           }),
       row("hinge", "the amount by which each wrong class comes within a margin of 1 of the label",
           [](const Tensor& x, const Tensor& labels) { return hinge_loss(x, labels, 1, none); }),
       row("mse", "squared distance from 1 for the label and 0 for the other classes",
           [](const Tensor& x, const Tensor& labels) {
             return mse_loss(x, one_hot_of(x, labels), none);
           }),
       row("binary-cross-entropy", "cross-entropy of each class by itself, after a sigmoid",
           [](const Tensor& x, const Tensor& labels) {
             return binary_cross_entropy_with_logits(x, one_hot_of(x, labels), none);
           })},
      {{"cross-entropy",
        {"cross-entropy-loss", "categorical-crossentropy", "sparse-categorical-crossentropy",
         "ce"}},
       {"mse", {"mse-loss", "mean-squared-error"}},
       {"focal", {"focal-loss"}},
       {"binary-cross-entropy", {"bce", "bce-loss", "bce-with-logits", "bce-with-logits-loss"}}});
  return table;
}

const Registry<LossFactory>& losses_of_labels() {
  static const Registry<LossFactory> table(
      "loss",
      {row("binary",
           "cross-entropy of each label by itself, after a sigmoid; pos_weight is "
           "the factor of samples that have the label",
           {{"pos_weight", "", 1., range::positive}},
           [](const Numbers& n) {
             return binary_loss(n[0] == 1 ? Tensor() : Tensor::full({}, n[0]));
           })},
      {{"binary", {"binary-cross-entropy", "bce", "bce-loss", "bce-with-logits"}}});
  return table;
}

// outputs (N, 2D) → the columns of one half, (N, D).
Tensor half(const Tensor& outputs, int64_t which) {
  const int64_t numbers = outputs.size(1) / 2;
  return slice(outputs, 1, which * numbers, (which + 1) * numbers);
}

// The variance is e^s of the second half s, since it must be positive.
Loss gaussian() {
  Loss loss = Loss([](const Tensor& x, const Tensor& targets) {
    return gaussian_nll_loss(half(x, 0), targets, exp(half(x, 1)), {.reduction = none});
  });
  loss.outputs_per_number = 2;
  loss.numbers = [](const Tensor& outputs) { return half(outputs.detach(), 0); };
  loss.deviations = [](const Tensor& outputs) { return exp(half(outputs.detach(), 1) / 2); };
  return loss;
}

// Counts keep their scale: the output is the logarithm of the expected number.
Loss poisson() {
  Loss loss = Loss([](const Tensor& x, const Tensor& targets) {
    return poisson_nll_loss(x, targets, {.reduction = none});
  });
  loss.numbers = [](const Tensor& outputs) { return exp(outputs.detach()); };
  loss.scales_targets = false;
  return loss;
}

const Registry<LossFactory>& losses_of_numbers() {
  static const Registry<LossFactory> table(
      "loss",
      {row("squared", "(y - target)²: predicts the mean", {},
           [](const Numbers&) {
             return Loss([](const Tensor& x, const Tensor& y) { return mse_loss(x, y, none); });
           }),
       row("absolute", "|y - target|: predicts the median", {},
           [](const Numbers&) {
             return Loss([](const Tensor& x, const Tensor& y) { return l1_loss(x, y, none); });
           }),
       row("huber",
           "squared for errors up to delta, then linear: outliers count less; delta in deviations "
           "of "
           "the target",
           {{"delta", "", 1., range::positive}},
           [](const Numbers& n) {
             return Loss([delta = n[0]](const Tensor& x, const Tensor& y) {
               return huber_loss(x, y, delta, none);
             });
           }),
       row("pinball", "predicts a quantile, as in pinball:0.9",
           {{"quantile",
             "",
             .5,
             {.low = 0, .high = 1, .excludes_low = true, .excludes_high = true}}},
           [](const Numbers& n) {
             Loss loss = [quantile = n[0]](const Tensor& x, const Tensor& y) {
               return pinball_loss(x, y, quantile, none);
             };
             loss.is_central = false;
             return loss;
           }),
       row("gaussian",
           "negative log-likelihood of a normal distribution whose mean and deviation are "
           "predicted",
           {}, [](const Numbers&) { return gaussian(); }),
       row("poisson", "negative log-likelihood of counts, whose expected number is predicted", {},
           [](const Numbers&) { return poisson(); })},
      {{"squared", {"mse", "mse-loss", "mean-squared-error", "l2"}},
       {"absolute", {"mae", "l1", "l1-loss", "mean-absolute-error"}},
       {"huber", {"huber-loss", "smooth-l1"}},
       {"pinball", {"quantile"}},
       {"gaussian", {"gaussian-nll", "gaussian-nll-loss"}},
       {"poisson", {"poisson-nll", "poisson-nll-loss"}}});
  return table;
}

const Registry<LossFactory>& losses_of_tokens() {
  static const Registry<LossFactory> table(
      "loss",
      {row("cross-entropy", "-log of the next token's probability by softmax", {},
           [](const Numbers&) { return token_loss(); })},
      {{"cross-entropy", {"ce"}}});
  return table;
}

}  // namespace

Tensor Loss::operator()(const Tensor& outputs, const Tensor& targets, const Tensor& weights) const {
  const Tensor losses = function(outputs, targets);
  if (!weights.defined()) return losses.rank() == 0 ? losses : mean(losses);
  require(losses.rank() >= 1 && losses.size(0) == weights.size(0), "loss",
          "samples with weights need a loss of each sample, got {}", losses.shape());
  Shape rows = Shape{weights.size(0)};
  while (rows.rank() < losses.rank()) rows = rows.inserted(rows.rank(), 1);
  return mean(losses * reshape(cast(weights, losses.dtype()), rows));
}

const Registry<LossFactory>& losses(data::TargetKind kind) {
  switch (kind) {
    case data::TargetKind::classes:
      return losses_of_classes();
    case data::TargetKind::labels:
      return losses_of_labels();
    case data::TargetKind::numbers:
      return losses_of_numbers();
    case data::TargetKind::tokens:
      return losses_of_tokens();
  }
  return losses_of_classes();
}

Loss make_loss(data::TargetKind kind, std::string_view text) {
  return losses(kind).make(parse_spec(text, {.owner = "loss"}));
}

Loss token_loss(double label_smoothing) {
  return [label_smoothing](const Tensor& logits, const Tensor& targets) {
    const int64_t windows = targets.size(0), length = targets.size(1);
    const Tensor losses = cross_entropy(
        reshape(logits, {windows * length, -1}), reshape(targets, {windows * length}),
        {.reduction = none, .label_smoothing = label_smoothing, .ignore_index = data::not_scored});
    const Tensor of_windows = sum(reshape(losses, targets.shape()), {1});
    const Tensor scored =
        sum(cast(targets != static_cast<double>(data::not_scored), logits.dtype()), {1});
    return of_windows / scored;
  };
}

Loss binary_loss(const Tensor& positive_weights) {
  return [positive_weights](const Tensor& x, const Tensor& targets) {
    const Tensor weights =
        positive_weights.defined() ? cast(positive_weights, x.dtype()) : positive_weights;
    return binary_cross_entropy_with_logits(x, targets, {.pos_weight = weights, .reduction = none});
  };
}

}  // namespace gradus::train
