// ZipReader: reads the members of a zip archive.
#pragma once

#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <vector>

namespace gradus::data {

/// A file in an archive.
struct ZipMember {
  std::string name = {};      ///< with its folders: "images/1.png"
  uint64_t size = 0;          ///< of the content
  uint64_t packed_size = 0;   ///< of its bytes in the archive
  uint64_t place = 0;         ///< of its header in the archive
  uint32_t checksum = 0;      ///< CRC-32 of the content
  uint16_t method = 0;        ///< 0: stored, 8: deflated; others can't be read
  bool is_encrypted = false;  ///< such members can't be read
};

/// An archive, also a large one (zip64). Its size limits every other one: nothing is allocated for
/// sizes that can't be true. Errors are std::runtime_error "path: …".
class ZipReader {
 public:
  /// Reads the list of the members. Throws if the file is missing, no zip archive, or damaged.
  explicit ZipReader(const std::string& path);

  /// The members in their order.
  const std::vector<ZipMember>& members() const { return members_; }
  /// The content of a member, stored or deflated. Throws if it is damaged, cut off, encrypted or
  /// compressed by another method.
  std::vector<uint8_t> read(const ZipMember& member);

 private:
  struct Directory {
    uint64_t members, size, place;
  };

  std::vector<uint8_t> bytes_at(uint64_t place, uint64_t count, const char* what);
  Directory find_directory();
  Directory large_directory(uint64_t end);
  void read_directory(const Directory& directory);

  std::string path_;
  uint64_t size_;
  std::ifstream file_;
  std::vector<ZipMember> members_;
};

}  // namespace gradus::data
