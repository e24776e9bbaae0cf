#include "data/files/byte_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/error.hpp"

namespace gradus::data {

std::size_t size_of_regular_file(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) file_error(path, "no such file");
  if (!std::filesystem::is_regular_file(status)) file_error(path, "not a regular file");
  return std::filesystem::file_size(path, ignored);
}

ByteReader::ByteReader(const std::string& path)
    : name_(path), size_(size_of_regular_file(path)), file_(path, std::ios::binary) {
  if (!file_) file_error(path, "can't be opened: {}", std::strerror(errno));
  constexpr std::size_t largest_piece = std::size_t{1} << 20, smallest_piece = 1 << 12;
  piece_.resize(std::clamp(size_, smallest_piece, largest_piece));
  refill();
  open_stream();
}

ByteReader::ByteReader(std::string name, std::span<const uint8_t> bytes)
    : name_(std::move(name)), size_(bytes.size()), loaded_(size_), input_(bytes) {
  open_stream();
}

ByteReader::~ByteReader() {
  if (compressed_) inflateEnd(&stream_);
}

void ByteReader::open_stream() {
  compressed_ = input_.size() >= 2 && input_[0] == 0x1f && input_[1] == 0x8b;
  if (!compressed_) return;
  constexpr int gzip_format = 15 + 16;
  if (inflateInit2(&stream_, gzip_format) != Z_OK) throw std::bad_alloc();
}

// Replaces the input, which was read, by the next piece of the file. Returns false at the end.
bool ByteReader::refill() {
  if (piece_.empty() || !file_) return false;
  file_.read(reinterpret_cast<char*>(piece_.data()), static_cast<std::streamsize>(piece_.size()));
  if (file_.bad()) file_error(name_, "can't be read");
  input_ = std::span(piece_).first(static_cast<std::size_t>(file_.gcount()));
  loaded_ += input_.size();
  return !input_.empty();
}

std::size_t ByteReader::read(std::span<uint8_t> out) {
  if (compressed_) return inflate_into(out);
  std::size_t filled = 0;
  while (filled < out.size() && (!input_.empty() || refill())) {
    const std::size_t count = std::min(out.size() - filled, input_.size());
    std::copy_n(input_.begin(), count, out.begin() + static_cast<std::ptrdiff_t>(filled));
    input_ = input_.subspan(count);
    filled += count;
  }
  return filled;
}

std::vector<uint8_t> ByteReader::read_up_to(std::size_t limit) {
  // Enough for usual data sets, so that their values are never moved.
  constexpr std::size_t usual = std::size_t{64} << 20;
  const std::size_t likely = compressed_ ? size_ * most_inflated : size_;
  const std::size_t chunk = std::clamp(likely, std::size_t{1} << 12, std::size_t{1} << 20);
  std::vector<uint8_t> bytes;
  bytes.reserve(std::min({limit, likely, usual}));
  while (bytes.size() < limit) {
    const std::size_t before = bytes.size();
    bytes.resize(before + std::min(chunk, limit - before));
    const std::size_t count = read(std::span(bytes).subspan(before));
    if (before + count < bytes.size()) {
      bytes.resize(before + count);
      break;
    }
  }
  return bytes;
}

// Zeros after the last member: archives on tapes are padded; gzip ignores it too.
bool ByteReader::only_padding_follows() {
  if (input_.empty() && !refill()) return true;
  if (input_[0] != 0) return false;
  do {
    if (std::ranges::any_of(input_, [](uint8_t byte) { return byte != 0; }))
      file_error(name_, "its gzip data is damaged: incorrect header check");
  } while (refill());
  input_ = {};
  return true;
}

std::size_t ByteReader::inflate_into(std::span<uint8_t> out) {
  constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in 32 bits
  std::size_t filled = 0;
  while (filled < out.size()) {
    if (!inside_member_) {
      if (only_padding_follows()) break;
      inflateReset(&stream_);
      inside_member_ = true;
    }
    if (input_.empty()) refill();
    const std::size_t available = std::min(input_.size(), most);
    const std::size_t wanted = std::min(out.size() - filled, most);
    stream_.next_in = const_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(available);
    stream_.next_out = out.data() + filled;
    stream_.avail_out = static_cast<uInt>(wanted);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    input_ = input_.subspan(available - stream_.avail_in);
    filled += wanted - stream_.avail_out;
    if (status == Z_STREAM_END)
      inside_member_ = false;
    else if (status == Z_BUF_ERROR)
      file_error(name_, "its gzip data is cut off");
    else if (status != Z_OK)
      file_error(name_, "its gzip data is damaged{}{}", stream_.msg ? ": " : "",
                 stream_.msg ? stream_.msg : "");
  }
  return filled;
}

}  // namespace gradus::data
