// init::he_normal, init::xavier_uniform …: initial weights for one tensor. Each function overwrites
// its tensor (f32 or f64); the same generator gives the same values. Errors: std::invalid_argument.
// For whole modules see layers/init/initialize.hpp.
#pragma once

#include <type_traits>

#include "core/random.hpp"

namespace gradus::layers::init {

/// fan_in, the number of inputs of one output, and fan_out, the number of outputs of one input:
/// in·kernel and out·kernel for a weight (out, in, kernel…). As in PyTorch, groups are ignored.
struct Fans {
  int64_t in;   ///< inputs of one output
  int64_t out;  ///< outputs of one input
};
/// The fans of a weight of this shape. Throws unless it has rank 2 or more and no extent of 0.
Fans fans(const Shape& weight);

/// The factor by which weights must be larger because the activation f after them reduces the
/// variance; all are for inputs z of variance 1. PyTorch's numbers: linear, identity and sigmoid 1,
/// tanh 5/3, relu √2, leaky-relu √(2/(1 + negative_slope²)), selu 3/4. For the others in
/// activations() 1/√E[f(z)²] with z standard normal, which keeps the mean square at 1. `logistic`
/// is 4, the inverse of the sigmoid's slope at 0, which is only right for z ≈ 0. Throws for an
/// unknown name.
double gain(std::string_view activation, double negative_slope = 0.01);

/// A gain as a number or as the name of an activation: `{.gain = 1.5}`, `{.gain = "tanh"}`.
class Gain {
 public:
  /// The gain as a number.
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

/// Sets every value to `value`.
void constant(Tensor& x, double value);

/// Options of normal().
struct NormalOptions {
  double mean = 0;  ///< mean of the distribution
  double std = 1;   ///< standard deviation, 0 or more
};
/// Independent normal values.
void normal(Tensor& x, Rng& rng, const NormalOptions& options = {});

/// Options of uniform().
struct UniformOptions {
  double low = 0;   ///< lower bound; not above `high`
  double high = 1;  ///< upper bound, excluded
};
/// Independent values, uniform in [low, high).
void uniform(Tensor& x, Rng& rng, const UniformOptions& options = {});

/// Options of truncated_normal().
struct TruncatedNormalOptions {
  double mean = 0;  ///< mean before truncation
  double std = 1;   ///< standard deviation before truncation; positive
  double low = -2;  ///< lower bound (not in deviations); finite
  double high = 2;  ///< upper bound; finite and above `low`
};
/// Independent values of a normal distribution truncated to [low, high].
void truncated_normal(Tensor& x, Rng& rng, const TruncatedNormalOptions& options = {});

/// Options of xavier_uniform() and xavier_normal().
struct XavierOptions {
  Gain gain = 1;  ///< factor for the activation that follows
};
/// Uniform within ±gain·√(6/(fan_in + fan_out)) (Glorot and Bengio 2010).
void xavier_uniform(Tensor& weight, Rng& rng, const XavierOptions& options = {});
/// Normal with standard deviation gain·√(2/(fan_in + fan_out)).
void xavier_normal(Tensor& weight, Rng& rng, const XavierOptions& options = {});

/// The divisor of a variance: fan_in keeps the variance of activations, fan_out that of gradients;
/// average is their mean.
enum class Fan { in, out, average };

/// Options of he_uniform() and he_normal().
struct HeOptions {
  Fan fan = Fan::in;   ///< divisor of the variance
  Gain gain = "relu";  ///< factor for the activation that follows
};
/// Uniform within ±gain·√(3/fan) (He et al. 2015).
void he_uniform(Tensor& weight, Rng& rng, const HeOptions& options = {});
/// Normal with standard deviation gain/√fan.
void he_normal(Tensor& weight, Rng& rng, const HeOptions& options = {});

/// Options of lecun_uniform() and lecun_normal().
struct LeCunOptions {
  Fan fan = Fan::in;  ///< divisor of the variance
  Gain gain = 1;      ///< factor for the activation that follows
};
/// Uniform within ±gain·√(3/fan) with gain 1 (LeCun et al. 1998), as SELU needs.
void lecun_uniform(Tensor& weight, Rng& rng, const LeCunOptions& options = {});
/// Normal with standard deviation gain/√fan and gain 1.
void lecun_normal(Tensor& weight, Rng& rng, const LeCunOptions& options = {});

/// Options of orthogonal().
struct OrthogonalOptions {
  Gain gain = 1;  ///< factor of the orthonormal matrix
};
/// gain times a random matrix (out, in·kernel) with orthonormal rows, or columns if there are fewer
/// of them, uniformly distributed (Saxe et al. 2014): Q of the QR decomposition of a Gaussian
/// matrix, with a positive diagonal of R.
void orthogonal(Tensor& weight, Rng& rng, const OrthogonalOptions& options = {});

/// Options of sparse().
struct SparseOptions {
  double sparsity = 0.9;  ///< fraction of zeros in each column, rounded up to whole elements; 0 … 1
  double std = 0.01;      ///< standard deviation of the other values; 0 or more
};
/// Mostly zeros, the others normal (Martens 2010). A kernel counts as the matrix (out, in·kernel).
void sparse(Tensor& weight, Rng& rng, const SparseOptions& options = {});

/// Options of identity().
struct IdentityOptions {
  double gain = 1;  ///< the value on the diagonal
};
/// gain on the diagonal of a matrix, 0 elsewhere: a dense layer copies as many inputs as possible
/// to its outputs.
void identity(Tensor& weight, const IdentityOptions& options = {});

/// Options of dirac().
struct DiracOptions {
  int64_t groups = 1;  ///< groups of the convolution; divides the outputs
  double gain = 1;     ///< the value in the middle of the kernel
};
/// gain in the middle of the kernel from input i to output i of each group, 0 elsewhere: a
/// convolution copies as many channels as possible. Weight (out, in/groups, kernel…).
void dirac(Tensor& weight, const DiracOptions& options = {});

/// Sets the forget gate's quarter of a bias (4·hidden), with gates in PyTorch's order i, f, g, o,
/// so that the cell remembers from the start (Gers et al. 2000; value 1 from Jozefowicz et al.
/// 2015). The other quarters don't change. Of two biases that are added, set only one.
void lstm_forget_bias(Tensor& bias, double value = 1);

}  // namespace gradus::layers::init
