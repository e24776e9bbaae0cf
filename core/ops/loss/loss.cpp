#include "core/ops/loss/loss.hpp"

#include <cmath>

#include "core/autograd.hpp"
#include "core/kernels/softmax.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/detail/unary.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace {

using detail::reduced;
using detail::require_same;
using detail::weighted;

void require_labels(const char* operation, const Tensor& logits, const Tensor& labels) {
  require(logits.rank() == 2, operation, "logits must be (N, C), got {}", logits.shape());
  require(labels.rank() == 1 && labels.size(0) == logits.size(0), operation,
          "labels must be (N), one for each row of the logits: labels {}, logits {}",
          labels.shape(), logits.shape());
  check_indices(operation, "label", labels, logits.size(1));
}

void require_weight(const char* operation, const Tensor& logits, const Tensor& weight,
                    const char* name = "weight") {
  if (!weight.defined()) return;
  require(weight.rank() == 1 && weight.size(0) == logits.size(1), operation,
          "{} must have one element for each class: {} for logits {}", name, weight.shape(),
          logits.shape());
  require(weight.dtype() == logits.dtype(), operation, "{} must have the logits' type {}, got {}",
          name, to_string(logits.dtype()), to_string(weight.dtype()));
}

// The mean of weighted rows is divided by the sum of their weights.
Tensor reduced_rows(const char* operation, const Tensor& losses, const Tensor& labels,
                    const Tensor& weight, Reduction reduction) {
  if (!weight.defined() || reduction != Reduction::mean)
    return reduced(operation, losses, reduction);
  const Tensor total = sum(index_select(weight.detach(), 0, labels));
  require(total.item() != 0, operation, "the labels' weights sum to 0: there is no mean");
  return sum(losses) / total;
}

template <class T>
kernels::LabelTargets<T> targets_of(const Tensor& labels, const Tensor& weight, double smoothing) {
  return {labels.data<int64_t>(), weight.defined() ? weight.data<T>() : nullptr, smoothing};
}

// The targets of targets_of() as a matrix (N, C).
Tensor target_matrix(const Tensor& labels, const Tensor& weight, double smoothing,
                     const Tensor& like) {
  const int64_t classes = like.size(1);
  const Tensor smoothed = one_hot(labels, classes, like.dtype()) * (1 - smoothing) +
                          smoothing / static_cast<double>(classes);
  return weight.defined() ? smoothed * weight.detach() : smoothed;
}

// The loss of each row. Loss and gradient are one pass over the logits each, unless the gradient
// itself is recorded.
Tensor cross_entropy_rows(const Tensor& logits, const Tensor& labels, const Tensor& weight,
                          double smoothing) {
  const int64_t rows = logits.size(0), classes = logits.size(1);
  Tensor losses = Tensor::empty({rows}, logits.dtype());
  Tensor probabilities = Tensor::empty(logits.shape(), logits.dtype());
  dispatch_floating("cross_entropy", logits.dtype(), [&]<class T>(T) {
    kernels::cross_entropy(rows, classes, logits.data<T>(),
                           targets_of<T>(labels, weight, smoothing), losses.mutable_data<T>(),
                           probabilities.mutable_data<T>());
  });
  return record("cross_entropy", {logits}, losses,
                [logits = save(logits), labels = save(labels), weight = save(weight), smoothing,
                 probabilities](const Tensor& g) {
                  if (grad_enabled()) {
                    const Tensor target = target_matrix(labels, weight, smoothing, logits);
                    return unsqueeze(g, 1) * (softmax(logits, 1) * sum(target, {1}, true) - target);
                  }
                  Tensor gradient = Tensor::empty(probabilities.shape(), g.dtype());
                  dispatch_floating("cross_entropy", g.dtype(), [&]<class T>(T) {
                    kernels::cross_entropy_gradient(probabilities.size(0), probabilities.size(1),
                                                    g.data<T>(), probabilities.data<T>(),
                                                    targets_of<T>(labels, weight, smoothing),
                                                    gradient.mutable_data<T>());
                  });
                  return gradient;
                });
}

// Of logits (N, C, …) and labels (N, …): a row for each place.
Tensor cross_entropy_of_places(const Tensor& logits, const Tensor& labels,
                               const CrossEntropyOptions& options) {
  const Shape places = logits.shape().without(1);
  require(labels.shape() == places, "cross_entropy",
          "labels must be (N, …), one for each place of the logits (N, C, …): labels {}, logits {}",
          labels.shape(), logits.shape());
  std::vector<int> order{0};
  for (int dim = 2; dim < logits.rank(); ++dim) order.push_back(dim);
  order.push_back(1);
  const Tensor losses =
      cross_entropy(reshape(permute(logits, order), Shape{places.numel(), logits.size(1)}),
                    reshape(labels, Shape{places.numel()}), options);
  return options.reduction == Reduction::none ? reshape(losses, places) : losses;
}

