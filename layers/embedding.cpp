#include "layers/embedding.hpp"

#include <set>

#include "core/ops/elementwise.hpp"
#include "core/ops/shape.hpp"
#include "layers/shown.hpp"

namespace gradus::layers {

// Beyond it not every whole number is an f32.
constexpr int64_t largest_index = int64_t{1} << 24;

Embedding::Embedding(int64_t count, int64_t width, Rng& rng) {
  require_positive("embedding", "count", count);
  require_positive("embedding", "width", width);
  weight = Parameter(randn({count, width}, rng));
}

std::string Embedding::description() const {
  return fmt::format("Embedding({}, {})", weight.size(0), weight.size(1));
}

ColumnEmbedding::ColumnEmbedding(int64_t features, std::vector<IndexColumn> columns, Rng& rng)
    : columns_(std::move(columns)) {
  std::set<int64_t> indices;
  for (const IndexColumn& column : columns_) {
    require(column.feature >= 0 && column.feature < features, "column_embedding",
            "columns must be 0 to {}, got {}", features - 1, column.feature);
    require(indices.insert(column.feature).second, "column_embedding", "column {} is given twice",
            column.feature);
    require_positive("column_embedding", "values", column.values);
    require_positive("column_embedding", "width", column.width);
    weights.emplace_back(randn({column.values, column.width}, rng));
  }
  for (int64_t feature = 0; feature < features; ++feature)
    if (!indices.contains(feature)) numbers_.push_back(feature);
}

// x (N, F) → column `feature` as i64 (N)
static Tensor indices_of(const Tensor& x, int64_t feature) {
  Tensor indices = Tensor::empty({x.size(0)}, DType::i64);
  dispatch_floating("column_embedding", x.dtype(), [&]<class T>(T) {
    for (int64_t row = 0; row < x.size(0); ++row) {
      const T value = x.data<T>()[row * x.size(1) + feature];
      const auto index = value >= 0 && value < T(largest_index) ? static_cast<int64_t>(value) : -1;
      require(static_cast<T>(index) == value, "column_embedding",
              "column {} must have whole numbers from 0 on, got {}", feature, value);
      indices.mutable_data<int64_t>()[row] = index;
    }
  });
  return indices;
}

Tensor ColumnEmbedding::forward(const Tensor& x) {
  const auto features = std::ssize(numbers_) + std::ssize(columns_);
  require(x.rank() == 2 && x.size(1) == features, "column_embedding",
          "inputs must be (N, {}), got {}", features, x.shape());
  Tensors parts;
  if (!numbers_.empty())
    parts.push_back(index_select(x, 1, Tensor::from(numbers_, {std::ssize(numbers_)})));
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    parts.push_back(embedding(indices_of(x, columns_[i].feature), weights[i]));
  }
  return cat(parts, 1);
}

void ColumnEmbedding::members(Members& members) {
  for (std::size_t i = 0; i < weights.size(); ++i)
    members.parameter(fmt::format("weight{}", i), weights[i]);
}

std::string ColumnEmbedding::description() const {
  std::vector<std::string> parts;
  for (const IndexColumn& column : columns_)
    parts.push_back(fmt::format("{} → {}", column.values, column.width));
  return fmt::format("ColumnEmbedding({} numbers, {})", numbers_.size(), fmt::join(parts, ", "));
}

}  // namespace gradus::layers
