#include "core/ops/loss/elementwise_loss.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "core/autograd.hpp"
#include "core/ops/activation.hpp"
#include "core/ops/detail/checks.hpp"
#include "core/ops/detail/unary.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/ops/shape.hpp"

namespace gradus {
namespace detail {

Tensor reduced(const char* operation, const Tensor& losses, Reduction reduction) {
  require(reduction != Reduction::mean || losses.numel() > 0, operation,
          "the mean needs at least one loss, got {}", losses.shape());
  require(reduction != Reduction::batchmean || (losses.rank() > 0 && losses.size(0) > 0), operation,
          "the mean over the batch needs at least one sample, got {}", losses.shape());
  switch (reduction) {
    case Reduction::mean:
      return mean(losses);
    case Reduction::sum:
      return sum(losses);
    case Reduction::none:
      return losses;
    case Reduction::batchmean:
      return sum(losses) / static_cast<double>(losses.size(0));
  }
  return losses;
}

void require_same(const char* operation, const Tensor& input, const Tensor& target) {
  require(input.shape() == target.shape(), operation,
          "input and target must have the same shape, got {} and {}", input.shape(),
          target.shape());
}

Tensor weighted(const Tensor& p, const Tensor& l) {
  return record(
      "weighted_log", {p, l},
      detail::zip("weighted_log", p, l, [](auto u, auto v) { return u == 0 ? 0 : u * v; }),
      [p = save(p), l = save(l)](const Tensor& g) {
        return Tensors{p.requires_grad() ? g * l : Tensor(), l.requires_grad() ? g * p : Tensor()};
      });
}

}  // namespace detail

using detail::reduced;
using detail::require_same;
using detail::weighted;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void require_broadcast(const char* operation, const char* name, const Tensor& weight,
                       const Tensor& input) {
  if (!weight.defined()) return;
  const Shape &small = weight.shape(), &large = input.shape();
  bool broadcasts = small.rank() <= large.rank();
  for (int dim = 1; broadcasts && dim <= small.rank(); ++dim)
    broadcasts = small[-dim] == 1 || small[-dim] == large[-dim];
  require(broadcasts, operation, "{} must broadcast to the input's shape {}, got {}", name, large,
          small);
  require(weight.dtype() == input.dtype(), operation, "{} must have the input's type {}, got {}",
          name, to_string(input.dtype()), to_string(weight.dtype()));
}

// The variance with the input's rank, raised to eps where it is smaller.
Tensor raised_variance(const char* operation, const Tensor& variance, const Tensor& input,
                       double eps) {
  const Shape& shape = input.shape();
  const bool has_last = variance.rank() == shape.rank();
  if (shape.rank() == 0) {
    require(variance.rank() == 0, operation, "variance must be {}, got {}", shape,
            variance.shape());
  } else {
    require(variance.shape() == shape || variance.shape() == shape.with(-1, 1) ||
                variance.shape() == shape.without(-1),
            operation, "variance must be {}, {} or {}, got {}", shape, shape.with(-1, 1),
            shape.without(-1), variance.shape());
  }
  require(variance.dtype() == input.dtype(), operation,
          "variance must have the input's type {}, got {}", to_string(input.dtype()),
          to_string(variance.dtype()));
  dispatch_floating(operation, variance.dtype(), [&]<class T>(T) {
    const T* v = variance.data<T>();
    for (int64_t i = 0; i < variance.numel(); ++i)
      require(!(v[i] < 0), operation, "variances must be 0 or more, got {}", v[i]);
  });
  const Tensor raised = record(operation, {variance},
                               detail::map(operation, variance,
                                           [=](auto v) {
                                             const auto least = static_cast<decltype(v)>(eps);
                                             return v < least ? least : v;
                                           }),
                               [](const Tensor& g) { return g; });
  return has_last ? raised : unsqueeze(raised, shape.rank() - 1);
}

// The losses of logarithms of rates, e^x − t·x: infinite for an infinite rate.
Tensor poisson_of_logarithms(const char* operation, const Tensor& input, const Tensor& target) {
  const auto loss = [](auto x, auto t) {
    const auto rate = kernels::exp(x);
    return t == 0 || rate == static_cast<decltype(x)>(infinity) ? rate : rate - t * x;
  };
  return record(operation, {input, target}, detail::zip(operation, input, target, loss),
                [x = save(input), t = save(target)](const Tensor& g) {
                  return Tensors{x.requires_grad() ? g * (exp(x) - t) : Tensor(),
                                 t.requires_grad() ? -g * x : Tensor()};
                });
}

// The losses of rates, x − t·log(x + eps).
Tensor poisson_of_rates(const char* operation, const Tensor& input, const Tensor& target,
                        double eps) {
  const auto loss = [=](auto x, auto t) {
    return t == 0 || x == static_cast<decltype(x)>(infinity)
               ? x
               : x - t * kernels::log(x + static_cast<decltype(x)>(eps));
  };
  return record(operation, {input, target}, detail::zip(operation, input, target, loss),
                [x = save(input), t = save(target), eps](const Tensor& g) {
                  return Tensors{x.requires_grad() ? g * (1 - *t / (*x + eps)) : Tensor(),
                                 t.requires_grad() ? -g * log(*x + eps) : Tensor()};
                });
}

// Stirling's approximation of log t! where t > 1, else 0.
Tensor log_factorial(const Tensor& t) {
  const Tensor is_small = t <= 1;
  const Tensor large = masked_fill(t, is_small, 1);
  return masked_fill(large * (log(large) - 1) + log(large * (2 * std::numbers::pi)) / 2, is_small,
                     0);
}

}  // namespace

