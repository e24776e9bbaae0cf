// Every differentiable operation, a row each.
#pragma once

#include "tests/core/ops/elementary_rows.hpp"
#include "tests/core/ops/network_rows.hpp"

namespace gradus::testing {

inline std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (auto part : {elementwise_rows, reduce_rows, shape_rows, loss_rows, layer_rows,
                    weight_normalization_rows, recurrent_rows})
    for (Row& row : part()) rows.push_back(std::move(row));
  return rows;
}

}  // namespace gradus::testing
