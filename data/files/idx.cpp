#include "data/files/idx.hpp"

#include <algorithm>
#include <filesystem>

#include "data/files/byte_reader.hpp"

namespace gradus::data {
namespace {

// The magic number: two zeros, the type, the number of dimensions.
int read_rank(const std::string& path, ByteReader& file) {
  std::array<uint8_t, 4> magic;
  if (file.read(magic) < magic.size()) file_error(path, "is too short for an IDX file");
  if (magic[0] != 0 || magic[1] != 0)
    file_error(path, "is not an IDX file: it starts with {:02x}{:02x}{:02x}{:02x}, not 0000",
               magic[0], magic[1], magic[2], magic[3]);
  if (magic[2] != 0x08)
    file_error(path, "the IDX type must be unsigned bytes (0x08), got 0x{:02x}", magic[2]);
  if (magic[3] < 1 || magic[3] > Shape::max_rank)
    file_error(path, "the IDX header must have 1 to {} dimensions, got {}", Shape::max_rank,
               magic[3]);
  return magic[3];
}

Shape read_shape(const std::string& path, ByteReader& file) {
  constexpr int64_t limit = int64_t{1} << 40;
  std::vector<int64_t> extents(static_cast<std::size_t>(read_rank(path, file)));
  int64_t values = 1;
  for (int64_t& extent : extents) {
    std::array<uint8_t, 4> big_endian;
    if (file.read(big_endian) < 4) file_error(path, "is cut off inside its IDX header");
    for (uint8_t byte : big_endian) extent = extent << 8 | byte;
    // The other extents are checked even if one is 0.
    const int64_t factor = std::max<int64_t>(extent, 1);
    if (values > limit / factor)
      file_error(path, "its IDX header must not declare more than 2^40 values");
    values *= factor;
  }
  return Shape(extents);
}

// The plain file if it exists, otherwise the name with .gz.
std::string path_of(const std::string& folder, const char* name) {
  const std::string plain = (std::filesystem::path(folder) / name).string();
  return std::filesystem::exists(plain) ? plain : plain + ".gz";
}

struct Files {
  std::string images, labels;
};

Files train_files(const std::string& folder) {
  return {path_of(folder, "train-images-idx3-ubyte"), path_of(folder, "train-labels-idx1-ubyte")};
}

Files test_files(const std::string& folder) {
  return {path_of(folder, "t10k-images-idx3-ubyte"), path_of(folder, "t10k-labels-idx1-ubyte")};
}

Shape sample_shape(const std::string& path, const Shape& images) {
  if (images.rank() < 3 || images.rank() > 4 || images.numel() == 0)
    file_error(path, "must have images (N, H, W) or (N, C, H, W), has {}", images);
  const Shape sample = images.without(0);
  return images.rank() == 3 ? sample.inserted(0, 1) : sample;
}

std::vector<int64_t> read_labels(const Files& files, int64_t images) {
  const Idx labels = read_idx(files.labels);
  if (labels.shape != Shape{images})
    file_error(files.labels, "must have one label for each of the {} images, has shape {}", images,
               labels.shape);
  return {labels.values.begin(), labels.values.end()};
}

Dataset load(const Files& files, int64_t classes) {
  Idx images = read_idx(files.images);
  const Shape sample = sample_shape(files.images, images.shape);
  std::vector<int64_t> labels = read_labels(files, images.shape[0]);
  const auto largest = std::ranges::max_element(labels);
  if (classes == 0) classes = *largest + 1;
  if (*largest >= classes)
    file_error(files.labels, "labels must be 0 to {}: label {} is {}", classes - 1,
               largest - labels.begin(), *largest);
  return Dataset::of_bytes(std::move(images.values), sample, std::move(labels), classes);
}

}  // namespace

Idx read_idx(const std::string& path) {
  ByteReader file(path);
  Idx idx{read_shape(path, file), {}};
  const auto expected = static_cast<std::size_t>(idx.shape.numel());
  idx.values = file.read_up_to(expected);
  if (idx.values.size() < expected)
    file_error(path, "is cut off: its header says {}, that is {} values, but {} follow", idx.shape,
               expected, idx.values.size());
  // Reading on also checks the checksum at the end of gzip data.
  std::array<uint8_t, 1> next;
  if (file.read(next) > 0)
    file_error(path, "is longer than its header says: {}, that is {} values", idx.shape, expected);
  return idx;
}

bool is_idx_folder(const std::string& folder) {
  return std::filesystem::exists(train_files(folder).images);
}

Split load_idx_folder(const std::string& folder, int64_t classes) {
  if (!std::filesystem::is_directory(folder)) file_error(folder, "no such folder");
  const Dataset train = load(train_files(folder), classes);
  const Dataset test = load(test_files(folder), train.classes());
  if (test.sample_shape() != train.sample_shape())
    file_error(test_files(folder).images, "the images have shape {}, those of the training set {}",
               test.sample_shape(), train.sample_shape());
  return normalized_by_train({train, test});
}

}  // namespace gradus::data
