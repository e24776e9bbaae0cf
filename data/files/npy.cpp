#include "data/files/npy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "core/error.hpp"
#include "data/files/byte_reader.hpp"

namespace gradus::data {
namespace {

// Calls read(T) with a value of the type of the numbers.
template <class Read>
auto with_number_type(NpyKind kind, int bytes_each, Read read) {
  if (kind == NpyKind::floating) return bytes_each == 4 ? read(float{}) : read(double{});
  const bool is_signed = kind == NpyKind::signed_whole;
  switch (bytes_each) {
    case 1:
      return is_signed ? read(int8_t{}) : read(uint8_t{});
    case 2:
      return is_signed ? read(int16_t{}) : read(uint16_t{});
    case 4:
      return is_signed ? read(int32_t{}) : read(uint32_t{});
    default:
      return is_signed ? read(int64_t{}) : read(uint64_t{});
  }
}

template <class To>
std::vector<To> converted(const NpyArray& array) {
  std::vector<To> result(static_cast<std::size_t>(array.shape.numel()));
  return with_number_type(array.kind, array.bytes_each, [&]<class From>(From number) {
    for (std::size_t i = 0; i < result.size(); ++i) {
      std::memcpy(&number, array.bytes.data() + i * sizeof number, sizeof number);
      result[i] = static_cast<To>(number);
    }
    return std::move(result);
  });
}

void reverse_each(std::vector<uint8_t>& bytes, int bytes_each) {
  const auto step = static_cast<std::ptrdiff_t>(bytes_each);
  for (auto at = bytes.begin(); at != bytes.end(); at += step) std::reverse(at, at + step);
}

// Values whose first index runs fastest → values whose last index does.
std::vector<uint8_t> row_major(const std::vector<uint8_t>& bytes, const Shape& shape,
                               std::size_t bytes_each) {
  std::vector<uint8_t> result(bytes.size());
  const int rank = shape.rank();
  std::array<int64_t, Shape::max_rank> index{}, strides{};
  int64_t stride = 1;
  for (int i = 0; i < rank; ++i) {
    strides[static_cast<std::size_t>(i)] = stride;
    stride *= shape[i];
  }
  int64_t place = 0;
  for (std::size_t to = 0; to < bytes.size(); to += bytes_each) {
    std::copy_n(
        bytes.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(place) * bytes_each),
        bytes_each, result.begin() + static_cast<std::ptrdiff_t>(to));
    for (int i = rank; i-- > 0;) {
      const auto dimension = static_cast<std::size_t>(i);
      place += strides[dimension];
      if (++index[dimension] < shape[i]) break;
      place -= strides[dimension] * shape[i];
      index[dimension] = 0;
    }
  }
  return result;
}

NpyArray array_of(const std::string& name, ByteReader& file) {
  const NpyHeader header = read_npy_header(name, file);
  NpyArray array{header.kind, header.bytes_each, header.shape};
  const auto expected = static_cast<std::size_t>(header.shape.numel() * header.bytes_each);
  array.bytes = file.read_up_to(expected);
  if (array.bytes.size() < expected)
    file_error(name, "is cut off: its header says {} of {}, that is {} bytes, but {} follow",
               header.shape, header.type, expected, array.bytes.size());
  std::array<uint8_t, 1> next;
  if (file.read(next) > 0)
    file_error(name, "is longer than its header says: {} of {}, that is {} bytes", header.shape,
               header.type, expected);
  if (header.is_big_endian != (std::endian::native == std::endian::big))
    reverse_each(array.bytes, header.bytes_each);
  if (header.is_fortran && header.shape.rank() > 1)
    array.bytes = row_major(array.bytes, header.shape, static_cast<std::size_t>(header.bytes_each));
  if (header.kind == NpyKind::boolean)
    for (uint8_t& byte : array.bytes) byte = byte != 0;
  return array;
}

constexpr std::string_view npy_ending = ".npy";

}  // namespace

std::vector<double> NpyArray::to_doubles() const {
  return converted<double>(*this);
}

std::vector<float> NpyArray::to_floats() const {
  return converted<float>(*this);
}

NpyArray read_npy(const std::string& path) {
  ByteReader file(path);
  return array_of(path, file);
}

NpyArray parse_npy(const std::string& name, std::span<const uint8_t> bytes) {
  ByteReader file(name, bytes);
  return array_of(name, file);
}

NpzReader::NpzReader(const std::string& path) : path_(path), archive_(path) {
  for (const ZipMember& member : archive_.members())
    if (member.name.ends_with(npy_ending))
      names_.push_back(member.name.substr(0, member.name.size() - npy_ending.size()));
}

NpyArray NpzReader::read(const std::string& name) {
  for (const ZipMember& member : archive_.members())
    if (member.name == name + std::string(npy_ending))
      return parse_npy(fmt::format("{}: {}", path_, name), archive_.read(member));
  file_error(path_, "has no array {}", in_quotes(name));
}

std::vector<std::pair<std::string, NpyArray>> read_npz(const std::string& path) {
  NpzReader reader(path);
  std::vector<std::pair<std::string, NpyArray>> result;
  for (const std::string& name : reader.names()) result.emplace_back(name, reader.read(name));
  return result;
}

}  // namespace gradus::data