// Of the rows whose labels aren't ignored.
Tensor cross_entropy_of_counted(const Tensor& logits, const Tensor& labels,
                                CrossEntropyOptions options) {
  const int64_t ignored = *options.ignore_index;
  options.ignore_index.reset();
  if (labels.dtype() != DType::i64 || labels.rank() != 1 || logits.rank() != 2 ||
      logits.size(1) == 0)
    return cross_entropy(logits, labels, options);
  std::vector<int64_t> rows, valid = labels.to_vector<int64_t>();
  for (std::size_t i = 0; i < valid.size(); ++i)
    if (valid[i] == ignored)
      valid[i] = 0;
    else
      rows.push_back(static_cast<int64_t>(i));
  require_labels("cross_entropy", logits, Tensor::from(valid, labels.shape()));
  const Tensor counted = Tensor::from(rows, {std::ssize(rows)});
  const Tensor losses =
      cross_entropy(index_select(logits, 0, counted), index_select(labels, 0, counted), options);
  return options.reduction == Reduction::none ? index_add(labels.shape(), 0, counted, losses)
                                              : losses;
}

// All classes except the label, in their order: labels (N) → i64 (N, classes − 1).
Tensor wrong_classes(const Tensor& labels, int64_t classes) {
  Tensor result = Tensor::empty({labels.numel(), classes - 1}, DType::i64);
  const int64_t* label = labels.data<int64_t>();
  int64_t* wrong = result.mutable_data<int64_t>();
  for (int64_t row = 0; row < labels.numel(); ++row)
    for (int64_t c = 0; c < classes; ++c)
      if (c != label[row]) *wrong++ = c;
  return result;
}

// 1 where y (one for each of `rows`) is 1, and 0 where it is −1.
Tensor is_pair(const char* operation, const Tensor& y, const Tensor& rows) {
  require(y.dtype() == DType::i64 && y.rank() == 1 && y.size(0) == rows.size(0), operation,
          "y must be i64 (N), one for each row of {}, got {} {}", rows.shape(),
          to_string(y.dtype()), y.shape());
  const int64_t* sign = y.data<int64_t>();
  for (int64_t i = 0; i < y.numel(); ++i)
    require(sign[i] == 1 || sign[i] == -1, operation, "y must be 1 or -1, got {} at position {}",
            sign[i], i);
  return y == 1;
}

}  // namespace

Tensor cross_entropy(const Tensor& logits, const Tensor& labels,
                     const CrossEntropyOptions& options) {
  const OperationScope scope("cross_entropy");
  if (logits.rank() > 2) return cross_entropy_of_places(logits, labels, options);
  if (options.ignore_index) return cross_entropy_of_counted(logits, labels, options);
  require_labels("cross_entropy", logits, labels);
  require_weight("cross_entropy", logits, options.weight);
  double smoothing = options.label_smoothing;
  require(smoothing >= 0 && smoothing <= 1, "cross_entropy",
          "label_smoothing must be 0 to 1, got {}", smoothing);
  const double classes = static_cast<double>(logits.size(1));
  // The first convention with ε·C/(C − 1) gives 1 − ε and ε/(C − 1).
  if (options.smooth_wrong_classes_only && classes > 1) smoothing *= classes / (classes - 1);
  return reduced_rows("cross_entropy",
                      cross_entropy_rows(logits, labels, options.weight, smoothing), labels,
                      options.weight, options.reduction);
}

Tensor soft_cross_entropy(const Tensor& logits, const Tensor& target, Reduction reduction) {
  const OperationScope scope("soft_cross_entropy");
  require(logits.rank() == 2, "soft_cross_entropy", "logits must be (N, C), got {}",
          logits.shape());
  require_same("soft_cross_entropy", logits, target);
  return reduced("soft_cross_entropy", -sum(weighted(target, log_softmax(logits, 1)), {1}),
                 reduction);
}

Tensor nll_loss(const Tensor& log_probs, const Tensor& labels, const NllOptions& options) {
  const OperationScope scope("nll_loss");
  require_labels("nll_loss", log_probs, labels);
  require_weight("nll_loss", log_probs, options.weight);
  Tensor losses = -squeeze(gather(log_probs, 1, unsqueeze(labels, 1)), 1);
  if (options.weight.defined()) losses = losses * index_select(options.weight.detach(), 0, labels);
  return reduced_rows("nll_loss", losses, labels, options.weight, options.reduction);
}

