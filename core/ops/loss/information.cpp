#include "core/ops/loss/information.hpp"

#include <algorithm>
#include <cmath>

#include "core/autograd.hpp"
#include "core/math.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/reduce.hpp"
#include "core/text/counted.hpp"

namespace gradus {
namespace {

void require_distributions(const char* operation, const char* name, const Tensor& p) {
  require(p.rank() >= 1 && p.size(p.rank() - 1) >= 1, operation,
          "{} must have probabilities in its last dimension, got {}", name, p.shape());
  const int64_t classes = p.size(p.rank() - 1);
  dispatch_floating(operation, p.dtype(), [&]<class T>(T) {
    const double tolerance = sizeof(T) == 8 ? 1e-6 : 1e-3;
    const T* values = p.data<T>();
    for (int64_t row = 0; row < p.numel() / classes; ++row) {
      double total = 0;
      for (int64_t i = 0; i < classes; ++i) {
        const double value = static_cast<double>(values[row * classes + i]);
        require(value >= 0, operation, "probabilities must be 0 or more: row {} of {} has {}", row,
                name, value);
        total += value;
      }
      require(std::abs(total - 1) <= tolerance, operation,
              "probabilities must sum to 1: row {} of {} sums to {}", row, name, total);
    }
  });
}

void require_pair(const char* operation, const Tensor& p, const Tensor& q) {
  require(p.shape() == q.shape(), operation, "p and q must have the same shape, got {} and {}",
          p.shape(), q.shape());
  require_distributions(operation, "p", p);
  require_distributions(operation, "q", q);
}

// Σ p·log q over p > 0, with the gradients of p and q.
Tensor expected_log(const Tensor& p, const Tensor& q) {
  return sum(p * log(where(p != 0, q, 1)), {-1});
}

Tensor divergence(const Tensor& p, const Tensor& q) {
  return expected_log(p, p) - expected_log(p, q);
}

// A point on the line with its fraction of the total weight.
struct Mass {
  double at, weight;
};

std::vector<Mass> masses(const char* name, std::span<const double> points,
                         std::span<const double> weights) {
  const char* const operation = "wasserstein_distance";
  require(!points.empty(), operation, "{} must have at least one point", name);
  require(weights.empty() || weights.size() == points.size(), operation,
          "{} must have one weight per point, got {} and {}", name,
          counted(std::ssize(points), "point"), counted(std::ssize(weights), "weight"));
  std::vector<Mass> result;
  double total = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    require(std::isfinite(points[i]), operation, "points of {} must be finite, got {}", name,
            points[i]);
    require(weight >= 0 && std::isfinite(weight), operation,
            "weights of {} must be finite and 0 or more, got {}", name, weight);
    result.push_back({points[i], weight});
    total += weight;
  }
  require(total > 0 && std::isfinite(total), operation,
          "the sum of the weights of {} must be positive and finite, got {}", name, total);
  for (Mass& mass : result) mass.weight /= total;
  return result;
}

}  // namespace

Tensor entropy(const Tensor& p) {
  const OperationScope scope("entropy");
  require_distributions("entropy", "p", p);
  return -expected_log(p, p);
}

Tensor cross_entropy_distributions(const Tensor& p, const Tensor& q) {
  const OperationScope scope("cross_entropy_distributions");
  require_pair("cross_entropy_distributions", p, q);
  return -expected_log(p, q);
}

Tensor kl_divergence(const Tensor& p, const Tensor& q) {
  const OperationScope scope("kl_divergence");
  require_pair("kl_divergence", p, q);
  return divergence(p, q);
}

Tensor js_divergence(const Tensor& p, const Tensor& q) {
  const OperationScope scope("js_divergence");
  require_pair("js_divergence", p, q);
  const Tensor middle = (p + q) / 2;
  return (divergence(p, middle) + divergence(q, middle)) / 2;
}

double wasserstein_distance(std::span<const double> u, std::span<const double> v,
                            std::span<const double> u_weights, std::span<const double> v_weights) {
  std::vector<Mass> all = masses("u", u, u_weights);
  for (const Mass& mass : masses("v", v, v_weights)) all.push_back({mass.at, -mass.weight});
  std::ranges::sort(all, {}, &Mass::at);
  double distance = 0, ahead = 0;  // weight of u below, minus that of v
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    ahead += all[i].weight;
    distance += std::abs(ahead) * (all[i + 1].at - all[i].at);
  }
  return distance;
}

double aic(double log_likelihood, int64_t num_parameters) {
  require(std::isfinite(log_likelihood), "aic", "log_likelihood must be finite, got {}",
          log_likelihood);
  require(num_parameters >= 0, "aic", "num_parameters must be 0 or more, got {}", num_parameters);
  return 2 * static_cast<double>(num_parameters) - 2 * log_likelihood;
}

double bic(double log_likelihood, int64_t num_parameters, int64_t num_samples) {
  require(std::isfinite(log_likelihood), "bic", "log_likelihood must be finite, got {}",
          log_likelihood);
  require(num_parameters >= 0, "bic", "num_parameters must be 0 or more, got {}", num_parameters);
  require(num_samples >= 1, "bic", "num_samples must be 1 or more, got {}", num_samples);
  return static_cast<double>(num_parameters) * math::log(static_cast<double>(num_samples)) -
         2 * log_likelihood;
}

}  // namespace gradus
