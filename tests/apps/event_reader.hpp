// read_folder: reads TensorBoard's event files, independently of train/tensorboard.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/file.hpp"

namespace gradus::events {

/// CRC32C bit by bit: polynomial 0x1edc6f41, reflected.
inline uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
  }
  return ~crc;
}

inline uint64_t little_endian(std::string_view bytes) {
  uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

/// The records of a TFRecord file, read like TensorBoard does: an incomplete record at the end is
/// ignored. Throws std::runtime_error for wrong checksums.
inline std::vector<std::string> records(const std::string& file) {
  const auto check = [](std::string_view bytes, std::string_view stored) {
    const uint32_t crc = crc32c(bytes);
    const uint32_t masked = ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
    if (little_endian(stored) != masked) throw std::runtime_error("wrong checksum");
  };
  std::vector<std::string> result;
  for (std::string_view rest = file; !rest.empty();) {
    if (rest.size() < 16) return result;
    const uint64_t length = little_endian(rest.substr(0, 8));
    check(rest.substr(0, 8), rest.substr(8, 4));
    if (rest.size() < 16 + length) return result;
    check(rest.substr(12, length), rest.substr(12 + length, 4));
    result.emplace_back(rest.substr(12, length));
    rest.remove_prefix(16 + length);
  }
  return result;
}

/// The fields of a protocol buffer by field number, in order; numbers as their bits.
struct Message {
  std::multimap<uint64_t, uint64_t> numbers;
  std::multimap<uint64_t, std::string> texts;

  explicit Message(std::string_view bytes) {
    const auto varint = [&] {
      uint64_t value = 0;
      for (int shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.at(0));
        bytes.remove_prefix(1);
        value |= static_cast<uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
      }
    };
    const auto take = [&](std::size_t size) {
      const std::string_view taken = bytes.substr(0, size);
      if (taken.size() != size) throw std::runtime_error("cut off");
      bytes.remove_prefix(size);
      return taken;
    };
    while (!bytes.empty()) {
      const uint64_t key = varint();
      if ((key & 7) == 0) numbers.emplace(key >> 3, varint());
      if ((key & 7) == 1) numbers.emplace(key >> 3, little_endian(take(8)));
      if ((key & 7) == 2) texts.emplace(key >> 3, take(varint()));
      if ((key & 7) == 5) numbers.emplace(key >> 3, little_endian(take(4)));
    }
  }

  uint64_t number(uint64_t field) const {
    return numbers.contains(field) ? numbers.find(field)->second : 0;
  }
  double real(uint64_t field) const { return std::bit_cast<double>(number(field)); }
  std::string text(uint64_t field) const {
    return texts.contains(field) ? texts.find(field)->second : "";
  }
};

/// The values of a packed field of doubles.
inline std::vector<double> doubles(const std::string& packed) {
  std::vector<double> values(packed.size() / sizeof(double));
  std::memcpy(values.data(), packed.data(), packed.size());
  return values;
}

struct Point {
  uint64_t step = 0;
  Message value;
};
/// The points of each tag that TensorBoard would show for a folder: it reads the files in the order
/// of their names; the start of a session at a step removes earlier points of this and later steps.
inline std::map<std::string, std::vector<Point>> read_folder(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    paths.push_back(entry.path().string());
  std::sort(paths.begin(), paths.end());
  std::map<std::string, std::vector<Point>> result;
  for (const std::string& path : paths) {
    bool first = true;
    for (const std::string& record : records(read_file(path))) {
      const Message event(record);
      if (first && event.text(3) != "brain.Event:2") throw std::runtime_error("no file version");
      first = false;
      const uint64_t step = event.number(2);
      if (event.texts.contains(7) && Message(event.text(7)).number(1) == 1)
        for (auto& [tag, points] : result)
          std::erase_if(points, [&](const Point& point) { return point.step >= step; });
      const Message summary(event.text(5));
      for (const auto& [field, value] : summary.texts) {
        const Message message(value);
        result[message.text(1)].push_back({step, message});
      }
    }
  }
  return result;
}

}  // namespace gradus::events
