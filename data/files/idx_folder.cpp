#include "data/files/idx_folder.hpp"

#include <algorithm>
#include <filesystem>

#include "data/files/idx.hpp"

namespace gradus::data {
namespace {

// The plain file, else the one with .gz; that one's name too where there is neither.
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
    file_error(path, "needs images (N, H, W) or (N, C, H, W), holds {}", images);
  const Shape sample = images.without(0);
  return images.rank() == 3 ? sample.inserted(0, 1) : sample;
}

std::vector<int64_t> read_labels(const Files& files, int64_t images) {
  const Idx labels = read_idx(files.labels);
  if (labels.shape != Shape{images})
    file_error(files.labels, "needs a label for each of the {} images, holds {}", images,
               labels.shape);
  return {labels.values.begin(), labels.values.end()};
}

Dataset load(const Files& files, int64_t classes) {
  Idx images = read_idx(files.images);
  const Shape sample = sample_shape(files.images, images.shape);
  std::vector<int64_t> labels = read_labels(files, images.shape[0]);
  const auto largest = std::max_element(labels.begin(), labels.end());
  if (classes == 0) classes = *largest + 1;
  if (*largest >= classes)
    file_error(files.labels, "label {} of sample {}, but the classes are 0 to {}", *largest,
               largest - labels.begin(), classes - 1);
  return Dataset::of_bytes(std::move(images.values), sample, std::move(labels), classes);
}

}  // namespace

bool is_idx_folder(const std::string& folder) {
  return std::filesystem::exists(train_files(folder).images);
}

Split load_idx_folder(const std::string& folder, int64_t classes) {
  if (!std::filesystem::is_directory(folder)) file_error(folder, "no such folder");
  const Dataset train = load(train_files(folder), classes);
  const Dataset test = load(test_files(folder), train.classes());
  if (test.sample_shape() != train.sample_shape())
    file_error(test_files(folder).images,
               "images of shape {}, but those of the training set have {}", test.sample_shape(),
               train.sample_shape());
  return normalized_by_train({train, test});
}

}  // namespace gradus::data
