#include "data/transform/mixing.hpp"

#include <cmath>

#include "core/math.hpp"
#include "core/ops/elementwise.hpp"
#include "core/ops/indexing.hpp"
#include "core/ops/masks.hpp"
#include "core/ops/shape.hpp"

namespace gradus::data {

// log of a draw from the gamma distribution (Marsaglia and Tsang 2000); for small shapes the draw
// itself would underflow.
static double draw_log_gamma(double shape, Rng& rng) {
  if (shape < 1) return draw_log_gamma(shape + 1, rng) + math::log(1 - rng.uniform()) / shape;
  const double d = shape - 1. / 3, c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = rng.normal(), v = math::pow(1 + c * x, 3);
    if (v <= 0) continue;
    if (math::log(1 - rng.uniform()) < x * x / 2 + d - d * v + d * math::log(v))
      return math::log(d) + math::log(v);
  }
}

static Tensor partners_of(int64_t count, Rng& rng) {
  const std::vector<int64_t> order = rng.permutation(count);
  return Tensor::from(order, {count});
}

double draw_beta(double alpha, Rng& rng) {
  // Where the logarithms below are finite, the draws are 0 and 1 already.
  alpha = std::max(alpha, 1e-300);
  const double a = draw_log_gamma(alpha, rng), b = draw_log_gamma(alpha, rng);
  return 1 / (1 + math::exp(b - a));
}

MixedBatch mixup(const Batch& batch, double alpha, Rng& rng) {
  mixing_alpha.check("mixup", "alpha", alpha);
  const double lambda = draw_beta(alpha, rng);
  const Tensor partner = partners_of(batch.inputs.size(0), rng);
  return {batch.inputs * lambda + index_select(batch.inputs, 0, partner) * (1 - lambda),
          batch.targets, index_select(batch.targets, 0, partner), lambda};
}

MixedBatch cutmix(const Batch& batch, double alpha, Rng& rng) {
  mixing_alpha.check("cutmix", "alpha", alpha);
  const Shape& shape = batch.inputs.shape();
  require(shape.rank() == 4, "cutmix", "images must be (N, C, H, W), got {}", shape);
  const double part_of_side = std::sqrt(1 - draw_beta(alpha, rng));
  // From `first` to before `last`, around a random middle.
  struct Extent {
    int64_t first, last;
  };
  const auto range = [&](int64_t extent) {
    const int64_t middle = rng.below(extent);
    const auto length = static_cast<int64_t>(part_of_side * static_cast<double>(extent));
    return Extent{std::max<int64_t>(0, middle - length / 2),
                  std::min(extent, middle + length - length / 2)};
  };
  const Extent rows = range(shape[2]), columns = range(shape[3]);
  Tensor mask = Tensor::zeros({shape[2], shape[3]}, DType::boolean);
  for (int64_t y = rows.first; y < rows.last; ++y)
    std::fill_n(mask.mutable_data<bool>() + y * shape[3] + columns.first,
                columns.last - columns.first, true);
  const Tensor partner = partners_of(batch.inputs.size(0), rng);
  const double area =
      static_cast<double>((rows.last - rows.first) * (columns.last - columns.first));
  return {where(mask, index_select(batch.inputs, 0, partner), batch.inputs), batch.targets,
          index_select(batch.targets, 0, partner),
          1 - area / static_cast<double>(shape[2] * shape[3])};
}

Tensor mixed_loss(const LossFunction& loss, const Tensor& logits, const MixedBatch& batch,
                  int64_t first) {
  const int64_t count = logits.size(0);
  return loss(logits, row_view(batch.targets, first, count)) * batch.lambda +
         loss(logits, row_view(batch.partners, first, count)) * (1 - batch.lambda);
}

}  // namespace gradus::data
