#include "data/sets/sources.hpp"

#include <filesystem>

#include "data/sets/built_in.hpp"
#include "data/sets/digits.hpp"
#include "data/sets/mnist.hpp"
#include "data/sets/mnist_1d.hpp"
#include "data/sets/toy.hpp"
#include "data/sets/toy_numbers.hpp"

namespace gradus::data {
namespace {

Source load_auto(const LoadOptions& options) {
  std::vector<std::string> folders = mnist_folders();
  if (!options.data_dir.empty()) {
    if (!std::filesystem::is_directory(options.data_dir))
      file_error(options.data_dir, "no such folder");
    folders.insert(folders.begin(), options.data_dir);
  }
  if (const std::string folder = find_idx_folder(folders); !folder.empty())
    return {mnist(folder), "mnist",
            fmt::format("auto took MNIST from {}; others: --data fashion-mnist, --data digits",
                        folder)};
  if (const std::string folder = find_idx_folder(fashion_mnist_folders()); !folder.empty())
    return {fashion_mnist(folder), "fashion-mnist",
            fmt::format("auto took Fashion-MNIST from {}, since MNIST was not found (download it "
                        "with './run fetch mnist'); another: --data digits",
                        folder)};
  return {digits(), "digits",
          "auto took the small built-in set digits, since MNIST and Fashion-MNIST were not found "
          "(download them with './run fetch mnist' or './run fetch fashion-mnist')"};
}

SourceFactory without_options(std::string name, Split (*make)()) {
  return [name = std::move(name), make](const LoadOptions&) { return Source{make(), name, ""}; };
}

template <class Options>
SourceFactory toy(std::string name, Split (*make)(const Options&, Rng&)) {
  return [name = std::move(name), make](const LoadOptions& options) {
    Rng rng(options.seed);
    return Source{make({}, rng), name, ""};
  };
}

}  // namespace

const Registry<SourceFactory>& sources() {
  static const Registry<SourceFactory> table(
      "data set",
      {{"auto", "MNIST if it is found, otherwise Fashion-MNIST, otherwise digits", load_auto},
       {"mnist", "70,000 handwritten digits, 28x28 (./run fetch mnist)",
        [](const LoadOptions& options) {
          return Source{mnist(options.data_dir), "mnist", ""};
        }},
       {"fashion-mnist", "70,000 pieces of clothing, 28x28 (./run fetch fashion-mnist)",
        [](const LoadOptions& options) {
          return Source{fashion_mnist(options.data_dir), "fashion-mnist", ""};
        }},
       {"digits", "1,797 handwritten digits, enlarged to 28x28; built in",
        without_options("digits", digits)},
       {"iris", "150 irises of three species, 4 features; built in", without_options("iris", iris)},
       {"wine", "178 wines of three cultivars, 13 features; built in",
        without_options("wine", wine)},
       {"breast-cancer", "569 tumours, malignant or benign, 30 features; built in",
        without_options("breast-cancer", breast_cancer)},
       {"diabetes", "442 patients, 10 features; the target is a number; built in",
        without_options("diabetes", diabetes)},
       {"mnist-1d", "toy: ten classes of sequences of 40 numbers, MNIST in one dimension",
        toy("mnist-1d", mnist_1d)},
       {"moons", "toy: two interleaving half circles", toy("moons", moons)},
       {"circles", "toy: a circle around a smaller one", toy("circles", circles)},
       {"spirals", "toy: three arms of a spiral", toy("spirals", spirals)},
       {"blobs", "toy: three normal distributions", toy("blobs", blobs)},
       {"xor", "toy: a square whose quadrants alternate", toy("xor", exclusive_or)},
       {"sine", "toy: a number, noisy samples of a sine with gaps", toy("sine", sine)},
       {"friedman1", "toy: a number of 10 features, half of which are useless",
        toy("friedman1", friedman1)}},
      {{"fashion-mnist", {"fmnist"}}, {"mnist-1d", {"mnist1d"}}, {"moons", {"two-moons"}}});
  return table;
}

}  // namespace gradus::data
