// LearnedPositions, SinusoidalPositions: layers that add to each step what tells its place;
// ImagePatches, MeanOfSteps: an image as a sequence, and a sequence as one vector.
#pragma once

#include "layers/module.hpp"

namespace gradus::layers {

/// x (N, L, width) + the first L rows of `weight` (length, width), initially N(0, 0.02²). Throws
/// std::invalid_argument for longer sequences and other widths.
class LearnedPositions : public Layer<LearnedPositions> {
 public:
  Parameter weight;  ///< (length, width)

  /// Draws the weight from `rng`. Throws std::invalid_argument unless both sizes are positive.
  LearnedPositions(int64_t length, int64_t width, Rng& rng);

  Tensor forward(const Tensor& x) override { return at(x, 0); }
  Tensor forward_next(const Tensor& x, StepMemory& memory) override;
  /// The same for steps whose first place is `offset`.
  Tensor at(const Tensor& x, int64_t offset) const;
  void members(Members& members) override { members.parameter("weight", weight); }
  std::string description() const override;
};

/// x (N, L, width) + sinusoidal_positions(L, width), for any length.
class SinusoidalPositions : public Layer<SinusoidalPositions> {
 public:
  Tensor forward(const Tensor& x) override { return at(x, 0); }
  Tensor forward_next(const Tensor& x, StepMemory& memory) override;
  /// The same for steps whose first place is `offset`.
  Tensor at(const Tensor& x, int64_t offset) const;
  std::string description() const override { return "SinusoidalPositions()"; }
};

/// Images (N, C, H, W) as sequences of patches, (N, (H/size)·(W/size), C·size²), row by row; the
/// values of a patch are in the order (C, size, size) (Dosovitskiy et al. 2021). Throws
/// std::invalid_argument for images whose sides `size` doesn't divide.
class ImagePatches : public Layer<ImagePatches> {
 public:
  /// Throws std::invalid_argument unless `size` is positive.
  explicit ImagePatches(int64_t size);

  Tensor forward(const Tensor& x) override;
  std::string description() const override { return fmt::format("ImagePatches({})", size_); }

 private:
  int64_t size_;
};

/// The mean over the steps, (N, L, width) → (N, width). Throws std::invalid_argument for sequences
/// without steps.
class MeanOfSteps : public Layer<MeanOfSteps> {
 public:
  Tensor forward(const Tensor& x) override;
  /// Throws std::logic_error: the mean needs all steps.
  Tensor forward_next(const Tensor& x, StepMemory& memory) override;
  std::string description() const override { return "MeanOfSteps()"; }
};

}  // namespace gradus::layers
