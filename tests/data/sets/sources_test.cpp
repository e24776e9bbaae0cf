#include "data/sets/load.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "data/files/idx.hpp"
#include "data/sets/mnist.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace gradus::data;

namespace {

Bytes numbers(std::size_t n) {
  Bytes bytes(n);
  for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<uint8_t>(i);
  return bytes;
}

// Four training images and two to test, of 2 × 3 pixels; some files compressed.
void write_idx_folder(const TemporaryFolder& folder) {
  folder.write("train-images-idx3-ubyte", idx_bytes({4, 2, 3}, numbers(24)));
  folder.write("train-labels-idx1-ubyte.gz", gzip_bytes(idx_bytes({4}, {0, 1, 2, 1})));
  folder.write("t10k-images-idx3-ubyte.gz", gzip_bytes(idx_bytes({2, 2, 3}, numbers(12))));
  folder.write("t10k-labels-idx1-ubyte", idx_bytes({2}, {2, 0}));
}

// The process's working folder is `path` while it lives.
class WorkingFolder {
 public:
  explicit WorkingFolder(const std::string& path) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
  }
  ~WorkingFolder() { std::filesystem::current_path(before_); }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;

 private:
  std::filesystem::path before_;
};

}  // namespace

TEST_CASE("a folder of IDX files, plain and compressed, is a data set") {
  const TemporaryFolder folder;
  write_idx_folder(folder);
  const auto [split, name, note] = load(folder.path());
  CHECK(name == folder.path());
  CHECK(note.empty());
  CHECK(split.train.size() == 4);
  CHECK(split.test.size() == 2);
  CHECK(split.train.classes() == 3);
  CHECK(split.train.sample_shape() == Shape{1, 2, 3});
  CHECK(split.test.labels().to_vector<int64_t>() == std::vector<int64_t>{2, 0});
  // numpy: (12/255 − mean) / std of 0 … 23.
  CHECK(split.train.batch(2, 1).inputs.to_vector<float>()[0] == doctest::Approx(0.0722315118));
  CHECK(mnist(folder.path()).train.classes() == 10);
}

TEST_CASE("files of a folder that don't fit each other are errors with the file's name") {
  const TemporaryFolder folder;
  write_idx_folder(folder);
  const auto error = [&](const char* name, const Bytes& bytes, const std::string& message) {
    folder.write(name, bytes);
    CHECK_THROWS_WITH_AS(load_idx_folder(folder.path()),
                         (folder.path(name) + ": " + message).c_str(), std::runtime_error);
    write_idx_folder(folder);
  };
  error("train-labels-idx1-ubyte.gz", gzip_bytes(idx_bytes({3}, {0, 1, 2})),
        "must have one label for each of the 4 images, has shape (3)");
  error("t10k-labels-idx1-ubyte", idx_bytes({2}, {0, 3}), "labels must be 0 to 2: label 1 is 3");
  error("t10k-images-idx3-ubyte.gz", idx_bytes({2, 1, 3}, numbers(6)),
        "the images have shape (1, 1, 3), those of the training set (1, 2, 3)");
  error("train-images-idx3-ubyte", idx_bytes({24}, numbers(24)),
        "must have images (N, H, W) or (N, C, H, W), has (24)");
  error("train-images-idx3-ubyte", idx_bytes({0, 2, 3}, {}),
        "must have images (N, H, W) or (N, C, H, W), has (0, 2, 3)");
  std::filesystem::remove(folder.path("t10k-labels-idx1-ubyte"));
  CHECK_THROWS_WITH(load_idx_folder(folder.path()),
                    (folder.path("t10k-labels-idx1-ubyte.gz") + ": no such file").c_str());
  CHECK_THROWS_WITH(load_idx_folder("/no/folder"), "/no/folder: no such folder");
}

TEST_CASE("the error for missing MNIST files has the searched folders and how to get the files") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(mnist(folder.path()),
                       ("mnist: no train-images-idx3-ubyte(.gz) in " + folder.path() +
                        "; download the files with './run fetch mnist'")
                           .c_str(),
                       std::runtime_error);
  CHECK_THROWS_WITH(fashion_mnist(folder.path()),
                    ("fashion-mnist: no train-images-idx3-ubyte(.gz) in " + folder.path() +
                     "; download the files with './run fetch fashion-mnist', or install Debian's "
                     "dataset-fashion-mnist")
                        .c_str());
}

