#include <algorithm>

#include "core/error.hpp"
#include "data/files/raster.hpp"

namespace gradus::data {
namespace {

// Reads the words and values of a PBM, PGM or PPM file.
class PnmReader {
 public:
  PnmReader(const std::string& path, std::span<const uint8_t> bytes)
      : path_(path), rest_(bytes.subspan(2)), kind_(bytes[1]) {}

  Raster read() {
    Raster raster;
    raster.channels = kind_ == '3' || kind_ == '6' ? 3 : 1;
    raster.width = number("width", maximal_extent);
    raster.height = number("height", maximal_extent);
    const bool bits = kind_ == '1' || kind_ == '4', binary = kind_ >= '4';
    if (bits)
      raster.white = 1;
    else
      raster.white = static_cast<uint16_t>(number("largest value", 65535));
    check_size(path_, raster);
    if (binary && !rest_.empty()) rest_ = rest_.subspan(1);  // one whitespace byte ends the header
    if (raster.white > 255) raster.values = std::vector<uint16_t>();
    std::visit(
        [&](auto& values) {
          if (kind_ == '4')
            read_packed_bits(raster, values);
          else
            read_values(raster, values);
        },
        raster.values);
    return raster;
  }

 private:
  static bool is_space(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

  template <class Value>
  void read_values(const Raster& raster, std::vector<Value>& values) {
    const bool binary = kind_ >= '5';
    const auto count = static_cast<std::size_t>(raster.size());
    // The text form, too, has at least one byte per value.
    const std::size_t width = binary ? sizeof(Value) : 1;
    if (rest_.size() / width < count)
      file_error(path_, "is cut off: {} values are missing", count - rest_.size() / width);
    values.resize(count);
    for (Value& to : values) {
      const uint16_t value = kind_ == '1' ? bit()
                             : binary     ? bytes(width)
                                          : static_cast<uint16_t>(number("value", 65535, 0));
      if (value > raster.white)
        file_error(path_, "values must not be above {}, got {}", raster.white, value);
      to = static_cast<Value>(value);
    }
  }

  // Rows of whole bytes, the highest bit first; 1 is black.
  template <class Value>
  void read_packed_bits(const Raster& raster, std::vector<Value>& values) {
    const auto height = static_cast<std::size_t>(raster.height);
    const auto width = static_cast<std::size_t>(raster.width), row = (width + 7) / 8;
    if (rest_.size() < row * height)
      file_error(path_, "is cut off: {} bytes are missing", row * height - rest_.size());
    values.reserve(height * width);
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x)
        values.push_back(rest_[y * row + x / 8] >> (7 - x % 8) & 1 ? Value{0} : Value{1});
  }

  uint16_t bytes(std::size_t width) {
    uint16_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value = static_cast<uint16_t>(value << 8 | rest_[i]);
    rest_ = rest_.subspan(width);
    return value;
  }

  void skip_space() {
    while (!rest_.empty() && (is_space(rest_[0]) || rest_[0] == '#')) {
      const bool comment = rest_[0] == '#';
      while (comment && !rest_.empty() && rest_[0] != '\n') rest_ = rest_.subspan(1);
      if (!rest_.empty()) rest_ = rest_.subspan(1);
    }
  }

  // A digit of a PBM's text, of which several may stand together; 1 is black.
  uint16_t bit() {
    skip_space();
    if (rest_.empty()) file_error(path_, "is cut off: the value is missing");
    const uint8_t digit = rest_[0];
    if (digit != '0' && digit != '1') file_error(path_, "the value must be a number from 0 to 1");
    rest_ = rest_.subspan(1);
    return digit == '0' ? 1 : 0;
  }

  int64_t number(const char* what, int64_t high, int64_t low = 1) {
    skip_space();
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

}  // namespace

bool is_pnm(std::span<const uint8_t> bytes) {
  return bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6';
}

Raster decode_pnm(const std::string& path, std::span<const uint8_t> bytes) {
  return PnmReader(path, bytes).read();
}

}  // namespace gradus::data
