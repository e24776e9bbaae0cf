#include "core/ops/loss.hpp"

#include <cmath>
#include <limits>

#include "core/autograd.hpp"
#include "core/kernels/softmax.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"
#include "core/ops/unary.hpp"

namespace gradus {
namespace {

Tensor reduced(const char* operation, const Tensor& losses, Reduction reduction) {
  require(reduction != Reduction::mean || losses.numel() > 0, operation,
          "the mean needs at least one loss, got {}", losses.shape());
  switch (reduction) {
    case Reduction::mean:
      return mean(losses);
    case Reduction::sum:
      return sum(losses);
    case Reduction::none:
      return losses;
  }
  return losses;
}

void require_same(const char* operation, const Tensor& input, const Tensor& target) {
  require(input.shape() == target.shape(), operation,
          "input and target must have the same shape, got {} and {}", input.shape(),
          target.shape());
}

void require_labels(const char* operation, const Tensor& logits, const Tensor& labels) {
  require(logits.rank() == 2, operation, "logits must be (N, C), got {}", logits.shape());
  require(labels.rank() == 1 && labels.size(0) == logits.size(0), operation,
          "labels must be (N), one for each row of the logits: labels {}, logits {}",
          labels.shape(), logits.shape());
  check_indices(operation, "label", labels, logits.size(1));
}

void require_weight(const char* operation, const Tensor& logits, const Tensor& weight,
                    const char* name = "weight") {
  if (!weight) return;
  require(weight.rank() == 1 && weight.size(0) == logits.size(1), operation,
          "{} must have one element for each class: {} for logits {}", name, weight.shape(),
          logits.shape());
  require(weight.dtype() == logits.dtype(), operation, "{} must have the logits' type {}, got {}",
          name, to_string(logits.dtype()), to_string(weight.dtype()));
}

// The mean of weighted rows is divided by the sum of their weights.
Tensor reduced_rows(const char* operation, const Tensor& losses, const Tensor& labels,
                    const Tensor& weight, Reduction reduction) {
  if (!weight || reduction != Reduction::mean) return reduced(operation, losses, reduction);
  const Tensor total = sum(index_select(weight.detach(), 0, labels));
  require(total.item() != 0, operation, "the labels' weights sum to 0: there is no mean");
  return sum(losses) / total;
}

// p·l, and 0 where p is 0, whatever l: l is a logarithm that may be −∞.
Tensor weighted(const Tensor& p, const Tensor& l) {
  return record(
      "weighted_log", {p, l},
      detail::zip("weighted_log", p, l, [](auto u, auto v) { return u == 0 ? 0 : u * v; }),
      [p = save(p), l = save(l)](const Tensor& g) {
        return Tensors{p.requires_grad() ? g * l : Tensor(), l.requires_grad() ? g * p : Tensor()};
      });
}

template <class T>
kernels::Targets<T> targets_of(const Tensor& labels, const Tensor& weight, double smoothing) {
  return {labels.data<int64_t>(), weight ? weight.data<T>() : nullptr, smoothing};
}

// The targets of targets_of() as a matrix (N, C).
Tensor target_matrix(const Tensor& labels, const Tensor& weight, double smoothing,
                     const Tensor& like) {
  const int64_t classes = like.size(1);
  const Tensor smoothed = one_hot(labels, classes, like.dtype()) * (1 - smoothing) +
                          smoothing / static_cast<double>(classes);
  return weight ? smoothed * weight.detach() : smoothed;
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
  Tensor result = Tensor::empty(y.shape(), DType::i64);
  const int64_t* sign = y.data<int64_t>();
  for (int64_t i = 0; i < y.numel(); ++i) {
    require(sign[i] == 1 || sign[i] == -1, operation, "y must be 1 or -1, got {} at position {}",
            sign[i], i);
    result.mutable_data<int64_t>()[i] = sign[i] == 1;
  }
  return result;
}

}  // namespace

Tensor cross_entropy(const Tensor& logits, const Tensor& labels,
                     const CrossEntropyOptions& options) {
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
  require(logits.rank() == 2, "soft_cross_entropy", "logits must be (N, C), got {}",
          logits.shape());
  require_same("soft_cross_entropy", logits, target);
  return reduced("soft_cross_entropy", -sum(weighted(target, log_softmax(logits, 1)), {1}),
                 reduction);
}

Tensor nll_loss(const Tensor& log_probs, const Tensor& labels, const NllOptions& options) {
  require_labels("nll_loss", log_probs, labels);
  require_weight("nll_loss", log_probs, options.weight);
  Tensor losses = -squeeze(gather(log_probs, 1, unsqueeze(labels, 1)), 1);
  if (options.weight) losses = losses * index_select(options.weight.detach(), 0, labels);
  return reduced_rows("nll_loss", losses, labels, options.weight, options.reduction);
}

Tensor hinge_loss(const Tensor& logits, const Tensor& labels, double margin, Reduction reduction) {
  require_labels("hinge_loss", logits, labels);
  require(margin >= 0, "hinge_loss", "margin must be 0 or more, got {}", margin);
  const Tensor right = gather(logits, 1, unsqueeze(labels, 1));
  const Tensor rows = sum(where(one_hot(labels, logits.size(1), DType::i64),
                                Tensor::zeros({}, logits.dtype()), relu(logits - right + margin)),
                          {1});
  return reduced("hinge_loss", rows / static_cast<double>(logits.size(1)), reduction);
}

Tensor focal_loss(const Tensor& logits, const Tensor& labels, const FocalOptions& options) {
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
  if (options.alpha) losses = losses * index_select(options.alpha.detach(), 0, labels);
  return reduced("focal_loss", losses, options.reduction);
}

Tensor distillation_loss(const Tensor& student, const Tensor& teacher, const Tensor& labels,
                         const DistillationOptions& options) {
  const double t = options.temperature, alpha = options.alpha;
  require_same("distillation_loss", student, teacher);
  require_labels("distillation_loss", student, labels);
  require(t > 0, "distillation_loss", "temperature must be positive, got {}", t);
  require(alpha >= 0 && alpha <= 1, "distillation_loss", "alpha must be 0 to 1, got {}", alpha);
  const Tensor wanted = log_softmax(teacher.detach() / t, 1);
  const Tensor divergence = sum(weighted(exp(wanted), wanted - log_softmax(student / t, 1)), {1});
  return cross_entropy(student, labels) * alpha + mean(divergence) * ((1 - alpha) * t * t);
}

Tensor mse_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  require_same("mse_loss", input, target);
  return reduced("mse_loss", square(input - target), reduction);
}

