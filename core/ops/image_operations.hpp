// interpolate, unfold, fold, pad with a PadMode: images in another size, as patches, with a border.
// Errors: std::invalid_argument.
#pragma once

#include "core/pair.hpp"
#include "core/tensor.hpp"

namespace gradus {

/// How interpolate() makes elements.
enum class Interpolation {
  nearest,   ///< copies of one
  bilinear,  ///< weighted means of four
};

/// Options of interpolate(). Either `size` or `scale_factor` is given: a number for each dimension
/// after the first two, or one for all of them.
struct InterpolateOptions {
  std::vector<int64_t> size = {};               ///< the new extents, 1 or more
  std::vector<double> scale_factor = {};        ///< s: the new extent is ⌊extent·s⌋, 1 or more
  Interpolation mode = Interpolation::nearest;  ///< bilinear for (N, C, H, W) alone
  /// Bilinear only: the first and the last element stay the first and the last, instead of the
  /// borders.
  bool align_corners = false;
};

/// x (N, C, L) or (N, C, H, W) with other extents L', or H' and W', as in PyTorch. Element j of a
/// dimension is made from the place p = j·r: `nearest` takes element ⌊p⌋; `bilinear` is linear
/// between the neighbours of the place max(0, (j + ½)·r − ½), with `align_corners` of the place
/// j·(in − 1)/(out − 1). r is 1/s, or in/out if the size is given. Places are exact, or f64, also
/// for f32.
Tensor interpolate(const Tensor& x, const InterpolateOptions& options);

/// Options of unfold() and fold().
struct UnfoldOptions {
  Pair kernel = 1;    ///< size of a patch, in elements; positive
  Pair dilation = 1;  ///< distance between elements of a patch, in pixels; positive
  Pair padding = 0;   ///< zeros added on each side; 0 or more
  Pair stride = 1;    ///< distance between patches, in pixels; positive
};

/// The patches of images as columns, as in PyTorch: x (N, C, H, W) → (N, C·kh·kw, places). There
/// are ⌊(H + 2·padding − dilation·(kh − 1) − 1)/stride⌋ + 1 places from the top to the bottom,
/// likewise from left to right, in row-major order.
Tensor unfold(const Tensor& x, const UnfoldOptions& options);
/// The sums of the patches at each pixel of images of `size`: x (N, C·kh·kw, places) → (N, C, H,
/// W). The gradient of unfold().
Tensor fold(const Tensor& x, Pair size, const UnfoldOptions& options);

/// What pad() puts around a tensor.
enum class PadMode {
  reflect,    ///< the elements mirrored at the first and at the last, which aren't repeated
  replicate,  ///< the first and the last element
  circular,   ///< the elements from the other end
};

/// Surrounds x (of any type) by elements of its own. `padding` has two numbers of elements, 0 or
/// more (before and after), for each padded dimension, the last dimension first: {left, right, top,
/// bottom} pads images. Throws for padding that has no elements to copy: `reflect` needs it smaller
/// than the extent, `circular` at most the extent, `replicate` one element.
Tensor pad(const Tensor& x, std::span<const int64_t> padding, PadMode mode);
/// The same for numbers in braces: `pad(x, {1, 1}, PadMode::reflect)`.
inline Tensor pad(const Tensor& x, std::initializer_list<int64_t> padding, PadMode mode) {
  return pad(x, std::span(padding.begin(), padding.size()), mode);
}

}  // namespace gradus
