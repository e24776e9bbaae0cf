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

// Reads the words and values of a PGM or PPM file.
class PnmReader {
 public:
  PnmReader(const std::string& path, std::span<const uint8_t> bytes) : path_(path), rest_(bytes) {
    kind_ = rest_[1];
    rest_ = rest_.subspan(2);
  }

  Raster read() {
    Raster raster;
    raster.channels = kind_ == '3' || kind_ == '6' ? 3 : 1;
    raster.width = number("width", maximal_extent);
    raster.height = number("height", maximal_extent);
    raster.white = static_cast<uint16_t>(number("largest value", 65535));
    check_size(path_, raster);
    const auto values = static_cast<std::size_t>(raster.size());
    const bool binary = kind_ >= '5';
    if (binary && !rest_.empty()) rest_ = rest_.subspan(1);  // one whitespace byte ends the header
    const std::size_t width = binary && raster.white > 255 ? 2 : 1;
    // The text form, too, has at least one byte per value.
    if (rest_.size() / width < values)
      file_error(path_, "is cut off: {} values are missing", values - rest_.size() / width);
    raster.values.resize(values);
    for (uint16_t& value : raster.values) {
      value = binary ? bytes(width) : static_cast<uint16_t>(number("value", 65535, 0));
      if (value > raster.white)
        file_error(path_, "values must not be above {}, got {}", raster.white, value);
    }
    return raster;
  }

 private:
  static bool is_space(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

  uint16_t bytes(std::size_t width) {
    uint16_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = static_cast<uint16_t>(value << 8 | rest_[i]);
    rest_ = rest_.subspan(width);
    return value;
  }

  int64_t number(const char* what, int64_t high, int64_t low = 1) {
    while (!rest_.empty() && (is_space(rest_[0]) || rest_[0] == '#')) {
      const bool comment = rest_[0] == '#';
      while (comment && !rest_.empty() && rest_[0] != '\n') rest_ = rest_.subspan(1);
      if (!rest_.empty()) rest_ = rest_.subspan(1);
    }
    if (rest_.empty()) file_error(path_, "is cut off: the {} is missing", what);
    int64_t value = 0, digits = 0;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; ++digits) {
      value = std::min(value * 10 + (rest_[0] - '0'), high + 1);
      rest_ = rest_.subspan(1);
    }
    if (digits == 0 || value < low || value > high)
      file_error(path_, "the {} must be a number from {} to {}", what, low, high);
    return value;
  }

  const std::string& path_;
  std::span<const uint8_t> rest_;
  uint8_t kind_;
};

// values (H, W, C) → f32 (C, H, W)
Tensor tensor_of(const Raster& raster) {
  const int64_t pixels = raster.height * raster.width;
  Tensor image = Tensor::empty({raster.channels, raster.height, raster.width});
  float* to = image.mutable_data<float>();
  for (int64_t channel = 0; channel < raster.channels; ++channel)
    for (int64_t i = 0; i < pixels; ++i)
      *to++ = static_cast<float>(
                  raster.values[static_cast<std::size_t>(i * raster.channels + channel)]) /
              static_cast<float>(raster.white);
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
                .white = static_cast<uint16_t>(options.bits == 8 ? 255 : 65535),
                .values = std::vector<uint16_t>(static_cast<std::size_t>(image.numel()))};
  const int64_t pixels = raster.height * raster.width;
  const float* from = image.data<float>();
  for (int64_t channel = 0; channel < channels; ++channel)
    for (int64_t i = 0; i < pixels; ++i, ++from) {
      require(!std::isnan(*from), operation, "values must not be NaN");
      const double value = std::clamp(static_cast<double>(*from), 0.0, 1.0);
      raster.values[static_cast<std::size_t>(i * channels + channel)] =
          static_cast<uint16_t>(std::lround(value * raster.white));
    }
  return raster;
}

}  // namespace

Tensor read_image(const std::string& path) {
  ByteReader file(path);
  const std::vector<uint8_t> bytes = file.read_up_to(largest_file);
  if (is_png(bytes)) return tensor_of(on_white(decode_png(path, bytes)));
  if (is_jpeg(bytes)) return tensor_of(decode_jpeg(path, bytes));
  const bool is_pnm =
      bytes.size() > 2 && bytes[0] == 'P' &&
      std::string_view("2356").find(static_cast<char>(bytes[1])) != std::string_view::npos;
  if (!is_pnm) file_error(path, "is not a PNG, JPEG, PGM or PPM file");
  return tensor_of(PnmReader(path, bytes).read());
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
