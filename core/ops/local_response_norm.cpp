#include "core/ops/elementwise.hpp"
#include "core/ops/normalization.hpp"
#include "core/ops/pooling.hpp"
#include "core/ops/shape.hpp"

namespace gradus {

Tensor local_response_norm(const Tensor& x, const LocalResponseNormOptions& options) {
  const auto& [size, alpha, beta, k, mean] = options;
  require(x.rank() >= 2, "local_response_norm", "needs (N, C, …), got {}", x.shape());
  require(size >= 1, "local_response_norm", "size is 1 or more, got {}", size);
  require(alpha >= 0, "local_response_norm", "alpha is 0 or more, got {}", alpha);
  require(k > 0, "local_response_norm", "k is positive, got {}", k);
  if (x.numel() == 0) return x;
  // Channels become the rows of an image, over which a window of size×1 moves.
  const Tensor squares = reshape(square(x), {x.size(0), 1, x.size(1), -1});
  const Tensor means = avg_pool2d(pad(squares, {0, 0, size / 2, (size - 1) / 2}),
                                  {.kernel = {size, 1}, .stride = 1});
  const double scale = mean ? alpha : alpha * static_cast<double>(size);
  return x * pow(reshape(affine(means, scale, k), x.shape()), -beta);
}

}  // namespace gradus
