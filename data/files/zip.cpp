#include "data/files/zip.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.hpp"
#include "data/files/byte_reader.hpp"

namespace gradus::data {
namespace {

constexpr uint32_t local_mark = 0x04034b50, entry_mark = 0x02014b50, end_mark = 0x06054b50,
                   large_end_mark = 0x06064b50, locator_mark = 0x07064b50;
constexpr std::size_t local_size = 30, entry_size = 46, end_size = 22, large_end_size = 56,
                      locator_size = 20, longest_comment = 0xffff;
constexpr uint32_t in_extra_32 = 0xffffffff;  // the number is in the zip64 extra field
constexpr uint16_t in_extra_16 = 0xffff;

// The little-endian number of T's size at `place`, which exists.
template <class T>
T number_at(std::span<const uint8_t> bytes, std::size_t place) {
  uint64_t value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) value = value << 8 | bytes[place + i];
  return static_cast<T>(value);
}

// The 8-byte numbers of the zip64 extra field, in their order, for those that don't fit elsewhere.
class LargeNumbers {
 public:
  explicit LargeNumbers(std::span<const uint8_t> extra) {
    while (extra.size() >= 4) {
      const std::size_t size = number_at<uint16_t>(extra, 2);
      if (size > extra.size() - 4) return;
      if (number_at<uint16_t>(extra, 0) == 1) {
        numbers_ = extra.subspan(4, size);
        return;
      }
      extra = extra.subspan(4 + size);
    }
  }
  // `small`, or the next of the numbers if it stands for that. Returns false if there is none.
  bool take(uint32_t small, uint64_t& value) {
    value = small;
    if (small != in_extra_32) return true;
    if (numbers_.size() < 8) return false;
    value = number_at<uint64_t>(numbers_, 0);
    numbers_ = numbers_.subspan(8);
    return true;
  }

 private:
  std::span<const uint8_t> numbers_;
};

// Inflates `packed` into `content`; returns false unless it becomes exactly that many bytes.
bool inflate_member(std::span<const uint8_t> packed, std::span<uint8_t> content) {
  constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in 32 bits
  z_stream stream{};
  if (inflateInit2(&stream, -15) != Z_OK) throw std::bad_alloc();
  uint8_t none = 0;  // an empty span has no address, which zlib wants
  int status = Z_OK;
  while (status == Z_OK) {
    const std::size_t available = std::min(packed.size(), most);
    const std::size_t wanted = std::min(content.size(), most);
    stream.next_in = const_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(available);
    stream.next_out = content.empty() ? &none : content.data();
    stream.avail_out = static_cast<uInt>(wanted);
    status = inflate(&stream, Z_NO_FLUSH);
    packed = packed.subspan(available - stream.avail_in);
    content = content.subspan(wanted - stream.avail_out);
  }
  inflateEnd(&stream);
  return status == Z_STREAM_END && packed.empty() && content.empty();
}

}  // namespace

ZipReader::ZipReader(const std::string& path)
    : path_(path), size_(size_of_regular_file(path)), file_(path, std::ios::binary) {
  if (!file_) file_error(path, "can't be opened: {}", std::strerror(errno));
  read_directory(find_directory());
}

std::vector<uint8_t> ZipReader::bytes_at(uint64_t place, uint64_t count, const char* what) {
  if (place > size_ || count > size_ - place)
    file_error(path_, "is cut off or damaged: {} is outside of the file", what);
  std::vector<uint8_t> bytes(count);
  file_.clear();
  file_.seekg(static_cast<std::streamoff>(place));
  file_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
  if (!file_ || static_cast<uint64_t>(file_.gcount()) < count) file_error(path_, "can't be read");
  return bytes;
}

// The end of the archive tells where the list of its members is; a comment may follow.
ZipReader::Directory ZipReader::find_directory() {
  const uint64_t tail_size = std::min<uint64_t>(size_, end_size + longest_comment);
  const std::vector<uint8_t> tail = bytes_at(size_ - tail_size, tail_size, "its end");
  for (std::size_t place = tail.size() + 1; place-- > 0;) {
    if (tail.size() - place < end_size || number_at<uint32_t>(tail, place) != end_mark) continue;
    const uint64_t comment = number_at<uint16_t>(tail, place + 20);
    if (comment > tail.size() - place - end_size) continue;
    const auto disk = number_at<uint16_t>(tail, place + 4);
    const auto members = number_at<uint16_t>(tail, place + 10);
    const auto size = number_at<uint32_t>(tail, place + 12);
    const auto start = number_at<uint32_t>(tail, place + 16);
    if (members == in_extra_16 || size == in_extra_32 || start == in_extra_32)
      return large_directory(size_ - tail_size + place);
    if (disk != 0) file_error(path_, "is one part of several of a zip archive");
    return {members, size, start};
  }
  file_error(path_, "is not a zip archive, or is cut off: it doesn't have the end of one");
}

