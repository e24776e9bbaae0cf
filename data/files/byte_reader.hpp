// ByteReader: reads the bytes of a plain or gzip file.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace gradus::data {

/// The largest number of bytes that one byte of deflate data (gzip, PNG) can stand for (RFC 1951: 2
/// bits for 258 bytes).
constexpr std::size_t most_inflated = 1032;

/// The number of bytes of a file. Throws std::runtime_error "path: …" if it is missing or is not a
/// regular file.
std::size_t size_of_regular_file(const std::string& path);

/// Reads plain bytes, and gzip data decompressed; it recognizes gzip by the first bytes. Of a file
/// at most a megabyte is in memory at a time. Errors are std::runtime_error "name: …".
class ByteReader {
 public:
  /// Opens a file. Throws if it is missing, can't be opened or is not a regular file.
  explicit ByteReader(const std::string& path);
  /// Reads from bytes in memory, which must outlive the reader; errors begin with `name`.
  ByteReader(std::string name, std::span<const uint8_t> bytes);
  ~ByteReader();
  ByteReader& operator=(ByteReader&&) = delete;

  /// Fills `out`; at the end of the data it may fill only a part. Returns the number of bytes read.
  /// Throws if the gzip data is damaged or cut off.
  std::size_t read(std::span<uint8_t> out);
  /// The next `limit` bytes, or fewer at the end of the data. The memory it takes grows with the
  /// data, not with `limit`.
  std::vector<uint8_t> read_up_to(std::size_t limit);
  /// The part of the file or the bytes in memory that was read, from 0 to 1, however little of them
  /// they decompress to.
  double part_read() const {
    return static_cast<double>(loaded_ - input_.size()) / static_cast<double>(size_);
  }

 private:
  void open_stream();
  bool refill();
  bool only_padding_follows();
  std::size_t inflate_into(std::span<uint8_t> out);

  std::string name_;
  std::size_t size_;        // of the file or the bytes in memory
  std::size_t loaded_ = 0;  // of them
  std::ifstream file_;
  std::vector<uint8_t> piece_;      // of the file
  std::span<const uint8_t> input_;  // of the piece or the bytes in memory, not yet read
  bool compressed_ = false;
  bool inside_member_ = true;
  z_stream stream_{};
};

}  // namespace gradus::data
