// NpyHeader, read_npy_header: the beginning of an .npy file, one array of NumPy.
#pragma once

#include "core/shape.hpp"

namespace gradus::data {

class ByteReader;

/// What the numbers of an array are.
enum class NpyKind : uint8_t {
  boolean,         ///< one byte, 0 or 1
  signed_whole,    ///< 1 to 8 bytes
  unsigned_whole,  ///< the same
  floating,        ///< 4 or 8 bytes
};

/// What the header of an .npy file says.
struct NpyHeader {
  std::string type = {};             ///< as in the file: "<f4"
  NpyKind kind = NpyKind::floating;  ///< of the numbers
  int bytes_each = 4;                ///< of a number
  bool is_big_endian = false;        ///< the first byte of a number is the largest
  bool is_fortran = false;           ///< the first index runs fastest
  Shape shape = {};                  ///< at most 2^40 values
};

/// Reads it up to the first number. Throws std::runtime_error "name: …" for a file that isn't an
/// .npy file, a damaged header, and types that aren't supported.
NpyHeader read_npy_header(const std::string& name, ByteReader& file);

}  // namespace gradus::data
