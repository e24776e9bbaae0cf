#include "data/files/image.hpp"

#include <algorithm>
#include <cmath>

#include "core/io/file.hpp"
#include "data/files/byte_reader.hpp"
#include "data/files/raster.hpp"

namespace gradus::data {
namespace {

// No image of an allowed size has a longer file.
constexpr std::size_t largest_file = std::size_t{1} << 31;

// values (H, W, C) → f32 (C, H, W)
Tensor tensor_of(const Raster& raster) {
  const int64_t pixels = raster.height * raster.width;
  Tensor image = Tensor::empty({raster.channels, raster.height, raster.width});
  float* to = image.mutable_data<float>();
  std::visit(
      [&](const auto& values) {
        for (int64_t channel = 0; channel < raster.channels; ++channel)
          for (int64_t i = 0; i < pixels; ++i)
            *to++ = static_cast<float>(
                        values[static_cast<std::size_t>(i * raster.channels + channel)]) /
                    static_cast<float>(raster.white);
      },
      raster.values);
  return image;
}

// f32 (H, W) or (C, H, W) → values (H, W, C)
Raster raster_of(std::string_view operation, const Tensor& image, const ImageOptions& options) {
  require(options.bits == 8 || options.bits == 16, operation, "bits must be 8 or 16, got {}",
          options.bits);
  const int64_t channels = image.rank() == 3 ? image.size(0) : 1;
  require((image.rank() == 2 || image.rank() == 3) && (channels == 1 || channels == 3) &&
              image.numel() > 0,
          operation, "the image must be (H, W), (1, H, W) or (3, H, W), got {}", image.shape());
  Raster raster{.channels = channels,
                .height = image.size(-2),
                .width = image.size(-1),
                .white = static_cast<uint16_t>(options.bits == 8 ? 255 : 65535)};
  if (options.bits == 16) raster.values = std::vector<uint16_t>();
  const int64_t pixels = raster.height * raster.width;
  const float* from = image.data<float>();
  std::visit(
      [&](auto& values) {
        values.resize(static_cast<std::size_t>(image.numel()));
        for (int64_t channel = 0; channel < channels; ++channel)
          for (int64_t i = 0; i < pixels; ++i, ++from) {
            require(!std::isnan(*from), operation, "values must not be NaN");
            const double value = std::clamp(static_cast<double>(*from), 0.0, 1.0);
            values[static_cast<std::size_t>(i * channels + channel)] =
                static_cast<uint16_t>(std::lround(value * raster.white));
          }
      },
      raster.values);
  return raster;
}

// The image in a file of any format, without opacity.
Raster decode(const std::string& path, const ImageBytesOptions& options) {
  ByteReader file(path);
  const std::vector<uint8_t> bytes = file.read_up_to(largest_file);
  if (is_png(bytes)) return on_ground(decode_png(path, bytes), options.ground);
  if (is_jpeg(bytes)) return decode_jpeg(path, bytes, options);
  if (is_webp(bytes)) return on_ground(decode_webp(path, bytes), options.ground);
  if (is_bmp(bytes)) return on_ground(decode_bmp(path, bytes), options.ground);
  if (is_pnm(bytes)) return decode_pnm(path, bytes);
  file_error(path, "is not a PNG, JPEG, WebP, BMP, PBM, PGM or PPM file");
}

}  // namespace

Tensor read_image(const std::string& path) {
  return tensor_of(decode(path, {}));
}

ImageBytes read_image_bytes(const std::string& path, const ImageBytesOptions& options) {
  require(options.least_height >= 0 && options.least_width >= 0, "read_image_bytes",
          "least_height and least_width must be 0 or more, got {} and {}", options.least_height,
          options.least_width);
  return to_bytes(decode(path, options));
}

void write_png(const std::string& path, const Tensor& image, const ImageOptions& options) {
  write_file_atomically(path, encode_png(path, raster_of("write_png", image, options)));
}

std::string to_png(const Tensor& image, const ImageOptions& options) {
  return encode_png("to_png", raster_of("to_png", image, options));
}

void write_pnm(const std::string& path, const Tensor& image, const ImageOptions& options) {
  const Raster raster = raster_of("write_pnm", image, options);
  std::string text = fmt::format("P{}\n{} {}\n{}\n", raster.channels == 3 ? 6 : 5, raster.width,
                                 raster.height, raster.white);
  append_values(text, raster);
  write_file_atomically(path, text);
}

Tensor tile(const Tensor& images, const TileOptions& options) {
  require(images.rank() == 4 && images.numel() > 0, "tile", "images must be (N, C, H, W), got {}",
          images.shape());
  const auto& [wanted, gap, background] = options;
  require(wanted >= 0 && gap >= 0, "tile", "columns and gap must be 0 or more, got {} and {}",
          wanted, gap);
  const int64_t count = images.size(0), channels = images.size(1), height = images.size(2),
                width = images.size(3);
  const auto square = static_cast<int64_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  const int64_t columns = wanted > 0 ? wanted : square, rows = (count + columns - 1) / columns;
  const int64_t sheet_height = rows * (height + gap) + gap;
  const int64_t sheet_width = columns * (width + gap) + gap;
  Tensor sheet = Tensor::full({channels, sheet_height, sheet_width}, background);
  const float* from = images.data<float>();
  float* to = sheet.mutable_data<float>();
  for (int64_t i = 0; i < count; ++i)
    for (int64_t channel = 0; channel < channels; ++channel)
      for (int64_t y = 0; y < height; ++y, from += width) {
        const int64_t row = channel * sheet_height + gap + i / columns * (height + gap) + y;
        std::copy_n(from, width, to + row * sheet_width + gap + i % columns * (width + gap));
      }
  return sheet;
}

}  // namespace gradus::data
