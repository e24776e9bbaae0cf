#include "train/explanation/chosen_scores.hpp"

#include <algorithm>

#include "core/ops/indexing.hpp"
#include "core/ops/shape.hpp"

namespace gradus::train::detail {

constexpr int64_t most_in_part = 64;

Tensor chosen_scores(const char* operation, const Tensor& outputs, const Tensor& classes) {
  const int64_t samples = classes.size(0);
  require(outputs.rank() == 2 && outputs.size(0) == samples, operation,
          "the model must return scores ({}, K), got {}", samples, outputs.shape());
  check_indices(operation, "class", classes, outputs.size(1));
  return reshape(gather(outputs, 1, reshape(classes, {samples, 1})), {samples});
}

void require_samples(const char* operation, const Tensor& inputs, const Tensor& classes) {
  require(is_floating(inputs.dtype()) && inputs.rank() >= 2 && inputs.numel() > 0, operation,
          "inputs must be f32 or f64 (N, …), got {} {}", to_string(inputs.dtype()), inputs.shape());
  require(classes.dtype() == DType::i64 && classes.shape() == Shape{inputs.size(0)}, operation,
          "classes must be i64 ({}), got {} {}", inputs.size(0), to_string(classes.dtype()),
          classes.shape());
}

Tensor as_leaf(const Tensor& inputs) {
  Tensor leaf = inputs.detach().clone();
  leaf.set_requires_grad();
  return leaf;
}

Tensor in_parts(int64_t samples,
                const std::function<Tensor(int64_t first, int64_t count)>& explain) {
  Tensors parts;
  for (int64_t first = 0; first < samples; first += most_in_part)
    parts.push_back(explain(first, std::min(most_in_part, samples - first)));
  return cat(parts, 0);
}

}  // namespace gradus::train::detail