Tensor l1_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  require_same("l1_loss", input, target);
  return reduced("l1_loss", abs(input - target), reduction);
}

Tensor huber_loss(const Tensor& input, const Tensor& target, double delta, Reduction reduction) {
  require_same("huber_loss", input, target);
  require(delta > 0, "huber_loss", "delta must be positive, got {}", delta);
  const auto loss = [delta](auto v) {
    const auto inner = detail::clamp(v, -delta, delta);
    return inner * (v - inner / 2);
  };
  const auto slope = [delta](const auto& v) {
    using detail::clamp;
    return clamp(v, -delta, delta);
  };
  return reduced("huber_loss", detail::unary("huber_loss", input - target, loss, slope), reduction);
}

Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, Reduction reduction) {
  require_same("binary_cross_entropy", input, target);
  dispatch_floating("binary_cross_entropy", input.dtype(), [&]<class T>(T) {
    const T* p = input.data<T>();
    for (int64_t i = 0; i < input.numel(); ++i)
      require(!(p[i] < 0 || p[i] > 1), "binary_cross_entropy",
              "probabilities must be 0 to 1, got {}", p[i]);
  });
  const auto clamped_log = [](auto v) {
    return std::max(kernels::log(v), static_cast<decltype(v)>(-100));
  };
  const Tensor losses = detail::zip("binary_cross_entropy", input, target, [=](auto p, auto t) {
    return -(t * clamped_log(p) + (1 - t) * clamped_log(1 - p));
  });
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return reduced("binary_cross_entropy",
                 record("binary_cross_entropy", {input, target}, losses,
                        [p = save(input), t = save(target)](const Tensor& g) {
                          const Tensor q = 1 - p;
                          return Tensors{p.requires_grad()
                                             ? g * (*p - t) / clamp(*p * q, 1e-12, infinity)
                                             : Tensor(),
                                         t.requires_grad() ? g * (log(q) - log(p)) : Tensor()};
                        }),
                 reduction);
}

Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        Reduction reduction) {
  require_same("binary_cross_entropy_with_logits", input, target);
  // max(x, 0) − x·t = x·u, where u is 1 − t or −t: no difference of large numbers, and 0 where u
  // is, at ±∞ too. Its derivative is u ∓ sigmoid(∓x).
  const auto share = [](auto x, auto t) { return x > 0 ? 1 - t : -t; };
  const auto loss = [=](auto x, auto t) {
    const auto u = share(x, t);
    return (u == 0 ? u : x * u) + kernels::softplus(-std::abs(x));
  };
  const auto slope = [=](auto x, auto t) {
    const auto s = detail::sigmoid(-std::abs(x));
    return share(x, t) + (x > 0 ? -s : s);
  };
  const char* operation = "binary_cross_entropy_with_logits";
  return reduced(operation,
                 record(operation, {input, target}, detail::zip(operation, input, target, loss),
                        [=, x = save(input), t = save(target)](const Tensor& g) {
                          const auto by_x = [&] {
                            return grad_enabled() ? sigmoid(x) - t
                                                  : detail::zip(operation, x, t, slope);
                          };
                          return Tensors{x.requires_grad() ? g * by_x() : Tensor(),
                                         t.requires_grad() ? -g * x : Tensor()};
                        }),
                 reduction);
}

