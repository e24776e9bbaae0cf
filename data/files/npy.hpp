// NpyArray, read_npy, NpzReader, read_npz: NumPy's files, one array (.npy) or several with names
// (.npz).
#pragma once

#include "data/files/npy_header.hpp"
#include "data/files/zip.hpp"

namespace gradus::data {

/// An array of numbers. Its values are row-major and in the machine's byte order, whatever they are
/// in the file.
struct NpyArray {
  NpyKind kind = NpyKind::floating;  ///< of the numbers
  int bytes_each = 4;                ///< 4 or 8; 1 of booleans; 1, 2, 4 or 8 of whole numbers
  Shape shape = {};                  ///< the array's; () for a single number
  std::vector<uint8_t> bytes = {};   ///< the values: shape.numel()·bytes_each

  /// Whether the numbers are unsigned bytes, as those of images.
  bool are_bytes() const { return kind == NpyKind::unsigned_whole && bytes_each == 1; }
  /// The numbers; whole ones of more than 53 bits are rounded.
  std::vector<double> to_doubles() const;
  /// The numbers, rounded; ±∞ for those that are too large.
  std::vector<float> to_floats() const;
};

/// Reads an .npy file, plain or gzip, of format 1 to 3: numbers f4, f8, i1 to i8, u1 to u8 or
/// booleans, little- or big-endian, in C or Fortran order, with up to Shape::max_rank dimensions.
/// Throws std::runtime_error "path: …" for a file that is missing, damaged, or shorter or longer
/// than its header says, and for Python objects, texts, records and other types.
NpyArray read_npy(const std::string& path);
/// The same from the bytes of a file; errors begin with `name`.
NpyArray parse_npy(const std::string& name, std::span<const uint8_t> bytes);

/// An .npz file: a zip archive of .npy files, as np.savez and np.savez_compressed write it.
class NpzReader {
 public:
  /// Opens a file. Throws like ZipReader.
  explicit NpzReader(const std::string& path);

  /// The names of the arrays, without ".npy", in their order.
  const std::vector<std::string>& names() const { return names_; }
  /// Reads the array with that name. Throws like ZipReader::read() and read_npy(), whose errors
  /// begin with "path: name: ", and if there is none.
  NpyArray read(const std::string& name);

 private:
  std::string path_;
  ZipReader archive_;
  std::vector<std::string> names_;
};

/// All arrays of an .npz file with their names, in their order.
std::vector<std::pair<std::string, NpyArray>> read_npz(const std::string& path);

}  // namespace gradus::data
