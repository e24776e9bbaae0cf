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
// after it: if `pixels` is a multiple of `size`. Otherwise the windows see other groups of pixels.
bool commutes(int64_t pixels, int64_t size) {
  gd::Rng rng(1);
  const gd::Tensor x = gd::randn({4, 1, 6 * size, 6 * size}, rng);
  const gd::Tensor first = pooled(moved(x, pixels), size);
  for (int64_t after = 0; after < 6; ++after)
    if (gd::amax(gd::abs(first - moved(pooled(x, size), after))).item() < 1e-6) return true;
  return false;
}
