#include "data/sets/mnist.hpp"

#include <fmt/ranges.h>

#include "data/files/idx.hpp"

namespace gradus::data {

static Split load(const std::string& name, const std::vector<std::string>& folders,
                  const std::string& otherwise) {
  const std::string folder = find_idx_folder(folders);
  if (folder.empty())
    throw std::runtime_error(fmt::format(
        "{}: no train-images-idx3-ubyte(.gz) in {}; download the files with './run fetch {}'{}",
        name, fmt::join(folders, " or "), name, otherwise));
  return load_idx_folder(folder, 10);
}

std::vector<std::string> mnist_folders() {
  return {"data/mnist"};
}

std::vector<std::string> fashion_mnist_folders() {
  return {"data/fashion-mnist", "/usr/share/datasets/fashion-mnist"};
}

std::string find_idx_folder(const std::vector<std::string>& folders) {
  for (const std::string& folder : folders)
    if (is_idx_folder(folder)) return folder;
  return "";
}

Split mnist(const std::string& folder) {
  return load("mnist", folder.empty() ? mnist_folders() : std::vector{folder}, "");
}

Split fashion_mnist(const std::string& folder) {
  return load("fashion-mnist", folder.empty() ? fashion_mnist_folders() : std::vector{folder},
              ", or install Debian's dataset-fashion-mnist");
}

}  // namespace gradus::data
