#include "data/files/idx.hpp"

#include <algorithm>

#include "data/files/byte_reader.hpp"

namespace gradus::data {
namespace {

// Magic number: two zeros, the type, the number of dimensions.
int read_rank(const std::string& path, ByteReader& file) {
  std::array<uint8_t, 4> magic;
  if (file.read(magic) < magic.size()) file_error(path, "too short for an IDX file");
  if (magic[0] != 0 || magic[1] != 0)
    file_error(path, "no IDX file: it starts with {:02x}{:02x}{:02x}{:02x}, not 0000", magic[0],
               magic[1], magic[2], magic[3]);
  if (magic[2] != 0x08)
    file_error(path, "IDX type 0x{:02x}, only unsigned bytes (0x08) can be read", magic[2]);
  if (magic[3] < 1 || magic[3] > Shape::max_rank)
    file_error(path, "IDX header with {} dimensions, 1 to {} can be read", magic[3],
               Shape::max_rank);
  return magic[3];
}

Shape read_shape(const std::string& path, ByteReader& file) {
  constexpr int64_t limit = int64_t{1} << 40;
  std::vector<int64_t> extents(static_cast<std::size_t>(read_rank(path, file)));
  int64_t values = 1;
  for (int64_t& extent : extents) {
    std::array<uint8_t, 4> big_endian;
    if (file.read(big_endian) < 4) file_error(path, "cut off inside its IDX header");
    for (uint8_t byte : big_endian) extent = extent << 8 | byte;
    // An empty dimension doesn't excuse the others.
    const int64_t factor = std::max<int64_t>(extent, 1);
    if (values > limit / factor) file_error(path, "its IDX header promises more than 2^40 values");
    values *= factor;
  }
  return Shape(extents);
}

}  // namespace

Idx read_idx(const std::string& path) {
  ByteReader file(path);
  Idx idx{read_shape(path, file), {}};
  const auto expected = static_cast<std::size_t>(idx.shape.numel());
  idx.values = file.read_up_to(expected);
  if (idx.values.size() < expected)
    file_error(path, "cut off: its header says {}, that is {} values, but {} follow", idx.shape,
               expected, idx.values.size());
  // Reading on also checks the sum at the end of gzip data.
  std::array<uint8_t, 1> next;
  if (file.read(next) > 0)
    file_error(path, "longer than its header says: {}, that is {} values", idx.shape, expected);
  return idx;
}

}  // namespace gradus::data
