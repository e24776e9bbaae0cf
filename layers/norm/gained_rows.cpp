#include "layers/norm/gained_rows.hpp"

#include <limits>

#include "core/ops/elementwise.hpp"
#include "core/ops/weight_normalization.hpp"
#include "layers/shown.hpp"
#include "layers/weight_rows.hpp"

namespace gradus::layers {

Tensor GainedRows::apply(const Tensor& weight, bool /*training*/) {
  const Tensor rows = normalized(weight);
  return gain ? rows * gain : rows;
}

void GainedRows::attach(const Tensor& weight) {
  const Tensor after = row_norms(normalized(weight));
  if (!with_gain_) return;
  Tensor first = row_norms(weight) / clamp(after, 1e-30, std::numeric_limits<double>::infinity());
  dispatch_floating("gain", weight.dtype(), [&]<class T>(T) {
    for (int64_t row = 0; row < after.numel(); ++row)
      if (after.data<T>()[row] == 0) first.mutable_data<T>()[row] = 1;
  });
  gain = Parameter(against(first, weight).clone());
}

std::string GainedRows::gain_shown() const {
  return shown("gain", with_gain_, true);
}

}  // namespace gradus::layers
