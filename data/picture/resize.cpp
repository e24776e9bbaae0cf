#include "data/picture/resize.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/parallel.hpp"

namespace gradus::data {
namespace {

constexpr int64_t largest_extent = int64_t{1} << 20, most_values = int64_t{1} << 28;
constexpr int64_t most_channels = 4;

bool is_extent(int64_t extent) {
  return extent >= 1 && extent <= largest_extent;
}

void require_image(std::string_view operation, const ImageBytes& image) {
  const auto& [channels, height, width, values] = image;
  require(channels >= 1 && channels <= most_channels && is_extent(height) && is_extent(width) &&
              channels * height * width == static_cast<int64_t>(values.size()),
          operation, "the image isn't whole: {} channels, {}×{} pixels, {} values", channels, width,
          height, values.size());
}

void require_size(std::string_view operation, const ImageBytes& image, int64_t height,
                  int64_t width) {
  require(is_extent(height) && is_extent(width) && image.channels * height * width <= most_values,
          operation,
          "height and width must be from 1 to 2^20, with at most 2^28 values, got {} and {}",
          height, width);
}

// A part of an extent, in pixels of the source: from the edge of one, or within it.
struct Stretch {
  double begin, length;
};

// Of which pixels of the source each pixel of the result is the mean, and with which weights.
struct Taps {
  std::vector<int64_t> first = {}, count = {};
  std::vector<float> weights = {};  // those of pixel i begin at i·most
  int64_t most = 0;

  // For `length` pixels that show `part` of the `extent` pixels of the source.
  Taps(int64_t extent, Stretch part, int64_t length) {
    const double step = part.length / static_cast<double>(length), reach = std::max(step, 1.0);
    most = 2 * static_cast<int64_t>(std::ceil(reach)) + 1;
    std::vector<double> triangle(static_cast<std::size_t>(most));
    weights.resize(static_cast<std::size_t>(length * most));
    for (int64_t i = 0; i < length; ++i) {
      const double middle = part.begin + (static_cast<double>(i) + 0.5) * step;
      // The pixels whose middles are within reach.
      const auto begin = std::max(int64_t{0}, static_cast<int64_t>(middle - reach + 0.5));
      const auto end = std::min(extent, static_cast<int64_t>(middle + reach + 0.5));
      double sum = 0;
      for (int64_t at = begin; at < end; ++at) {
        const double distance = std::abs(static_cast<double>(at) + 0.5 - middle) / reach;
        sum += triangle[static_cast<std::size_t>(at - begin)] = std::max(0.0, 1 - distance);
      }
      for (int64_t at = 0; at < end - begin; ++at)
        weights[static_cast<std::size_t>(i * most + at)] =
            static_cast<float>(triangle[static_cast<std::size_t>(at)] / sum);
      first.push_back(begin);
      count.push_back(end - begin);
    }
  }
};

// The weighted sum of `count` rows, which are `stride` apart: blocks of columns stay in registers.
void sum_rows(const uint8_t* from, int64_t stride, const float* weights, int64_t count,
              int64_t columns, float* to) {
  constexpr int64_t block = 64;
  int64_t column = 0;
  for (; column + block <= columns; column += block) {
    float sums[block] = {};
    for (int64_t row = 0; row < count; ++row) {
      const uint8_t* values = from + row * stride + column;
      for (int64_t i = 0; i < block; ++i) sums[i] += weights[row] * static_cast<float>(values[i]);
    }
    std::copy_n(sums, block, to + column);
  }
  for (; column < columns; ++column) {
    float sum = 0;
    for (int64_t row = 0; row < count; ++row)
      sum += weights[row] * static_cast<float>(from[row * stride + column]);
    to[column] = sum;
  }
}

template <int64_t channels>
void sum_columns(const float* from, const Taps& taps, uint8_t* to) {
  for (std::size_t i = 0; i < taps.first.size(); ++i) {
    const float* weights = taps.weights.data() + static_cast<int64_t>(i) * taps.most;
    const float* values = from + taps.first[i] * channels;
    float sums[channels] = {};
    for (int64_t tap = 0; tap < taps.count[i]; ++tap)
      for (int64_t channel = 0; channel < channels; ++channel)
        sums[channel] += weights[tap] * *values++;
    for (const float sum : sums) *to++ = static_cast<uint8_t>(std::min(sum + 0.5f, 255.0f));
  }
}

using SumColumns = void (*)(const float* from, const Taps& taps, uint8_t* to);
constexpr SumColumns sum_columns_of[most_channels] = {sum_columns<1>, sum_columns<2>,
                                                      sum_columns<3>, sum_columns<4>};

// The parts `rows` and `columns` of the image, scaled.
ImageBytes scaled_part(const ImageBytes& image, Stretch rows, Stretch columns, int64_t height,
                       int64_t width) {
  const Taps of_rows(image.height, rows, height), of_columns(image.width, columns, width);
  const int64_t stride = image.width * image.channels;
  ImageBytes result{image.channels, height, width, {}};
  result.values.resize(static_cast<std::size_t>(image.channels * height * width));
  constexpr int64_t least_work = 1 << 18;
  const int64_t work = stride * of_rows.most + width * image.channels * of_columns.most;
  parallel_for(height, std::max<int64_t>(1, least_work / work), [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<std::size_t>(stride));
    for (int64_t y = begin; y < end; ++y) {
      const auto i = static_cast<std::size_t>(y);
      sum_rows(image.values.data() + of_rows.first[i] * stride, stride,
               of_rows.weights.data() + y * of_rows.most, of_rows.count[i], stride, row.data());
      sum_columns_of[image.channels - 1](row.data(), of_columns,
                                         result.values.data() + y * width * image.channels);
    }
  });
  return result;
}

ImageBytes scaled_whole(const ImageBytes& image, int64_t height, int64_t width) {
  return scaled_part(image, {0, static_cast<double>(image.height)},
                     {0, static_cast<double>(image.width)}, height, width);
}

// The middle of the image with the proportions of the result. It begins with a whole pixel, so that
// an image that is only cut keeps its values.
ImageBytes cropped(const ImageBytes& image, int64_t height, int64_t width) {
  const auto whole_height = static_cast<double>(image.height);
  const auto whole_width = static_cast<double>(image.width);
  const double by = std::min(whole_height / static_cast<double>(height),
                             whole_width / static_cast<double>(width));
  const double part_height = std::min(whole_height, by * static_cast<double>(height));
  const double part_width = std::min(whole_width, by * static_cast<double>(width));
  return scaled_part(image, {std::floor((whole_height - part_height) / 2), part_height},
                     {std::floor((whole_width - part_width) / 2), part_width}, height, width);
}

ImageBytes padded(const ImageBytes& image, int64_t height, int64_t width) {
  const double by = std::min(static_cast<double>(height) / static_cast<double>(image.height),
                             static_cast<double>(width) / static_cast<double>(image.width));
  const auto extent = [by](int64_t source, int64_t most) {
    return std::clamp<int64_t>(std::llround(by * static_cast<double>(source)), 1, most);
  };
  const ImageBytes inner = resized(image, extent(image.height, height), extent(image.width, width));
  ImageBytes result{image.channels, height, width, {}};
  result.values.resize(static_cast<std::size_t>(image.channels * height * width));
  const int64_t top = (height - inner.height) / 2, left = (width - inner.width) / 2;
  const int64_t inner_row = inner.width * inner.channels;
  for (int64_t y = 0; y < inner.height; ++y)
    std::copy_n(inner.values.data() + y * inner_row, inner_row,
                result.values.data() + ((top + y) * width + left) * image.channels);
  return result;
}

// The grey of three colours (ITU-R BT.601).
uint8_t luma(const uint8_t* rgb) {
  return static_cast<uint8_t>((299u * rgb[0] + 587u * rgb[1] + 114u * rgb[2] + 500) / 1000);
}

}  // namespace

