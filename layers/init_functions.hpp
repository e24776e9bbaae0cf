// Initial weights, a tensor at a time. Each function overwrites its tensor (f32 or f64); the same
// generator gives the same values. Errors: std::invalid_argument. Whole modules:
// layers/init/initialize.hpp.
#pragma once

#include <type_traits>

#include "core/random.hpp"

namespace gradus::layers::init {

/// The numbers of values that one output depends on, and that depend on one input: of a weight
/// (out, in, kernel…), in·kernel and out·kernel. As in PyTorch, groups don't count.
struct Fans {
  int64_t in;   ///< values that one output depends on
  int64_t out;  ///< values that depend on one input
};
/// The fans of a weight of that shape. Throws unless it has rank 2 or more and no extent of 0.
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
  /// The number itself.
  template <class Number>
  requires std::is_arithmetic_v<Number> Gain(Number value) : value_(static_cast<double>(value)) {}
  /// gain() of an activation. Throws for an unknown name.
  Gain(const char* activation) : Gain(std::string_view(activation)) {}
  /// gain() of an activation, with the slope of a leaky ReLU. Throws for an unknown name.
  Gain(std::string_view activation, double negative_slope = 0.01)
      : value_(init::gain(activation, negative_slope)) {}

  /// The factor.
  operator double() const { return value_; }

 private:
  double value_;
};

/// Every value the same.
void constant(Tensor& x, double value);

/// Options of normal().
struct NormalOptions {
  double mean = 0;  ///< of the distribution
  double std = 1;   ///< standard deviation, 0 or more
};
/// Independent normal values.
void normal(Tensor& x, Rng& rng, const NormalOptions& options = {});

/// Options of uniform().
struct UniformOptions {
  double low = 0;   ///< the least value; not above `high`
  double high = 1;  ///< the bound above, which is not reached
};
/// Independent values, uniform in [low, high).
void uniform(Tensor& x, Rng& rng, const UniformOptions& options = {});

/// Options of truncated_normal().
struct TruncatedNormalOptions {
  double mean = 0;  ///< of the distribution before it is cut
  double std = 1;   ///< standard deviation before it is cut; positive
  double low = -2;  ///< the least value, not in deviations; finite
  double high = 2;  ///< the largest value; finite and above `low`
};
/// Normal, given that the value lies within [low, high].
void truncated_normal(Tensor& x, Rng& rng, const TruncatedNormalOptions& options = {});

/// Options of xavier_uniform() and xavier_normal().
struct XavierOptions {
  Gain gain = 1;  ///< factor for the activation that follows
};
/// Uniform within ±gain·√(6/(fan_in + fan_out)) (Glorot and Bengio 2010).
void xavier_uniform(Tensor& weight, Rng& rng, const XavierOptions& options = {});
/// Normal with standard deviation gain·√(2/(fan_in + fan_out)).
void xavier_normal(Tensor& weight, Rng& rng, const XavierOptions& options = {});

/// What a variance is divided by: fan_in, which keeps the variance of activations, fan_out, which
/// keeps that of gradients, or their mean.
enum class Fan { in, out, average };

/// Options of he_uniform() and he_normal().
struct HeOptions {
  Fan fan = Fan::in;   ///< what the variance is divided by
  Gain gain = "relu";  ///< factor for the activation that follows
};
/// Uniform within ±gain·√(3/fan) (He et al. 2015).
void he_uniform(Tensor& weight, Rng& rng, const HeOptions& options = {});
/// Normal with standard deviation gain/√fan.
void he_normal(Tensor& weight, Rng& rng, const HeOptions& options = {});

/// Options of lecun_uniform() and lecun_normal().
struct LeCunOptions {
  Fan fan = Fan::in;  ///< what the variance is divided by
  Gain gain = 1;      ///< factor for the activation that follows
};
/// Uniform within ±gain·√(3/fan), the gain being 1 (LeCun et al. 1998): what SELU asks for.
void lecun_uniform(Tensor& weight, Rng& rng, const LeCunOptions& options = {});
/// Normal with standard deviation gain/√fan, likewise.
void lecun_normal(Tensor& weight, Rng& rng, const LeCunOptions& options = {});

/// Options of orthogonal().
struct OrthogonalOptions {
  Gain gain = 1;  ///< factor of the orthonormal matrix
};
/// gain times a matrix (out, in·kernel) whose rows, or columns where there are fewer of them, are
/// orthonormal, uniform among all such (Saxe et al. 2014): the Q of a Gaussian matrix's QR
/// factorization with a positive diagonal of R.
void orthogonal(Tensor& weight, Rng& rng, const OrthogonalOptions& options = {});

/// Options of sparse().
struct SparseOptions {
  double sparsity = 0.9;  ///< part of each column that is 0, rounded up to whole elements; 0 … 1
  double std = 0.01;      ///< of the others, normal; 0 or more
};
/// Mostly zeros (Martens 2010). A kernel is taken as the matrix (out, in·kernel).
void sparse(Tensor& weight, Rng& rng, const SparseOptions& options = {});

/// Options of identity().
struct IdentityOptions {
  double gain = 1;  ///< the value on the diagonal
};
/// gain on the diagonal of a matrix, 0 elsewhere: a dense layer passes on as many inputs as it can.
void identity(Tensor& weight, const IdentityOptions& options = {});

/// Options of dirac().
struct DiracOptions {
  int64_t groups = 1;  ///< of the convolution; divides the outputs
  double gain = 1;     ///< the value in the middle of the kernel
};
/// gain in the middle of the kernel from input i to output i of each group, 0 elsewhere: a
/// convolution passes on as many channels as it can. Weight (out, in/groups, kernel…).
void dirac(Tensor& weight, const DiracOptions& options = {});

/// Sets the forget gate's quarter of a bias (4·hidden), gates in PyTorch's order i, f, g, o, so
/// that the cell remembers from the start (Gers et al. 2000; 1 from Jozefowicz et al. 2015); the
/// rest stays. Of two biases that are added up, set one.
void lstm_forget_bias(Tensor& bias, double value = 1);

}  // namespace gradus::layers::init