// `end`: where the end of an archive is that is too large for its numbers.
ZipReader::Directory ZipReader::large_directory(uint64_t end) {
  const char* what = "the zip64 end of the archive";
  const std::vector<uint8_t> locator =
      bytes_at(end < locator_size ? UINT64_MAX : end - locator_size, locator_size, what);
  if (number_at<uint32_t>(locator, 0) != locator_mark)
    file_error(path_, "is damaged: it lacks {}", what);
  const std::vector<uint8_t> record =
      bytes_at(number_at<uint64_t>(locator, 8), large_end_size, what);
  if (number_at<uint32_t>(record, 0) != large_end_mark)
    file_error(path_, "is damaged: it lacks {}", what);
  return {number_at<uint64_t>(record, 32), number_at<uint64_t>(record, 40),
          number_at<uint64_t>(record, 48)};
}

void ZipReader::read_directory(const Directory& directory) {
  const std::vector<uint8_t> bytes =
      bytes_at(directory.place, directory.size, "the list of its members");
  std::span<const uint8_t> rest = bytes;
  for (uint64_t i = 0; i < directory.members; ++i) {
    const auto damaged = [&] {
      file_error(path_, "is damaged: its list of {} members ends after {}", directory.members, i);
    };
    if (rest.size() < entry_size || number_at<uint32_t>(rest, 0) != entry_mark) damaged();
    const std::size_t name_size = number_at<uint16_t>(rest, 28);
    const std::size_t extra_size = number_at<uint16_t>(rest, 30);
    const std::size_t whole = entry_size + name_size + extra_size + number_at<uint16_t>(rest, 32);
    if (whole > rest.size()) damaged();
    ZipMember member;
    const std::span<const uint8_t> name = rest.subspan(entry_size, name_size);
    member.name.assign(name.begin(), name.end());
    member.is_encrypted = (number_at<uint16_t>(rest, 8) & 1) != 0;
    member.method = number_at<uint16_t>(rest, 10);
    member.checksum = number_at<uint32_t>(rest, 16);
    LargeNumbers large(rest.subspan(entry_size + name_size, extra_size));
    if (!large.take(number_at<uint32_t>(rest, 24), member.size) ||
        !large.take(number_at<uint32_t>(rest, 20), member.packed_size) ||
        !large.take(number_at<uint32_t>(rest, 42), member.place))
      file_error(path_, "is damaged: the size or place of {} is missing", in_quotes(member.name));
    members_.push_back(std::move(member));
    rest = rest.subspan(whole);
  }
}

std::vector<uint8_t> ZipReader::read(const ZipMember& member) {
  const std::string name = in_quotes(member.name);
  if (member.is_encrypted) file_error(path_, "{} is encrypted", name);
  if (member.method != 0 && member.method != 8)
    file_error(path_, "{} is compressed by method {}; it must be stored or deflated (0 or 8)", name,
               member.method);
  const std::vector<uint8_t> header = bytes_at(member.place, local_size, name.c_str());
  if (number_at<uint32_t>(header, 0) != local_mark)
    file_error(path_, "is damaged: {} isn't at its place", name);
  const uint64_t place =
      member.place + local_size + number_at<uint16_t>(header, 26) + number_at<uint16_t>(header, 28);
  std::vector<uint8_t> content = bytes_at(place, member.packed_size, name.c_str());
  if (member.method == 8) {
    if (member.size / most_inflated > member.packed_size)
      file_error(path_, "is damaged: {} can't become {} bytes from {}", name, member.size,
                 member.packed_size);
    const std::vector<uint8_t> packed = std::move(content);
    content = std::vector<uint8_t>(member.size);
    if (!inflate_member(packed, content)) file_error(path_, "the data of {} is damaged", name);
  }
  if (content.size() != member.size ||
      crc32_z(0, content.data(), content.size()) != member.checksum)
    file_error(path_, "the data of {} is damaged: its checksum or size is wrong", name);
  return content;
}

}  // namespace gradus::data