ImageBytes resized(const ImageBytes& image, int64_t height, int64_t width) {
  require_image("resized", image);
  require_size("resized", image, height, width);
  if (image.height == height && image.width == width) return image;
  return scaled_whole(image, height, width);
}

ImageBytes fitted(const ImageBytes& image, int64_t height, int64_t width, Fit fit) {
  require_image("fitted", image);
  require_size("fitted", image, height, width);
  if (image.height == height && image.width == width) return image;
  switch (fit) {
    case Fit::crop:
      return cropped(image, height, width);
    case Fit::pad:
      return padded(image, height, width);
    case Fit::stretch:
      break;
  }
  return scaled_whole(image, height, width);
}

ImageBytes to_channels(ImageBytes image, int64_t channels) {
  const auto known = [](int64_t number) { return number == 1 || number == 3; };
  require_image("to_channels", image);
  require(known(channels) && known(image.channels), "to_channels",
          "channels must be 1 or 3, got {} to {}", image.channels, channels);
  if (image.channels == channels) return image;
  ImageBytes result{channels, image.height, image.width, {}};
  const auto pixels = static_cast<std::size_t>(image.height * image.width);
  result.values.resize(pixels * static_cast<std::size_t>(channels));
  const uint8_t* from = image.values.data();
  uint8_t* to = result.values.data();
  if (channels == 1)
    for (std::size_t i = 0; i < pixels; ++i) to[i] = luma(from + 3 * i);
  else
    for (std::size_t i = 0; i < 3 * pixels; ++i) to[i] = from[i / 3];
  return result;
}

}  // namespace gradus::data
