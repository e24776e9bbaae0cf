#include "optim/accumulation.hpp"

#include <algorithm>

#include "core/ops/elementwise.hpp"

namespace gradus::optim {

double accumulate_backward(int64_t rows, int64_t part,
                           const std::function<Tensor(int64_t first, int64_t count)>& loss) {
  require(rows >= 1, "accumulate_backward", "rows must be 1 or more, got {}", rows);
  require(part >= 1, "accumulate_backward", "part must be 1 or more, got {}", part);
  double mean = 0;
  for (int64_t first = 0; first < rows; first += part) {
    const int64_t count = std::min(part, rows - first);
    const double weight = static_cast<double>(count) / static_cast<double>(rows);
    const Tensor value = loss(first, count);
    (count == rows ? value : value * weight).backward();
    mean += weight * value.item();
  }
  return mean;
}

}  // namespace gradus::optim
