#include "layers/activation.hpp"

#include "layers/residual.hpp"
#include "layers/shown.hpp"

namespace gradus::layers {

PReLU::PReLU(int64_t channels) {
  require_positive("prelu", "channels", channels);
  weight = Parameter(Tensor::full({channels}, 0.25));
}

Hardtanh::Hardtanh(double low, double high) : low_(low), high_(high) {
  require(low < high, "hardtanh", "low must be below high, got {} and {}", low, high);
}

const Registry<std::function<AnyModule()>>& activations() {
  static const Registry<std::function<AnyModule()>> table(
      "activation",
      {{"relu", "max(x, 0)", [] { return ReLU(); }},
       {"relu6", "min(max(x, 0), 6)", [] { return ReLU6(); }},
       {"leaky-relu", "x, for negative x x/100", [] { return LeakyReLU(); }},
       {"prelu", "x, for negative x a learned multiple of x", [] { return PReLU(); }},
       {"elu", "x, for negative x e^x - 1", [] { return ELU(); }},
       {"selu", "a scaled elu that keeps mean 0 and variance 1", [] { return SELU(); }},
       {"gelu", "x times the normal distribution function", [] { return GELU(); }},
       {"gelu-tanh", "an approximation of gelu by tanh", [] { return GELUTanh(); }},
       {"silu", "x sigmoid(x)", [] { return SiLU(); }},
       {"mish", "x tanh(softplus(x))", [] { return Mish(); }},
       {"hardswish", "x relu6(x + 3)/6", [] { return Hardswish(); }},
       {"softplus", "log(1 + e^x)", [] { return Softplus(); }},
       {"sigmoid", "1/(1 + e^-x), the logistic function", [] { return Sigmoid(); }},
       {"tanh", "the hyperbolic tangent", [] { return Tanh(); }},
       {"hardtanh", "min(max(x, -1), 1)", [] { return Hardtanh(); }},
       {"identity", "x: the layers stay linear", [] { return Identity(); }}},
      {{"silu", {"swish"}},
       {"hardswish", {"hard-swish"}},
       {"sigmoid", {"logistic"}},
       {"identity", {"linear", "none"}}});
  return table;
}

}  // namespace gradus::layers