TEST_CASE("auto takes MNIST if it is found and says so") {
  const TemporaryFolder folder;
  write_idx_folder(folder);
  const Source given = load("auto", {.data_dir = folder.path()});
  CHECK(given.name == "mnist");
  CHECK(given.split.train.size() == 4);
  CHECK(given.note ==
        "auto took MNIST from " + folder.path() + "; others: --data fashion-mnist, --data digits");

  const TemporaryFolder project;
  std::filesystem::create_directories(project.path("data"));
  std::filesystem::copy(folder.path(), project.path("data/mnist"));
  const WorkingFolder inside(project.path());
  CHECK(load("auto").note.starts_with("auto took MNIST from data/mnist;"));
  CHECK(load("mnist").split.train.size() == 4);
  CHECK_THROWS_WITH(load("auto", {.data_dir = "/no/folder"}), "/no/folder: no such folder");
}

TEST_CASE("auto takes another set if MNIST is missing, and says how to get MNIST") {
  const TemporaryFolder empty;
  const WorkingFolder inside(empty.path());
  const Source source = load("auto");
  const bool fashion = !find_idx_folder(fashion_mnist_folders()).empty();
  CHECK(source.name == (fashion ? "fashion-mnist" : "digits"));
  CHECK(source.note.find("./run fetch mnist") != std::string::npos);
}

TEST_CASE("a CSV file is split by the seed and normalized") {
  const TemporaryFolder folder;
  std::string text = "x,class\n";
  for (int i = 0; i < 50; ++i) text += std::to_string(i) + "," + std::to_string(i % 2) + "\n";
  const std::string path = folder.write("points.csv", text);
  const auto train = [&](uint64_t seed) {
    return load(path, {.seed = seed}).split.train.labels().to_vector<int64_t>();
  };
  const Split split = load(path).split;
  CHECK(split.train.size() == 40);
  CHECK(split.test.size() == 10);
  CHECK(split.train.normalization() == split.train.statistics());
  CHECK(train(1) == train(1));
  CHECK(train(1) != train(2));
}

TEST_CASE(
    "every built-in data set of the table loads and has the classes its labels use, or numbers") {
  for (const auto& entry : sources().entries()) {
    if (entry.name.ends_with("mnist") || entry.name == "auto") continue;
    CAPTURE(entry.name);
    const Source source = load(entry.name, {.seed = 5});
    CHECK(source.name == entry.name);
    CHECK(source.split.train.size() >= 3 * source.split.test.size());
    const std::string& name = entry.name;
    const bool has_numbers = name == "diabetes" || name == "sine" || name == "friedman1";
    CHECK(source.split.train.target_kind() ==
          (has_numbers ? TargetKind::numbers : TargetKind::classes));
    if (has_numbers) continue;
    const std::vector<int64_t> labels = source.split.train.labels().to_vector<int64_t>();
    CHECK(*std::max_element(labels.begin(), labels.end()) + 1 == source.split.train.classes());
  }
}

TEST_CASE("built-in data sets are found in the spelling of other libraries") {
  CHECK(load("breast_cancer").name == "breast-cancer");
  CHECK(load("Iris").split.train.size() == 120);
}

TEST_CASE("an unknown data set is an error that lists the names, nearest first") {
  CHECK_THROWS_WITH_AS(load("minst"), "unknown data set 'minst': did you mean mnist?",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(load("missing/set.csv"), "missing/set.csv: no such file or folder",
                       std::runtime_error);
}

TEST_SUITE("slow") {
  TEST_CASE("MNIST has its published mean and deviation") {
    const char* folder = std::getenv("GRADUS_MNIST_DIR");
    if (!folder) {
      MESSAGE("GRADUS_MNIST_DIR isn't set");
      return;
    }
    const auto [train, test] = mnist(folder);
    CHECK(train.size() == 60000);
    CHECK(test.size() == 10000);
    CHECK(train.normalization().mean[0] == doctest::Approx(0.13066047740239478));
    CHECK(train.normalization().deviation[0] == doctest::Approx(0.30810780717887876));
    const std::vector<int64_t> labels = train.first(5).labels().to_vector<int64_t>();
    CHECK(labels == std::vector<int64_t>{5, 0, 4, 1, 9});
  }
}
