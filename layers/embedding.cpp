#include "layers/embedding.hpp"

#include "layers/shown.hpp"

namespace gradus::layers {

Embedding::Embedding(int64_t count, int64_t width, Rng& rng) {
  require_positive("embedding", "count", count);
  require_positive("embedding", "width", width);
  weight = Parameter(randn({count, width}, rng));
}

std::string Embedding::description() const {
  return fmt::format("Embedding({}, {})", weight.size(0), weight.size(1));
}

}  // namespace gradus::layers
