// Warp, Affine, ElasticField: move an image's pixels, with one bilinear resampling for any number
// of moves.
#pragma once

#include "core/random.hpp"

namespace gradus::data {

/// Maps a position in the new image to the position in the old image that it shows:
/// (x, y) ↦ (xx·x + xy·y + x0, yx·x + yy·y + y0), in pixels from the image's centre, x to the
/// right, y down. The functions below are named by what happens to the picture, which is the
/// inverse map.
struct Affine {
  double xx = 1;  ///< factor of the new x in the old x
  double xy = 0;  ///< factor of the new y in the old x
  double x0 = 0;  ///< added to the old x, in pixels
  double yx = 0;  ///< factor of the new x in the old y
  double yy = 1;  ///< factor of the new y in the old y
  double y0 = 0;  ///< added to the old y, in pixels

  /// The map that applies this one to an image first, and then `next`.
  Affine then(const Affine& next) const;

  static Affine rotation(double degrees);  ///< counterclockwise; exact for multiples of 90
  /// Moves the image by so many pixels; negative numbers move it to the left and up.
  static Affine shift(double right, double down) { return {.x0 = -right, .y0 = -down}; }
  static Affine zoom(double factor) {
    return {.xx = 1 / factor, .yy = 1 / factor};
  }                                            ///< larger for factors above 1
  static Affine shear(double degrees);         ///< the sides lean to the right by this angle
  static Affine flip() { return {.xx = -1}; }  ///< left and right exchanged
};

/// The source position of each pixel of an image of height·width: the affine position plus an
/// optional displacement per pixel.
struct Warp {
  int64_t height;              ///< rows of the image
  int64_t width;               ///< columns of the image
  Affine affine = {};          ///< for all pixels
  std::vector<float> dx = {};  ///< displacements in x, height·width row by row, or empty
  std::vector<float> dy = {};  ///< displacements in y, as many
};

/// The image resampled at the positions of `warp`, bilinear between pixels and 0 beyond the edges:
/// f32 (C, H, W) → the same shape. Throws std::invalid_argument for other shapes.
Tensor warped(const Tensor& image, const Warp& warp);

/// The same for `channels` images of the warp's size in memory, from → to, which must not overlap.
void warp_image(const float* from, float* to, int64_t channels, const Warp& warp);

/// Elastic distortion (Simard, Steinkraus and Platt 2003): a displacement α·(G_σ * u) of each pixel
/// in each direction, u uniform in [−1, 1] and independent for each pixel, G_σ a Gaussian of
/// deviation σ with sum 1, cut at 3σ; beyond the edges u is 0. Typical for 28×28: α 34, σ 4,
/// displacements of about 1.4 pixels.
class ElasticField {
 public:
  /// Throws std::invalid_argument unless α is 0 to 10,000 and σ above 0 and at most 100.
  ElasticField(double alpha, double sigma);
  /// Draws a field and adds it to the warp's displacements.
  void add_to(Warp& warp, Rng& rng) const;

 private:
  std::vector<float> smooth(const std::vector<float>& field, int64_t pitch, int64_t reach) const;

  float alpha_;
  int64_t radius_;
  std::vector<float> kernel_;
};

}  // namespace gradus::data
