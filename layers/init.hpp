// Initial weights, a tensor at a time. Each function overwrites its tensor (f32 or f64); the same
// generator gives the same values. Errors: std::invalid_argument. Whole modules:
// layers/initialize.hpp.
#pragma once

#include <string_view>
#include <type_traits>

#include "core/random.hpp"
#include "core/tensor.hpp"

namespace gradus::layers::init {

/// The numbers of values that one output depends on, and that depend on one input: of a weight
/// (out, in, kernel…), in·kernel and out·kernel. As in PyTorch, groups don't count.
struct Fans {
  int64_t in, out;
};
/// Throws unless `weight` has rank 2 or more and no extent of 0.
Fans fans(const Shape& weight);

/// By how much a weight must be larger to make up for what the activation after it takes away.
/// PyTorch's numbers where it has one: linear, identity and sigmoid 1, tanh 5/3, relu √2,
/// leaky-relu √(2/(1 + negative_slope²)), selu 3/4. For the others in activations() 1/√E[f(z)²], z
/// standard normal, which keeps the mean square at 1. And logistic is 4, the inverse of the
/// sigmoid's slope at 0. Throws for an unknown name.
double gain(std::string_view activation, double negative_slope = 0.01);

/// A gain as a number, or as the name of the activation: `{.gain = 1.5}`, `{.gain = "tanh"}`.
class Gain {
 public:
  template <class Number>
  requires std::is_arithmetic_v<Number> Gain(Number value) : value_(static_cast<double>(value)) {}
  Gain(const char* activation) : Gain(std::string_view(activation)) {}
  Gain(std::string_view activation, double negative_slope = 0.01)
      : value_(init::gain(activation, negative_slope)) {}

  operator double() const { return value_; }

 private:
  double value_;
};

/// Every value the same.
void constant(Tensor& x, double value);

struct NormalOptions {
  double mean = 0, std = 1;  ///< std is 0 or more
};
void normal(Tensor& x, Rng& rng, const NormalOptions& options = {});

struct UniformOptions {
  double low = 0, high = 1;  ///< [low, high); low ≤ high
};
void uniform(Tensor& x, Rng& rng, const UniformOptions& options = {});

struct TruncatedNormalOptions {
  double mean = 0, std = 1;   ///< of the distribution before it is cut; std is positive
  double low = -2, high = 2;  ///< values, not deviations; finite, low < high
};
/// Normal, given that the value lies within [low, high].
void truncated_normal(Tensor& x, Rng& rng, const TruncatedNormalOptions& options = {});

struct XavierOptions {
  Gain gain = 1;
};
/// Uniform within ±gain·√(6/(fan_in + fan_out)) (Glorot and Bengio 2010).
void xavier_uniform(Tensor& weight, Rng& rng, const XavierOptions& options = {});
/// Normal with standard deviation gain·√(2/(fan_in + fan_out)).
void xavier_normal(Tensor& weight, Rng& rng, const XavierOptions& options = {});

/// What a variance is divided by: fan_in, which keeps the variance of activations, fan_out, which
/// keeps that of gradients, or their mean.
enum class Fan { in, out, average };

struct HeOptions {
  Fan fan = Fan::in;
  Gain gain = "relu";
};
/// Uniform within ±gain·√(3/fan) (He et al. 2015).
void he_uniform(Tensor& weight, Rng& rng, const HeOptions& options = {});
/// Normal with standard deviation gain/√fan.
void he_normal(Tensor& weight, Rng& rng, const HeOptions& options = {});

struct LeCunOptions {
  Fan fan = Fan::in;
  Gain gain = 1;
};
/// He's formulas with a gain of 1 (LeCun et al. 1998), which is what SELU asks for.
void lecun_uniform(Tensor& weight, Rng& rng, const LeCunOptions& options = {});
void lecun_normal(Tensor& weight, Rng& rng, const LeCunOptions& options = {});

struct OrthogonalOptions {
  Gain gain = 1;
};
/// gain times a matrix (out, in·kernel) whose rows, or columns where there are fewer of them, are
/// orthonormal, uniform among all such (Saxe et al. 2014): the Q of a Gaussian matrix's QR
/// factorization with a positive diagonal of R.
void orthogonal(Tensor& weight, Rng& rng, const OrthogonalOptions& options = {});

struct SparseOptions {
  double sparsity = 0.9;  ///< part of each column that is 0, rounded up to whole elements; 0 … 1
  double std = 0.01;      ///< of the others, normal; 0 or more
};
/// Mostly zeros (Martens 2010). A kernel is taken as the matrix (out, in·kernel).
void sparse(Tensor& weight, Rng& rng, const SparseOptions& options = {});

struct IdentityOptions {
  double gain = 1;
};
/// gain on the diagonal of a matrix, 0 elsewhere: a dense layer passes on as many inputs as it can.
void identity(Tensor& weight, const IdentityOptions& options = {});

struct DiracOptions {
  int64_t groups = 1;  ///< of the convolution; divides the outputs
  double gain = 1;
};
/// gain in the middle of the kernel from input i to output i of each group, 0 elsewhere: a
/// convolution passes on as many channels as it can. Weight (out, in/groups, kernel…).
void dirac(Tensor& weight, const DiracOptions& options = {});

/// Sets the forget gate's quarter of a bias (4·hidden), gates in PyTorch's order i, f, g, o, so
/// that the cell remembers from the start (Gers et al. 2000; 1 from Jozefowicz et al. 2015); the
/// rest stays. Of two biases that are added up, set one.
void lstm_forget_bias(Tensor& bias, double value = 1);

}  // namespace gradus::layers::init
