// Bytes of a file, decompressed on the way where they are gzip's.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gradus::data {

/// The most bytes that deflate, of gzip and PNG, makes of one (RFC 1951: 258 bytes by 2 bits).
constexpr std::size_t most_inflated = 1032;

/// Reads plain bytes and gzip alike; which one it is, the content tells. Errors are
/// std::runtime_error "name: …".
class ByteReader {
 public:
  /// Of a file. Throws when it is missing, can't be opened or is no regular file.
  explicit ByteReader(const std::string& path);
  /// Of bytes in memory, which outlive the reader; `name` stands in errors.
  ByteReader(std::string name, std::span<const uint8_t> bytes);
  ~ByteReader();
  ByteReader& operator=(ByteReader&&) = delete;

  /// Fills `out`, less of it only at the end. Returns the number of bytes read. Throws where the
  /// gzip data is damaged or cut off.
  std::size_t read(std::span<uint8_t> out);
  /// The next `limit` bytes, fewer only at the end. Memory grows with what is there, not with what
  /// was asked for.
  std::vector<uint8_t> read_up_to(std::size_t limit);

 private:
  void open_stream();
  std::size_t inflate_into(std::span<uint8_t> out);

  std::string name_;
  std::vector<uint8_t> file_;
  std::span<const uint8_t> input_;  // not yet read
  bool compressed_ = false;
  bool inside_member_ = true;
  z_stream stream_{};
};

}  // namespace gradus::data
