// npy_bytes, zip_bytes: files as NumPy writes them, for tests.
#pragma once

#include <cstring>

#include "tests/temporary_folder.hpp"

namespace gradus {

inline void append_text(Bytes& bytes, const std::string& text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
}

/// Appends the `count` low bytes of a number, the lowest first.
inline void append_number(Bytes& bytes, uint64_t number, int count) {
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<uint8_t>(number >> 8 * i));
}

/// An .npy file with this header and these bytes of values.
inline Bytes npy_file(const std::string& header, const Bytes& values, int version = 1) {
  Bytes bytes{0x93};
  append_text(bytes, "NUMPY");
  bytes.push_back(static_cast<uint8_t>(version));
  bytes.push_back(0);
  append_number(bytes, header.size() + 1, version == 1 ? 2 : 4);
  append_text(bytes, header + "\n");
  bytes.insert(bytes.end(), values.begin(), values.end());
  return bytes;
}

/// "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".
inline std::string npy_header(const std::string& type, const std::string& shape,
                              bool is_fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (is_fortran ? "True" : "False") +
         ", 'shape': (" + shape + "), }";
}

/// The bytes of numbers, one after the other.
template <class T>
Bytes bytes_of(const std::vector<T>& numbers) {
  Bytes bytes(numbers.size() * sizeof(T));
  if (!numbers.empty()) std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

/// An .npy file of numbers: npy_bytes<float>("<f4", "2, 1", {1, 2}).
template <class T>
Bytes npy_bytes(const std::string& type, const std::string& shape, const std::vector<T>& numbers) {
  return npy_file(npy_header(type, shape), bytes_of(numbers));
}

/// A member of an archive, and what its lists say of it instead of the truth.
struct ZipEntry {
  std::string name = {};
  Bytes content = {};
  bool is_deflated = false;
  bool is_large = false;  ///< sizes and place are in the zip64 extra field
  int method = -1;        ///< another than the true one
  int flags = 0;
  int64_t size = -1;
  int64_t packed_size = -1;
  int64_t checksum = -1;
};

inline Bytes deflated(const Bytes& content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  Bytes result(deflateBound(&stream, content.size()));
  stream.next_in = const_cast<Bytef*>(content.data());
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = result.data();
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

/// A zip archive; `is_large`: with the end of zip64.
inline Bytes zip_bytes(const std::vector<ZipEntry>& entries, bool is_large = false,
                       const std::string& comment = "") {
  Bytes archive, list;
  for (const ZipEntry& entry : entries) {
    const Bytes packed = entry.is_deflated ? deflated(entry.content) : entry.content;
    const auto or_true = [](int64_t lie, uint64_t truth) {
      return lie < 0 ? truth : static_cast<uint64_t>(lie);
    };
    const uint64_t size = or_true(entry.size, entry.content.size());
    const uint64_t packed_size = or_true(entry.packed_size, packed.size());
    const uint64_t place = archive.size();
    const auto append_common = [&](Bytes& to) {
      append_number(to, static_cast<uint64_t>(entry.flags), 2);
      append_number(to, or_true(entry.method, entry.is_deflated ? 8 : 0), 2);
      append_number(to, 0, 4);  // time and date
      append_number(
          to, or_true(entry.checksum, crc32_z(0, entry.content.data(), entry.content.size())), 4);
      append_number(to, entry.is_large ? UINT32_MAX : packed_size, 4);
      append_number(to, entry.is_large ? UINT32_MAX : size, 4);
      append_number(to, entry.name.size(), 2);
    };
    append_text(archive, "PK\x03\x04");
    append_number(archive, 45, 2);
    append_common(archive);
    append_number(archive, 5, 2);
    append_text(archive, entry.name + "extra");
    archive.insert(archive.end(), packed.begin(), packed.end());

    Bytes extra;
    if (entry.is_large) {
      append_number(extra, 0x5455, 2);  // another field before it
      append_number(extra, 1, 2);
      append_number(extra, 0, 1);
      append_number(extra, 1, 2);
      append_number(extra, 24, 2);
      for (const uint64_t number : {size, packed_size, place}) append_number(extra, number, 8);
    }
    append_text(list, "PK\x01\x02");
    append_number(list, 45, 2);
    append_number(list, 45, 2);
    append_common(list);
    append_number(list, extra.size(), 2);
    append_number(list, 4, 2);  // of the comment
    append_number(list, 0, 8);
    append_number(list, entry.is_large ? UINT32_MAX : place, 4);
    append_text(list, entry.name);
    list.insert(list.end(), extra.begin(), extra.end());
    append_text(list, "note");
  }
  const uint64_t list_place = archive.size();
  archive.insert(archive.end(), list.begin(), list.end());
  const uint64_t end_place = archive.size();
  if (is_large) {
    append_text(archive, "PK\x06\x06");
    append_number(archive, 44, 8);
    append_number(archive, 45, 2);
    append_number(archive, 45, 2);
    append_number(archive, 0, 8);
    append_number(archive, entries.size(), 8);
    append_number(archive, entries.size(), 8);
    append_number(archive, list.size(), 8);
    append_number(archive, list_place, 8);
    append_text(archive, "PK\x06\x07");
    append_number(archive, 0, 4);
    append_number(archive, end_place, 8);
    append_number(archive, 1, 4);
  }
  append_text(archive, "PK\x05\x06");
  append_number(archive, 0, 4);
  for (int i = 0; i < 2; ++i) append_number(archive, is_large ? 0xffff : entries.size(), 2);
  append_number(archive, is_large ? UINT32_MAX : list.size(), 4);
  append_number(archive, is_large ? UINT32_MAX : list_place, 4);
  append_number(archive, comment.size(), 2);
  append_text(archive, comment);
  return archive;
}

}  // namespace gradus
