#include "layers/norm/cosine_norm.hpp"

#include <cmath>

#include "core/ops/elementwise.hpp"
#include "core/ops/norm/weight_normalization.hpp"
#include "layers/shown.hpp"
#include "layers/weight_rows.hpp"

namespace gradus::layers {

CosineNorm::CosineNorm(const CosineNormOptions& options) : options_(options) {
  require(options.eps >= 1e-12 && std::isfinite(options.eps), "cosine_norm",
          "eps must be 1e-12 or more, got {}", options.eps);
  require(std::isfinite(options.scale), "cosine_norm", "scale must be finite, got {}",
          options.scale);
}

Tensor CosineNorm::forward(const Tensor& x, const Tensor& weight, const Tensor& bias,
                           const Product& product, bool /*training*/) {
  const CosineNormalizationOptions options{options_.centered, options_.eps};
  const auto plain = [&](const Tensor& input, const Tensor& rows) {
    return product(input, rows, Tensor());
  };
  const Tensor cosine = weight.rank() == 2 ? cosine_linear(x, weight, options)
                                           : cosine_product(x, weight, plain, options);
  const Tensor y = cosine * scale;
  if (!bias.defined()) return y;
  Shape shape{bias.numel()};
  for (int dim = outputs_dim(y, weight) + 1; dim < y.rank(); ++dim)
    shape = shape.inserted(shape.rank(), 1);
  return y + reshape(bias, shape);
}

void CosineNorm::attach(const Tensor& weight) {
  scale = Parameter(Tensor::scalar(options_.scale, weight.dtype()));
}

std::string CosineNorm::description() const {
  return called("CosineNorm",
                {shown("centered", options_.centered, false), shown("eps", options_.eps, 1e-8),
                 shown("scale", options_.scale, 10.0)});
}

std::string CosineNorm::equation(const Shape& weight) const {
  return fmt::format(
      "CosineNorm: over each output's {} weights and what they multiply; x·w ← "
      "{:.4g}·x·w/(max(‖x‖, "
      "{})·max(‖w‖, {})){}",
      row_length(weight), scale.item(), options_.eps, options_.eps,
      options_.centered ? ", x and w minus their means" : "");
}

}  // namespace gradus::layers
