// Exercise 11.3: moving and pooling.
#include <gradus.hpp>

namespace gd = gradus;

// Images (N, C, H, W), moved to the right. The columns at the left become 0, those at the right are
// dropped.
gd::Tensor moved(const gd::Tensor& x, int64_t pixels) {
  return gd::slice(gd::pad(x, {pixels, 0}), 3, 0, x.size(3));
}

// Images (N, C, H, W) after max pooling with windows of size × size.
gd::Tensor pooled(const gd::Tensor& x, int64_t size) {
  return gd::max_pool2d(x, {.kernel = size});
}

// Whether a move by `pixels` before pooling is the same as some move by whole pixels (0, 1, 2, …)
// after it. Try it on random images.
bool commutes(int64_t pixels, int64_t size) {
  return false;
}
