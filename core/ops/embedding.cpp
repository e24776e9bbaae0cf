#include "core/ops/embedding.hpp"

#include "core/ops/indexing.hpp"
#include "core/ops/shape.hpp"

namespace gradus {

Tensor embedding(const Tensor& index, const Tensor& weight) {
  require(weight.rank() == 2, "embedding", "weight is (rows, width), got {}", weight.shape());
  check_indices("embedding", "index", index, weight.size(0));
  return reshape(index_select(weight, 0, reshape(index, {-1})),
                 index.shape().inserted(index.rank(), weight.size(1)));
}

}  // namespace gradus