Tensor hinge_loss(const Tensor& logits, const Tensor& labels, double margin, Reduction reduction) {
  const OperationScope scope("hinge_loss");
  require_labels("hinge_loss", logits, labels);
  require(margin >= 0, "hinge_loss", "margin must be 0 or more, got {}", margin);
  const Tensor right = gather(logits, 1, unsqueeze(labels, 1));
  const Tensor is_label = one_hot(labels, logits.size(1), DType::boolean);
  const Tensor rows = sum(masked_fill(relu(logits - right + margin), is_label, 0), {1});
  return reduced("hinge_loss", rows / static_cast<double>(logits.size(1)), reduction);
}

Tensor focal_loss(const Tensor& logits, const Tensor& labels, const FocalOptions& options) {
  const OperationScope scope("focal_loss");
  require_labels("focal_loss", logits, labels);
  require_weight("focal_loss", logits, options.alpha, "alpha");
  require(options.gamma >= 0 && std::isfinite(options.gamma), "focal_loss",
          "gamma must be 0 or more, got {}", options.gamma);
  const int64_t classes = logits.size(1);
  require(classes >= 2, "focal_loss", "at least two classes are needed, got {}", logits.shape());
  // 1 − p is computed as the sum of the other classes' probabilities: it stays exact, with the
  // derivative of its power, where p rounds to 1.
  const Tensor log_rest =
      logsumexp(gather(logits, 1, wrong_classes(labels, classes)), {1}) - logsumexp(logits, {1});
  Tensor losses = exp(log_rest * options.gamma) * cross_entropy_rows(logits, labels, Tensor(), 0);
  if (options.alpha.defined()) losses = losses * index_select(options.alpha.detach(), 0, labels);
  return reduced("focal_loss", losses, options.reduction);
}

Tensor distillation_loss(const Tensor& student, const Tensor& teacher, const Tensor& labels,
                         const DistillationOptions& options) {
  const OperationScope scope("distillation_loss");
  const double t = options.temperature, alpha = options.alpha;
  require_same("distillation_loss", student, teacher);
  require_labels("distillation_loss", student, labels);
  require(t > 0, "distillation_loss", "temperature must be positive, got {}", t);
  require(alpha >= 0 && alpha <= 1, "distillation_loss", "alpha must be 0 to 1, got {}", alpha);
  const Tensor wanted = log_softmax(teacher.detach() / t, 1);
  const Tensor divergence = sum(weighted(exp(wanted), wanted - log_softmax(student / t, 1)), {1});
  const Tensor soft = reduced("distillation_loss", divergence, Reduction::mean);
  return soft * ((1 - alpha) * t * t) + cross_entropy(student, labels) * alpha;
}

Tensor cosine_embedding_loss(const Tensor& x1, const Tensor& x2, const Tensor& y, double margin,
                             Reduction reduction) {
  const OperationScope scope("cosine_embedding_loss");
  require(x1.rank() == 2 && x1.shape() == x2.shape(), "cosine_embedding_loss",
          "x1 and x2 must be (N, D), got {} and {}", x1.shape(), x2.shape());
  const Tensor pairs = is_pair("cosine_embedding_loss", y, x1);
  require(margin >= -1 && margin <= 1, "cosine_embedding_loss", "margin must be -1 to 1, got {}",
          margin);
  const auto squared_norms = [](const Tensor& x) { return sum(square(x), {1}) + 1e-12; };
  const Tensor cosine = sum(x1 * x2, {1}) * rsqrt(squared_norms(x1) * squared_norms(x2));
  return reduced("cosine_embedding_loss", where(pairs, 1 - cosine, relu(cosine - margin)),
                 reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginOptions& options) {
  const OperationScope scope("triplet_margin_loss");
  const char* operation = "triplet_margin_loss";
  require(anchor.rank() >= 1 && positive.shape() == anchor.shape() &&
              negative.shape() == anchor.shape(),
          operation, "anchor, positive and negative must be (…, D), got {}, {} and {}",
          anchor.shape(), positive.shape(), negative.shape());
  require(options.margin > 0 && std::isfinite(options.margin), operation,
          "margin must be positive, got {}", options.margin);
  require(options.p >= 1, operation, "p must be 1 or more, got {}", options.p);
  detail::check_eps(operation, options.eps);
  const auto distance = [&](const Tensor& u, const Tensor& v) {
    return norm(u - v + options.eps, options.p, {-1});
  };
  Tensor far = distance(anchor, negative);
  if (options.swap) far = minimum(far, distance(positive, negative));
  return reduced(operation, relu(distance(anchor, positive) - far + options.margin),
                 options.reduction);
}

}  // namespace gradus
