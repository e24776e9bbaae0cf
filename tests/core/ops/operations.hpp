// all_rows: every differentiable operation, a row each; what tests of all of them share.
#pragma once

#include "core/autograd.hpp"
#include "tests/core/ops/attention_rows.hpp"
#include "tests/core/ops/elementary_rows.hpp"
#include "tests/core/ops/layout_rows.hpp"
#include "tests/core/ops/network_rows.hpp"
#include "tests/core/ops/special_rows.hpp"
#include "tests/same_bits.hpp"

namespace gradus::testing {

inline std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (auto part : {arithmetic_rows, binary_rows, function_rows, special_rows, activation_rows,
                    reduce_rows, shape_rows, layout_rows, einsum_rows, image_rows, loss_rows,
                    layer_rows, weight_normalization_rows, recurrent_rows, attention_rows})
    for (Row& row : part()) rows.push_back(std::move(row));
  return rows;
}

inline Tensors differentiated(const Tensors& inputs) {
  Tensors result;
  for (const Tensor& input : inputs)
    if (input.requires_grad()) result.push_back(input);
  return result;
}

// The derivatives of the inputs that have one, for a fixed upstream gradient.
inline Tensors gradients(const Tensor& output, const Tensors& inputs) {
  Rng rng(5);
  if (!output.requires_grad()) return {};
  return grad({output}, differentiated(inputs),
              {.grad_outputs = {randn(output.shape(), rng, output.dtype())}, .allow_unused = true});
}

}  // namespace gradus::testing
