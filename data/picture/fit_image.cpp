#include "data/picture/fit_image.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/statistics.hpp"
#include "data/picture/even_light.hpp"

namespace gradus::data {
namespace {

constexpr int64_t longest_side = 400;  // more has no effect at 28 pixels
constexpr double least_contrast = 0.1;
constexpr double sure_contrast = 0.25;    // after the light was evened out
constexpr double smallest_part = 0.02;    // of the largest
constexpr double thinnest_stroke = 0.75;  // of the framing's
constexpr double near = 0.1;              // counts as equal, on the edge
constexpr double almost_all = 0.9;        // of the edge

Box whole(const Plane& plane) {
  return {0, 0, plane.height, plane.width};
}

void invert(Plane& plane) {
  for (float& value : plane.values) value = 1 - value;
}

// One plane per channel of the model: converts colours to grey, or repeats grey for all colours.
std::vector<Plane> channels_of(const Tensor& image, int64_t channels) {
  std::vector<Plane> planes;
  for (int64_t channel = 0; channel < channels; ++channel)
    planes.push_back(image.size(0) == channels ? plane(image, channel) : grey(image));
  return planes;
}

// (channels, H, W)
Tensor joined(const std::vector<Plane>& planes) {
  const auto channels = std::ssize(planes);
  Tensor image = Tensor::empty({channels, planes[0].height, planes[0].width});
  float* to = image.mutable_data<float>();
  for (const Plane& plane : planes) to = std::ranges::copy(plane.values, to).out;
  return image;
}

// Scales the ink to 0 … 1 for any contrast; noise of the background becomes 0.
void normalize(Plane& plane) {
  const float limit = otsu_threshold(plane);
  const auto full = static_cast<float>(mean_above(plane, limit)), nothing = limit / 2;
  for (float& value : plane.values)
    value = std::clamp((value - nothing) / (full - nothing), 0.f, 1.f);
}

std::string size_text(int64_t height, int64_t width) {
  return fmt::format("{}×{}", width, height);
}

// Fits one picture into a framing, step by step.
class Fitting {
 public:
  Fitting(const Tensor& image, const Shape& input, const FitImageOptions& options)
      : framing_(*options.framing),
        input_(input),
        height_(image.size(1)),
        width_(image.size(2)),
        plane_(grey(image)) {
    reduce();
    even_light(options.invert);
    take_ink(options.invert);
  }

  FittedImage result() {
    normalize(plane_);
    drop_specks(plane_, smallest_part);
    Box box = box_of(plane_, 0.5f);
    // In pixels of the original picture, not of the reduced one.
    const auto original = [](int64_t length, int64_t before, int64_t now) {
      return (length * before + now / 2) / now;
    };
    steps_.push_back("cropped to " + size_text(original(box.height(), height_, plane_.height),
                                               original(box.width(), width_, plane_.width)));
    thicken(box);
    const double scale = scale_of(box);
    const auto side = [&](int64_t length) {
      return std::max<int64_t>(1, std::lround(static_cast<double>(length) * scale));
    };
    const Plane object = scaled(plane_, box, side(box.height()), side(box.width()));
    steps_.push_back("scaled to " + size_text(object.height, object.width));
    return {joined(std::vector(static_cast<std::size_t>(input_[0]), placed(object))),
            fmt::format("{}", fmt::join(steps_, ", "))};
  }

 private:
  double scale_of(const Box& box) const {
    return static_cast<double>(framing_.extent) /
           static_cast<double>(std::max(box.height(), box.width()));
  }

  void reduce() {
    const int64_t longest = std::max(plane_.height, plane_.width);
    if (longest <= longest_side) return;
    const auto side = [&](int64_t length) {
      return std::max<int64_t>(1, (length * longest_side + longest / 2) / longest);
    };
    plane_ = scaled(plane_, whole(plane_), side(plane_.height), side(plane_.width));
  }

  // After an inversion, ink is lighter than the background exactly if it is in the training images.
  bool ink_is_lighter(bool inverted) const { return (framing_.ground < 0.5) != inverted; }

  // The median of an uneven edge isn't the paper's value everywhere: shadows would become ink. But
  // where the training images' objects reach the edge, those of pictures look like shadows.
  void even_light(Invert wanted) {
    if (framing_.extent >= std::min(input_[1], input_[2])) return;
    std::optional<bool> lighter;
    if (wanted != Invert::automatic) lighter = ink_is_lighter(wanted == Invert::yes);
    const std::optional<Flattened> flat = flattened(plane_, lighter);
    if (!flat) return;
    const bool doubtful = flat->doubtful || flat->contrast < sure_contrast;
    steps_.emplace_back(doubtful ? "uneven light: the result is doubtful"
                                 : "uneven light: flattened");
    if (flat->contrast < least_contrast) return;
    plane_ = flat->plane;
    light_ = !flat->ink_is_lighter;
  }