Tensor cosine_embedding_loss(const Tensor& x1, const Tensor& x2, const Tensor& y, double margin,
                             Reduction reduction) {
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

const Registry<LossFunction>& losses() {
  const auto one_hot_of = [](const Tensor& logits, const Tensor& labels) {
    require_labels("loss", logits, labels);
    return one_hot(labels, logits.size(1), logits.dtype());
  };
  static const Registry<LossFunction> table(
      "loss",
      {{"cross-entropy", "-log of the label's probability by softmax",
        [](const Tensor& x, const Tensor& labels) { return cross_entropy(x, labels); }},
       {"focal",
        "cross-entropy times (1 - p)^gamma, p the label's probability: samples already right count "
        "less (Lin et al. 2017)",
        [](const Tensor& x, const Tensor& labels) { return focal_loss(x, labels); }},
       {"hinge", "the amount by which each wrong class comes within a margin of 1 of the label",
        [](const Tensor& x, const Tensor& labels) { return hinge_loss(x, labels); }},
       {"mse", "squared distance from 1 for the label and 0 for the other classes",
        [=](const Tensor& x, const Tensor& labels) { return mse_loss(x, one_hot_of(x, labels)); }},
       {"binary-cross-entropy", "cross-entropy of each class by itself, after a sigmoid",
        [=](const Tensor& x, const Tensor& labels) {
          return binary_cross_entropy_with_logits(x, one_hot_of(x, labels));
        }}},
      {{"cross-entropy",
        {"cross-entropy-loss", "categorical-crossentropy", "sparse-categorical-crossentropy",
         "ce"}},
       {"mse", {"mse-loss", "mean-squared-error"}},
       {"focal", {"focal-loss"}},
       {"binary-cross-entropy", {"bce", "bce-loss", "bce-with-logits", "bce-with-logits-loss"}}});
  return table;
}

}  // namespace gradus
