#include "data/files/exif.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace gradus::data {
namespace {

using Bytes = std::span<const uint8_t>;

// Reads integers in the file's byte order; nothing beyond the end.
struct Numbers {
  Bytes bytes;
  bool little_endian;

  std::optional<std::size_t> at(std::size_t offset, std::size_t size) const {
    if (offset > bytes.size() || bytes.size() - offset < size) return std::nullopt;
    std::size_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | bytes[offset + (little_endian ? size - 1 - i : i)];
    return value;
  }
};

bool starts_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() && std::equal(text.begin(), text.end(), bytes.begin());
}

template <class Values>
void turn(const Raster& stored, const Values& from, int orientation, const Raster& shown,
          Values& to) {
  const bool transposed = orientation >= 5;
  const bool rows_reversed =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool columns_reversed =
      orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  auto next = to.begin();
  for (int64_t y = 0; y < shown.height; ++y)
    for (int64_t x = 0; x < shown.width; ++x) {
      int64_t row = transposed ? x : y, column = transposed ? y : x;
      if (rows_reversed) row = stored.height - 1 - row;
      if (columns_reversed) column = stored.width - 1 - column;
      const auto pixel = from.begin() + (row * stored.width + column) * stored.channels;
      next = std::copy_n(pixel, stored.channels, next);
    }
}

}  // namespace

int exif_orientation(Bytes segment) {
  constexpr std::string_view name("Exif\0\0", 6), little("II*\0", 4), big("MM\0*", 4);
  constexpr std::size_t entry_size = 12, orientation_tag = 0x0112;
  const Bytes tiff = starts_with(segment, name) ? segment.subspan(name.size()) : segment;
  if (!starts_with(tiff, little) && !starts_with(tiff, big)) return 1;
  const Numbers numbers{tiff, tiff[0] == 'I'};
  const std::size_t directory = numbers.at(4, 4).value_or(tiff.size());
  const std::size_t entries = numbers.at(directory, 2).value_or(0);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * entry_size;
    if (numbers.at(entry, 2) != orientation_tag) continue;
    const std::size_t value = numbers.at(entry + 8, 2).value_or(1);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

Raster upright(Raster stored, int orientation) {
  if (orientation == 1) return stored;
  Raster shown = stored;
  if (orientation >= 5) std::swap(shown.height, shown.width);
  std::visit(
      [&](auto& values) {
        using Values = std::remove_reference_t<decltype(values)>;
        turn(stored, std::get<Values>(stored.values), orientation, shown, values);
      },
      shown.values);
  return shown;
}

}  // namespace gradus::data
