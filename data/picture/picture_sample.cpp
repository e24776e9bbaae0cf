#include "data/picture/picture_sample.hpp"

#include <algorithm>
#include <cmath>

namespace gradus::data {
namespace {

// (H, W, C) → (C, H, W)
std::vector<uint8_t> planes_of(ImageBytes image) {
  if (image.channels == 1) return std::move(image.values);
  const auto pixels = static_cast<std::size_t>(image.height * image.width);
  std::vector<uint8_t> planes(image.values.size());
  for (std::size_t channel = 0; channel < 3; ++channel)
    for (std::size_t i = 0; i < pixels; ++i)
      planes[channel * pixels + i] = image.values[3 * i + channel];
  return planes;
}

// f32 (C, H, W) → (H, W, C)
ImageBytes bytes_of(const Tensor& picture) {
  require(
      picture.rank() == 3 && (picture.size(0) == 1 || picture.size(0) == 3) && picture.numel() > 0,
      "picture_sample", "a picture must be (1, H, W) or (3, H, W), got {}", picture.shape());
  const int64_t channels = picture.size(0), pixels = picture.size(1) * picture.size(2);
  ImageBytes bytes{channels, picture.size(1), picture.size(2), {}};
  bytes.values.resize(static_cast<std::size_t>(picture.numel()));
  const float* from = picture.data<float>();
  for (int64_t channel = 0; channel < channels; ++channel)
    for (int64_t i = 0; i < pixels; ++i, ++from)
      bytes.values[static_cast<std::size_t>(i * channels + channel)] =
          static_cast<uint8_t>(std::lround(std::clamp(*from, 0.0F, 1.0F) * 255));
  return bytes;
}

}  // namespace

const Registry<Fit>& fits() {
  static const Registry<Fit> table(
      "fit", {{"crop", "fill the sample and cut off what is outside", Fit::crop},
              {"pad", "show the whole picture with black borders", Fit::pad},
              {"stretch", "change the proportions", Fit::stretch}});
  return table;
}

std::vector<uint8_t> sample_bytes(const ImageBytes& image, const Shape& sample, Fit fit) {
  return planes_of(to_channels(fitted(image, sample[1], sample[2], fit), sample[0]));
}

Tensor bytes_as_tensor(const std::vector<uint8_t>& values, const Shape& sample) {
  Tensor result = Tensor::empty(sample);
  std::ranges::transform(values, result.mutable_data<float>(),
                         [](uint8_t value) { return static_cast<float>(value) / 255; });
  return result;
}

Tensor picture_sample(const Tensor& picture, const Shape& sample, Fit fit) {
  return bytes_as_tensor(sample_bytes(bytes_of(picture), sample, fit), sample);
}

}  // namespace gradus::data
