#include "data/sets/image_folder.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "core/parallel.hpp"
#include "data/files/image.hpp"
#include "data/loader.hpp"
#include "data/sets/load.hpp"
#include "tests/same_bits.hpp"
#include "tests/temporary_folder.hpp"

using namespace gradus;
using namespace gradus::data;
using gradus::testing::same_bits;

namespace {

using Texts = std::vector<std::string>;

// Writes a picture whose values are `value` and, in its corner, `corner`.
void write_picture(const TemporaryFolder& folder, const std::string& name, double value,
                   double corner = 0, const Shape& shape = {1, 4, 4}) {
  std::filesystem::create_directories(std::filesystem::path(folder.path(name)).parent_path());
  Tensor picture = Tensor::full(shape, value);
  picture.mutable_data<float>()[0] = static_cast<float>(corner);
  write_png(folder.path(name), picture);
}

// Two classes of `count` different pictures each.
void write_classes(const TemporaryFolder& folder, const std::string& part, int count) {
  for (int i = 0; i < count; ++i) {
    write_picture(folder, fmt::format("{}/dark/{}.png", part, i), 0.2, i / 255.);
    write_picture(folder, fmt::format("{}/light/{}.png", part, i), 0.8, i / 255.);
  }
}

std::string folder_error(const std::string& folder) {
  try {
    Rng rng(0);
    load_image_folder(folder, rng);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

// The first values of all samples, as bytes.
std::vector<int> corners(const Dataset& samples) {
  const Batch batch = samples.normalized({}).batch(0, samples.size());
  std::vector<int> result;
  for (int64_t i = 0; i < samples.size(); ++i)
    result.push_back(static_cast<int>(
        std::lround(batch.inputs.data<float>()[i * samples.sample_shape().numel()] * 255)));
  return result;
}

}  // namespace

TEST_CASE("An image folder has its classes and files in natural order, with its parts") {
  const TemporaryFolder folder;
  for (const char* name : {"train/2/10.png", "train/2/9.png", "train/10/b/1.PNG", "train/10/a.png"})
    write_picture(folder, name, 0.5);
  write_picture(folder, "val/2/7.png", 0.5);
  write_picture(folder, "test/10/8.png", 0.5);
  const ImageFolder found = find_image_folder(folder.path());
  CHECK(found.classes == Texts{"2", "10"});
  Texts names;
  for (const std::string& path : found.paths)
    names.push_back(path.substr(folder.path().size() + 1));
  CHECK(names == Texts{"train/2/9.png", "train/2/10.png", "train/10/a.png", "train/10/b/1.PNG",
                       "val/2/7.png", "test/10/8.png"});
  CHECK(found.labels == std::vector<int64_t>{0, 0, 1, 1, 0, 1});
  CHECK(found.train == 4);
  CHECK(found.validation == 1);
  CHECK(found.test == 1);
  CHECK(found.notes.empty());
}

TEST_CASE("Hidden files are left out, others are counted") {
  const TemporaryFolder folder;
  write_classes(folder, ".", 5);
  write_picture(folder, "dark/.hidden.png", 0.5);
  write_picture(folder, ".git/x.png", 0.5);
  folder.write("dark/README.txt", "text");
  folder.write("list.csv", "a,b");
  const ImageFolder found = find_image_folder(folder.path());
  CHECK(found.paths.size() == 10);
  CHECK(found.notes ==
        Texts{"2 other files are left out, such as '" + folder.path("list.csv") + "'"});
}

TEST_CASE("A validation part without a test part is the test part") {
  const TemporaryFolder folder;
  write_classes(folder, "train", 5);
  write_classes(folder, "valid", 2);
  Rng rng(0);
  const ImageFolderSet set = load_image_folder(folder.path(), rng);
  CHECK(set.split.train.size() == 10);
  CHECK(set.split.test.size() == 4);
  CHECK(!set.validation);
}

TEST_CASE("Pictures are bytes in the files' order, with the names of their classes") {
  const TemporaryFolder folder;
  write_classes(folder, "train", 3);
  write_classes(folder, "valid", 1);
  write_classes(folder, "test", 2);
  Rng rng(0);
  const ImageFolderSet set = load_image_folder(folder.path(), rng);
  CHECK(corners(set.split.train) == std::vector<int>{0, 1, 2, 0, 1, 2});
  CHECK(corners(set.split.test) == std::vector<int>{0, 1, 0, 1});
  REQUIRE(set.validation);
  CHECK(corners(*set.validation) == std::vector<int>{0, 0});
  CHECK(set.validation->normalization() == set.split.train.normalization());
  CHECK(set.split.train.target_names() == Texts{"dark", "light"});
  CHECK(set.split.train.sample_shape() == Shape{1, 4, 4});
  CHECK(set.notes == Texts{"pictures become 4x4, their median size",
                           fmt::format("4 of 4 test pictures are also in the training part, such "
                                       "as '{0}/test/dark/0.png' and '{0}/train/dark/0.png'",
                                       folder.path())});
}

TEST_CASE("Without a test part a fifth of each class is held out") {
  const TemporaryFolder folder;
  write_classes(folder, ".", 10);
  Rng rng(0);
  const ImageFolderSet set = load_image_folder(folder.path(), rng);
  CHECK(set.split.train.size() == 16);
  std::map<int64_t, int> counts;
  for (const int64_t label : set.split.test.labels().to_vector<int64_t>()) ++counts[label];
  CHECK(counts == std::map<int64_t, int>{{0, 2}, {1, 2}});
}

TEST_CASE("Samples have the median size, made smaller, and colours if a picture has one") {
  const TemporaryFolder folder;
  write_picture(folder, "a/1.png", 0.5, 0, {3, 100, 200});
  write_picture(folder, "a/2.png", 0.5, 0, {1, 100, 200});
  write_picture(folder, "b/1.png", 0.5, 0, {1, 10, 20});
  const ImageFolder found = find_image_folder(folder.path());
  const Targets targets{.values = Tensor::from(found.labels, {3}), .count = 2};
  const PictureSamples grey = read_pictures(
      {found.paths[1], found.paths[2]}, {.values = Tensor::from<int64_t>({0, 1}, {2}), .count = 2});
  CHECK(grey.samples.sample_shape() == Shape{1, 32, 64});
  const PictureSamples all = read_pictures(found.paths, targets);
  CHECK(all.samples.sample_shape() == Shape{3, 32, 64});
  CHECK(all.notes == Texts{"pictures become 32x64, their median size 100x200 made smaller"});
  CHECK(read_pictures(found.paths, targets, {.height = 5, .width = 7, .channels = 1})
            .samples.sample_shape() == Shape{1, 5, 7});
}

TEST_CASE("Pictures that don't fit into memory are read again, with the same bits") {
  const TemporaryFolder folder;
  write_classes(folder, "train", 20);
  write_classes(folder, "test", 5);
  const auto batches = [&](int64_t memory, int threads) {
    set_num_threads(threads);
    Rng rng(0), order(1);
    const ImageFolderSet set = load_image_folder(folder.path(), rng, {.memory = memory});
    CHECK(set.split.train.is_read_again() == (memory < 800));
    Tensors result;
    for (int epoch = 0; epoch < 2; ++epoch)
      for (auto [images, labels] : Loader(set.split.train, {.batch_size = 3}, order)) {
        result.push_back(images);
        result.push_back(labels);
      }
    result.push_back(set.split.test.batch(0, 10).inputs);
    result.push_back(
        Tensor::from<int64_t>({static_cast<int64_t>(set.split.train.checksum())}, {1}));
    return result;
  };
  const int before = num_threads();
  const Tensors kept = batches(800, 1);
  CHECK(same_bits(kept, batches(799, 1)));
  CHECK(same_bits(kept, batches(799, 4)));
  set_num_threads(before);
  Rng rng(0);
  CHECK(load_image_folder(folder.path(), rng, {.memory = 799}).notes[1] ==
        "50 pictures take 0 MB, but the memory for them is 0 MB: they are read again each epoch");
}

TEST_CASE("A file that disappears during training is an error of its batch") {
  const TemporaryFolder folder;
  write_classes(folder, ".", 5);
  Rng rng(0);
  const ImageFolderSet set = load_image_folder(folder.path(), rng, {.memory = 1});
  for (const char* name : {"dark", "light"}) std::filesystem::remove_all(folder.path(name));
  Loader loader(set.split.train, {.batch_size = 2, .shuffle = false}, rng);
  CHECK_THROWS_AS(loader.begin(), std::runtime_error);
}

TEST_CASE("A few damaged files are left out and named") {
  const TemporaryFolder folder;
  write_classes(folder, "train", 99);
  write_classes(folder, "test", 1);
  folder.write("train/dark/5.png", "GIF89a");
  folder.write("train/light/7.png", "");
  Rng rng(0);
  const ImageFolderSet set = load_image_folder(folder.path(), rng);
  CHECK(set.split.train.size() == 196);
  const std::vector<int> values = corners(set.split.train);
  CHECK(values[5] == 6);
  CHECK(
      set.notes[1].starts_with("left out: " + folder.path("train/dark/5.png") + ": is not a PNG"));
  CHECK(set.notes[2].starts_with("left out: " + folder.path("train/light/7.png") + ": "));

  folder.write("train/light/8.png", "");
  const std::string error = folder_error(folder.path());
  CHECK(error.starts_with("3 of 200 pictures can't be read, more than one in a hundred: " +
                          folder.path("train/dark/5.png") + ": is not a PNG"));
}

TEST_CASE("A folder that is no data set: the error has what it contains and what is read") {
  const std::string rest =
      ". Read are pictures in FOLDER/CLASS/ or in FOLDER/train/CLASS/ and FOLDER/test/CLASS/, "
      "MNIST's IDX files and CIFAR's binary files";
  const TemporaryFolder folder;
  const std::string start = folder.path() + ": is no data set: it contains ";
  CHECK(folder_error(folder.path()) == start + "nothing" + rest);
  write_picture(folder, "1.png", 0.5);
  CHECK(folder_error(folder.path()) == start + "1 picture outside a folder of its class" + rest);
  write_picture(folder, "2.png", 0.5);
  folder.write("a.txt", "");
  std::filesystem::create_directory(folder.path("empty"));
  CHECK(folder_error(folder.path()) ==
        start +
            "1 folder without pictures, such as 'empty'; 2 pictures outside a folder of their "
            "class; 1 other file, such as 'a.txt'" +
            rest);
  CHECK(folder_error(folder.path("none")) == folder.path("none") + ": no such folder");
  CHECK_THROWS_WITH(load(folder.path()), folder_error(folder.path()).c_str());
}

TEST_CASE("Classes that can't be trained are errors") {
  const TemporaryFolder folder;
  write_picture(folder, "train/a\n/1.png", 0.5);
  CHECK(folder_error(folder.path()) ==
        folder.path("train") + ": has pictures of one class, 'a\\n': a classifier needs two");
  std::filesystem::create_directory(folder.path("train/b"));
  CHECK(folder_error(folder.path()) ==
        folder.path("train") + ": the class 'b' has no pictures: remove its folder or fill it");
  write_picture(folder, "train/b/1.png", 0.5);
  write_picture(folder, "test/c/1.png", 0.5);
  CHECK(folder_error(folder.path()) ==
        folder.path("test") + ": the class 'c' isn't one of the training set");
  std::filesystem::rename(folder.path("train/b"), folder.path("train/b\xff"));
  CHECK(folder_error(folder.path()) ==
        folder.path("train") + ": the name of the class 'b\\xff' isn't UTF-8");
}

TEST_CASE("Links in circles and folders without permission are errors") {
  const TemporaryFolder folder;
  write_classes(folder, ".", 5);
  std::filesystem::create_directory_symlink(folder.path(), folder.path("dark/all"));
  CHECK(folder_error(folder.path()) ==
        folder.path("dark/all") + ": is a link to a folder around it");
  std::filesystem::remove(folder.path("dark/all"));
  std::filesystem::create_symlink("itself", folder.path("dark/itself"));
  CHECK(folder_error(folder.path()) == "");  // a file that can't be read is left out

  chmod(folder.path().c_str(), 0755);
  chmod(folder.path("light").c_str(), 0);
  const bool is_root = geteuid() == 0;
  constexpr uid_t nobody = 65534;
  if (is_root) REQUIRE(seteuid(nobody) == 0);
  const std::string error = folder_error(folder.path());
  if (is_root) REQUIRE(seteuid(0) == 0);
  chmod(folder.path("light").c_str(), 0755);
  CHECK(error == folder.path("light") + ": can't be read: Permission denied");
}

TEST_CASE("Pictures to evaluate on have the classes of the model by name") {
  const TemporaryFolder folder;
  write_classes(folder, ".", 2);
  const PictureOptions options{.height = 4, .width = 4, .channels = 1};
  const PictureSamples found =
      load_labelled_pictures(folder.path(), {"light", "medium", "dark"}, options);
  CHECK(found.samples.labels().to_vector<int64_t>() == std::vector<int64_t>{2, 2, 0, 0});
  CHECK_THROWS_WITH(load_labelled_pictures(folder.path(), {"light", "medium"}, options),
                    (folder.path() + ": the class 'dark' isn't one of the training set").c_str());
}

TEST_CASE("A picture as a tensor gives the same sample as its file") {
  const TemporaryFolder folder;
  Rng rng(3);
  const Tensor picture = rand({3, 9, 14}, rng);
  write_png(folder.path("a.png"), picture);
  for (const auto& fit : fits().entries()) {
    const Tensor sample = picture_sample(folder.path("a.png"), {1, 5, 6}, fit.make);
    CHECK(same_bits({sample}, {picture_sample(picture, {1, 5, 6}, fit.make)}));
    CHECK(sample.shape() == Shape{1, 5, 6});
  }
}
