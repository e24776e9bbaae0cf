#include "core/kernels/broadcast.hpp"

namespace gradus::kernels {

Broadcast::Broadcast(std::string_view operation, const Shape& a, const Shape& b)
    : shape(broadcast(operation, a, b)) {
  const auto strides_a = strides_of(a), strides_b = strides_of(b);
  // From the last dimension to the first: a dimension is merged with the next one if, in both
  // operands, its step equals the next one's whole span.
  struct Dimension {
    int64_t extent, stride_a, stride_b;
  };
  std::array<Dimension, Shape::max_rank> loops;
  int count = 0;
  for (int dim = 1; dim <= shape.rank(); ++dim) {
    const int64_t extent = shape[-dim];
    if (extent == 1) continue;
    const auto stride = [dim](const Shape& s, const auto& strides) {
      return dim > s.rank() || s[-dim] == 1 ? 0 : strides[s.rank() - dim];
    };
    const Dimension loop{extent, stride(a, strides_a), stride(b, strides_b)};
    if (count > 0) {
      Dimension& inner = loops[count - 1];
      if (loop.stride_a == inner.stride_a * inner.extent &&
          loop.stride_b == inner.stride_b * inner.extent) {
        inner.extent *= extent;
        continue;
      }
    }
    loops[count++] = loop;
  }
  if (count == 0) return;
  columns = loops[0].extent;
  step_a = loops[0].stride_a;
  step_b = loops[0].stride_b;
  for (int i = count - 1; i > 0; --i) {
    extent_[outer_] = loops[i].extent;
    stride_a_[outer_] = loops[i].stride_a;
    stride_b_[outer_++] = loops[i].stride_b;
    rows *= loops[i].extent;
  }
}

std::pair<int64_t, int64_t> Broadcast::offsets(int64_t row) const {
  int64_t offset_a = 0, offset_b = 0;
  for (int dim = outer_ - 1; dim >= 0; --dim) {
    const int64_t index = row % extent_[dim];
    row /= extent_[dim];
    offset_a += index * stride_a_[dim];
    offset_b += index * stride_b_[dim];
  }
  return {offset_a, offset_b};
}

}  // namespace gradus::kernels
