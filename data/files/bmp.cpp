#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "core/error.hpp"
#include "data/files/raster.hpp"

namespace gradus::data {
namespace {

// The bits of a pixel that hold a colour's value.
struct ColourBits {
  uint32_t mask = 0;

  bool are_together() const {
    const uint64_t most = mask >> std::countr_zero(mask | 1u << 31);
    return (most & (most + 1)) == 0;
  }
  uint8_t of(uint32_t pixel) const {
    const int shift = std::countr_zero(mask);
    const uint64_t most = mask >> shift, value = (pixel & mask) >> shift;
    return static_cast<uint8_t>((value * 255 + most / 2) / most);
  }
};

// Reads a BMP file: a header of 14 bytes, one of several sizes, a palette and the rows.
class BmpReader {
 public:
  BmpReader(const std::string& path, std::span<const uint8_t> bytes) : path_(path), bytes_(bytes) {}

  Raster read() {
    read_header();
    if (bits_ <= 8)
      read_palette();
    else if (bits_ != 24)
      read_masks();
    raster_.channels = bits_ <= 8 && palette_is_grey() ? 1 : masks_[3].mask != 0 ? 4 : 3;
    check_size(path_, raster_);
    const auto width = static_cast<std::size_t>(raster_.width);
    const auto height = static_cast<std::size_t>(raster_.height);
    const std::size_t row_bytes = (width * bits_ + 7) / 8, stride = (row_bytes + 3) / 4 * 4;
    const std::size_t begin = number(10, 4), needed = stride * (height - 1) + row_bytes;
    if (begin > bytes_.size() || bytes_.size() - begin < needed)
      file_error(path_, "is cut off: {} bytes are missing", begin + needed - bytes_.size());
    std::vector<uint8_t>& values = std::get<0>(raster_.values);
    values.reserve(static_cast<std::size_t>(raster_.size()));
    for (std::size_t y = 0; y < height; ++y)
      append_row(bytes_.subspan(begin + (from_top_ ? y : height - 1 - y) * stride, row_bytes),
                 width, values);
    return std::move(raster_);
  }

 private:
  using Colour = std::array<uint8_t, 3>;

  // Little-endian.
  uint32_t number(std::size_t offset, std::size_t size) const {
    if (offset + size > bytes_.size()) file_error(path_, "is cut off: its header has no end");
    uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | bytes_[offset + i];
    return value;
  }

  void read_header() {
    header_ = number(14, 4);
    if (header_ == 12) {
      raster_.width = number(18, 2);
      raster_.height = number(20, 2);
      bits_ = number(24, 2);
    } else if (header_ == 40 || header_ == 52 || header_ == 56 || header_ == 64 || header_ == 108 ||
               header_ == 124) {
      raster_.width = static_cast<int32_t>(number(18, 4));
      raster_.height = static_cast<int32_t>(number(22, 4));
      bits_ = number(28, 2);
      compression_ = number(30, 4);
    } else {
      file_error(path_, "damaged BMP: its header has {} bytes", header_);
    }
    from_top_ = raster_.height < 0;
    raster_.height = std::abs(raster_.height);
    if (raster_.width < 1 || raster_.height < 1)
      file_error(path_, "damaged BMP: its header declares {}×{} pixels", raster_.width,
                 raster_.height);
    check_kind();
  }

  void check_kind() const {
    constexpr uint32_t rle8 = 1, rle4 = 2;
    const bool has_masks = compression_ == by_masks || compression_ == by_masks_with_opacity;
    if (compression_ == rle8 || compression_ == rle4)
      file_error(path_, "a BMP must not be compressed, got RLE{}", compression_ == rle8 ? 8 : 4);
    if (compression_ != 0 && (!has_masks || header_ == 64))
      file_error(path_, "a BMP must not be compressed, got method {}", compression_);
    if (bits_ != 1 && bits_ != 4 && bits_ != 8 && bits_ != 16 && bits_ != 24 && bits_ != 32)
      file_error(path_, "a BMP must have 1, 4, 8, 16, 24 or 32 bits per pixel, got {}", bits_);
    if (has_masks && bits_ != 16 && bits_ != 32)
      file_error(path_, "damaged BMP: masks need 16 or 32 bits per pixel, got {}", bits_);
  }