  void take_ink(Invert wanted) {
    const auto paper = static_cast<float>(median(border(plane_)));
    const bool light = light_.value_or(paper > 0.5f),
               inverted = wanted == Invert::automatic ? light != (framing_.ground > 0.5)
                                                      : wanted == Invert::yes;
    if (inverted)
      steps_.emplace_back(light ? "inverted (dark on light)" : "inverted (light on dark)");
    const bool lighter = ink_is_lighter(inverted);
    for (float& value : plane_.values)
      value = std::max(0.f, lighter ? value - paper : paper - value);
    const float contrast = *std::ranges::max_element(plane_.values);
    require(contrast >= least_contrast, "fit_image",
            "the picture is blank, no object was found: the contrast must be {} or more, is {:.2g}",
            least_contrast, contrast);
  }

  void thicken(Box& box) {
    const double stroke = framing_.stroke / scale_of(box), thick = thickness(plane_);
    if (thick >= thinnest_stroke * stroke) return;
    plane_ = thickened(plane_, (stroke - thick) / 2);
    box = box_of(plane_, 0.5f);
    steps_.push_back("thickened");
  }

  Plane placed(const Plane& object) const {
    const Point own = framing_.by_mass ? centre_of_mass(object) : middle(whole(object));
    const int64_t down = std::lround(framing_.row - own.row);
    const int64_t right = std::lround(framing_.column - own.column);
    Plane result(input_[1], input_[2]);
    const float most = *std::ranges::max_element(object.values);
    for (int64_t y = std::max<int64_t>(0, -down); y < std::min(object.height, result.height - down);
         ++y)
      for (int64_t x = std::max<int64_t>(0, -right);
           x < std::min(object.width, result.width - right); ++x)
        result.at(y + down, x + right) = object.at(y, x) / most;
    if (framing_.ground > 0.5) invert(result);
    return result;
  }

  const Framing framing_;
  const Shape input_;
  const int64_t height_, width_;
  Plane plane_;
  std::optional<bool>
      light_;  // whether the ground is lighter than the ink, if its light was uneven
  std::vector<std::string> steps_;
};

// For a picture that already has the model's size.
bool has_other_ground(const Plane& plane, const FitImageOptions& options) {
  if (options.invert != Invert::automatic || !options.framing) return options.invert == Invert::yes;
  const std::vector<double> edge = border(plane);
  const auto other = std::ranges::count_if(
      edge, [&](double value) { return std::abs(value - (1 - options.framing->ground)) < near; });
  return static_cast<double>(other) >= almost_all * static_cast<double>(edge.size());
}

// Nothing is cropped or moved.
FittedImage as_it_is(const Tensor& image, const Shape& input, const FitImageOptions& options) {
  std::vector<Plane> planes = channels_of(image, input[0]);
  std::vector<std::string> steps;
  if (has_other_ground(planes[0], options)) {
    for (Plane& plane : planes) invert(plane);
    steps.push_back("inverted");
  }
  if (image.size(1) != input[1] || image.size(2) != input[2]) {
    for (Plane& plane : planes) plane = scaled(plane, whole(plane), input[1], input[2]);
    steps.push_back(fmt::format("scaled from {}", size_text(image.size(1), image.size(2))));
  }
  return {joined(planes), fmt::format("{}", fmt::join(steps, ", "))};
}

}  // namespace

FittedImage fit_image(const Tensor& image, const Shape& input, const FitImageOptions& options) {
  const auto is_image = [](const Shape& shape) {
    return shape.rank() == 3 && (shape[0] == 1 || shape[0] == 3) && shape.numel() > 0;
  };
  require(is_image(image.shape()), "fit_image", "the image must be (1, H, W) or (3, H, W), got {}",
          image.shape());
  require(is_image(input), "fit_image",
          "the model's input must be an image of 1 or 3 channels, is {}", input);
  const bool same_size = image.size(1) == input[1] && image.size(2) == input[2];
  if (same_size || !options.framing) return as_it_is(image, input, options);
  return Fitting(image, input, options).result();
}

}  // namespace gradus::data