Tensor mse_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  const OperationScope scope("mse_loss");
  require_same("mse_loss", input, target);
  return reduced("mse_loss", square(input - target), reduction);
}

Tensor l1_loss(const Tensor& input, const Tensor& target, Reduction reduction) {
  const OperationScope scope("l1_loss");
  require_same("l1_loss", input, target);
  return reduced("l1_loss", abs(input - target), reduction);
}

Tensor huber_loss(const Tensor& input, const Tensor& target, double delta, Reduction reduction) {
  const OperationScope scope("huber_loss");
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
  const OperationScope scope("binary_cross_entropy");
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
  const OperationScope scope("binary_cross_entropy_with_logits");
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

Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyOptions& options) {
  const OperationScope scope("binary_cross_entropy_with_logits");
  if (!options.weight.defined() && !options.pos_weight.defined())
    return binary_cross_entropy_with_logits(input, target, options.reduction);
  const char* operation = "binary_cross_entropy_with_logits";
  require_same(operation, input, target);
  require_broadcast(operation, "weight", options.weight, input);
  require_broadcast(operation, "pos_weight", options.pos_weight, input);
  const Tensor positive =
      options.pos_weight.defined() ? target * options.pos_weight.detach() : target;
  Tensor losses = weighted(positive, softplus(-input)) + weighted(1 - target, softplus(input));
  if (options.weight.defined()) losses = weighted(options.weight.detach(), losses);
  return reduced(operation, losses, options.reduction);
}

Tensor pinball_loss(const Tensor& input, const Tensor& target, double quantile,
                    Reduction reduction) {
  const OperationScope scope("pinball_loss");
  require_same("pinball_loss", input, target);
  require(quantile > 0 && quantile < 1, "pinball_loss",
          "quantile must be above 0 and below 1, got {}", quantile);
  const auto loss = [=](auto e) {
    return static_cast<decltype(e)>(e > 0 ? quantile : quantile - 1) * e;
  };
  const auto slope = [=](const auto& e) {
    using detail::sign;
    return sign(e) * 0.5 + (quantile - 0.5);
  };
  return reduced("pinball_loss", detail::unary("pinball_loss", target - input, loss, slope),
                 reduction);
}

Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& variance,
                         const GaussianNllOptions& options) {
  const OperationScope scope("gaussian_nll_loss");
  const char* operation = "gaussian_nll_loss";
  require_same(operation, input, target);
  detail::check_eps(operation, options.eps);
  const Tensor v = raised_variance(operation, variance, input, options.eps);
  constexpr double half_log_2_pi = 0.91893853320467274;
  const Tensor losses = (square(input - target) / v + log(v)) / 2;
  return reduced(operation, options.full ? losses + half_log_2_pi : losses, options.reduction);
}

Tensor poisson_nll_loss(const Tensor& input, const Tensor& target,
                        const PoissonNllOptions& options) {
  const OperationScope scope("poisson_nll_loss");
  const char* operation = "poisson_nll_loss";
  require_same(operation, input, target);
  detail::check_eps(operation, options.eps);
  Tensor losses = options.log_input ? poisson_of_logarithms(operation, input, target)
                                    : poisson_of_rates(operation, input, target, options.eps);
  if (options.full) losses = losses + log_factorial(target);
  return reduced(operation, losses, options.reduction);
}

namespace {

// The losses of kl_div() in single operations, for second derivatives.
Tensor composed_divergence(const Tensor& input, const Tensor& target, bool is_log) {
  const Tensor occurs = (is_log ? exp(target) : target) != 0;
  const Tensor logarithm = is_log ? where(occurs, target, 0) : log(where(occurs, target, 1));
  const Tensor difference = logarithm - where(occurs, input, 0);
  return where(occurs, (is_log ? exp(logarithm) : target) * difference, 0);
}

// A target and an input of kl_div(); `is_log` if the target is a logarithm, too.
template <bool is_log, class T>
struct Divergence {
  Divergence(T x, T t)
      : probability(is_log ? kernels::exp(t) : t), difference((is_log ? t : kernels::log(t)) - x) {}
  T loss() const { return probability == 0 ? 0 : probability * difference; }
  T by_target() const {
    return probability == 0 ? 0 : (difference + 1) * (is_log ? probability : 1);
  }

  T probability, difference;
};

template <bool is_log>
Tensor divergence_terms(const Tensor& input, const Tensor& target) {
  const auto loss = []<class T>(T x, T t) { return Divergence<is_log, T>(x, t).loss(); };
  const auto by_target = []<class T>(T x, T t) { return Divergence<is_log, T>(x, t).by_target(); };
  return record("kl_div", {input, target}, detail::zip("kl_div", input, target, loss),
                [=, x = save(input), t = save(target)](const Tensor& g) {
                  if (grad_enabled())
                    return composed_gradients(
                        [](const Tensors& inputs) {
                          return composed_divergence(inputs[0], inputs[1], is_log);
                        },
                        {x, t}, g);
                  return Tensors{
                      x.requires_grad() ? -g * (is_log ? exp(t) : *t) : Tensor(),
                      t.requires_grad() ? g * detail::zip("kl_div", x, t, by_target) : Tensor()};
                });
}

}  // namespace

Tensor kl_div(const Tensor& input, const Tensor& target, const KlDivOptions& options) {
  const OperationScope scope("kl_div");
  require_same("kl_div", input, target);
  return reduced("kl_div",
                 options.log_target ? divergence_terms<true>(input, target)
                                    : divergence_terms<false>(input, target),
                 options.reduction);
}

}  // namespace gradus