  // As many colours as its header says, or as there is room for before the rows.
  void read_palette() {
    const std::size_t entry = header_ == 12 ? 3 : 4, begin = 14 + header_;
    const std::size_t used = header_ == 12 ? 0 : number(46, 4), most = std::size_t{1} << bits_;
    const std::size_t rows = number(10, 4), room = rows > begin ? (rows - begin) / entry : 0;
    const std::size_t count = std::min({used > 0 ? used : most, most, room});
    for (std::size_t i = 0; i < count; ++i) {
      const uint32_t colour = number(begin + i * entry, 3);
      palette_.push_back({static_cast<uint8_t>(colour >> 16), static_cast<uint8_t>(colour >> 8),
                          static_cast<uint8_t>(colour)});
    }
  }

  bool palette_is_grey() const {
    return std::ranges::all_of(palette_,
                               [](const Colour& c) { return c[0] == c[1] && c[1] == c[2]; });
  }

  void read_masks() {
    masks_ = bits_ == 16 ? Masks{{{0x7C00}, {0x3E0}, {0x1F}, {}}}
                         : Masks{{{0xFF0000}, {0xFF00}, {0xFF}, {}}};
    if (compression_ == 0) return;
    // They follow the shortest header, and are a part of the longer ones.
    const bool opacity = header_ >= 56 || compression_ == by_masks_with_opacity;
    for (std::size_t i = 0; i < (opacity ? 4 : 3); ++i) {
      masks_[i].mask = number(54 + 4 * i, 4);
      if ((masks_[i].mask == 0 && i < 3) || !masks_[i].are_together())
        file_error(path_, "damaged BMP: the mask of a colour is {:#x}", masks_[i].mask);
    }
  }

  void append_row(std::span<const uint8_t> row, std::size_t width,
                  std::vector<uint8_t>& values) const {
    for (std::size_t x = 0; x < width; ++x) {
      if (bits_ <= 8) {
        const Colour& colour = of_palette(row, x);
        values.insert(values.end(), colour.begin(), colour.begin() + raster_.channels);
      } else if (bits_ == 24) {
        for (std::size_t i = 3; i-- > 0;) values.push_back(row[3 * x + i]);
      } else {
        uint32_t pixel = 0;
        for (std::size_t i = bits_ / 8; i-- > 0;) pixel = pixel << 8 | row[x * bits_ / 8 + i];
        for (int64_t i = 0; i < raster_.channels; ++i)
          values.push_back(masks_[static_cast<std::size_t>(i)].of(pixel));
      }
    }
  }

  // The highest bits of a byte are the first pixel.
  const Colour& of_palette(std::span<const uint8_t> row, std::size_t x) const {
    const std::size_t place = x * bits_, shift = 8 - bits_ - place % 8;
    const std::size_t index = row[place / 8] >> shift & ((1u << bits_) - 1);
    if (index >= palette_.size())
      file_error(path_, "damaged BMP: a pixel has colour {} of a palette of {}", index,
                 palette_.size());
    return palette_[index];
  }

  using Masks = std::array<ColourBits, 4>;
  static constexpr uint32_t by_masks = 3, by_masks_with_opacity = 6;

  const std::string& path_;
  std::span<const uint8_t> bytes_;
  Raster raster_ = {};
  std::size_t header_ = 0, bits_ = 0;
  uint32_t compression_ = 0;
  bool from_top_ = false;
  std::vector<Colour> palette_ = {};
  Masks masks_ = {};  // red, green, blue, opacity
};

}  // namespace

bool is_bmp(std::span<const uint8_t> bytes) {
  return bytes.size() >= 18 && bytes[0] == 'B' && bytes[1] == 'M';
}

Raster decode_bmp(const std::string& path, std::span<const uint8_t> bytes) {
  return BmpReader(path, bytes).read();
}

}  // namespace gradus::data
