// Initial weights. Each function overwrites its tensor (f32 or f64); the same generator gives the
// same values. Errors: std::invalid_argument.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/random.hpp"
#include "core/registry.hpp"
#include "core/tensor.hpp"

namespace gradus::layers {

class Module;

namespace init {

/// The numbers of values that one output depends on, and that depend on one input: of a weight
/// (out, in, kernel…), in·kernel and out·kernel.
struct Fans {
  int64_t in, out;
};
/// Throws unless `weight` has rank 2 or more and no extent of 0.
Fans fans(const Shape& weight);

/// By how much a weight must be larger to make up for what the function after it takes away:
/// linear and sigmoid 1, tanh 5/3, relu √2, leaky-relu √(2/(1 + negative_slope²)), selu 3/4, and
/// logistic 4, the inverse of the sigmoid's slope at 0. Throws for an unknown name.
double gain(std::string_view nonlinearity, double negative_slope = 0.01);

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
  double gain = 1;
};
/// Uniform within ±gain·√(6/(fan_in + fan_out)) (Glorot and Bengio 2010).
void xavier_uniform(Tensor& weight, Rng& rng, const XavierOptions& options = {});
/// Normal with standard deviation gain·√(2/(fan_in + fan_out)).
void xavier_normal(Tensor& weight, Rng& rng, const XavierOptions& options = {});

enum class Fan { in, out };

struct HeOptions {
  Fan mode = Fan::in;                 ///< keeps the variance of activations, or (out) of gradients
  std::string nonlinearity = "relu";  ///< see gain()
  double negative_slope = 0;          ///< of leaky-relu
};
/// Uniform within ±gain·√(3/fan) (He et al. 2015).
void he_uniform(Tensor& weight, Rng& rng, const HeOptions& options = {});
/// Normal with standard deviation gain/√fan.
void he_normal(Tensor& weight, Rng& rng, const HeOptions& options = {});

/// Normal with standard deviation 1/√fan_in (LeCun et al. 1998), which SELU asks for.
void lecun_normal(Tensor& weight, Rng& rng);

struct OrthogonalOptions {
  double gain = 1;
};
/// gain times a matrix (out, in·kernel) whose rows, or columns where there are fewer of them, are
/// orthonormal, uniform among all such (Saxe et al. 2014): the Q of a Gaussian matrix's QR
/// factorization with a positive diagonal of R.
void orthogonal(Tensor& weight, Rng& rng, const OrthogonalOptions& options = {});

struct SparseOptions {
  double sparsity =
      0.9;            ///< the part of each column that is 0, rounded up to whole elements; 0 … 1
  double std = 0.01;  ///< of the others, normal; 0 or more
};
/// Mostly zeros (Martens 2010); for matrices.
void sparse(Tensor& weight, Rng& rng, const SparseOptions& options = {});

}  // namespace init

/// Draws one weight.
using Initializer = std::function<void(Tensor& weight, Rng& rng)>;

/// Initializers by name.
const Registry<Initializer>& initializers();

/// Draws the weights of all dense and convolution layers of `module`, in their order, and sets
/// their biases to 0; other parameters stay.
void initialize(Module& module, const Initializer& initializer, Rng& rng);

}  // namespace gradus::layers
