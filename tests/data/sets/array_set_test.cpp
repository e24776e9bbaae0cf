#include "data/sets/array_set.hpp"

#include <doctest/doctest.h>

#include <numeric>

#include "data/sets/sources.hpp"
#include "tests/data/files/numpy_files.hpp"

using namespace gradus;
using namespace gradus::data;

namespace {

using ArrayTexts = std::vector<std::string>;
using ArrayPlaces = std::vector<int64_t>;

// An .npz file of these arrays.
class ArrayFile {
 public:
  ArrayFile& add(const std::string& name, const Bytes& npy) {
    entries_.push_back({.name = name + ".npy", .content = npy, .is_deflated = true});
    return *this;
  }
  std::string write(const TemporaryFolder& folder) const {
    return folder.write("set.npz", zip_bytes(entries_));
  }

 private:
  std::vector<ZipEntry> entries_;
};

ArraySet loaded_arrays(const ArrayFile& file) {
  const TemporaryFolder folder;
  Rng rng(0);
  return load_arrays(file.write(folder), rng);
}

// The error without the path.
std::string array_error(const ArrayFile& file) {
  const TemporaryFolder folder;
  const std::string path = file.write(folder);
  try {
    Rng rng(0);
    load_arrays(path, rng);
  } catch (const std::runtime_error& error) {
    const std::string text = error.what();
    return text.starts_with(path + ": ") ? text.substr(path.size() + 2) : "without path: " + text;
  }
  return "no error";
}

template <class T>
std::vector<T> counting_numbers(std::size_t count) {
  std::vector<T> numbers(count);
  std::iota(numbers.begin(), numbers.end(), T{});
  return numbers;
}

Bytes npy_floats(const std::string& shape, const std::vector<float>& values) {
  return npy_bytes<float>("<f4", shape, values);
}

Bytes npy_whole(const std::vector<int64_t>& values) {
  return npy_bytes<int64_t>("<i8", std::to_string(values.size()) + ",", values);
}

Bytes npy_counting_bytes(const std::string& shape, std::size_t count) {
  return npy_bytes<uint8_t>("|u1", shape, counting_numbers<uint8_t>(count));
}

// What the targets become: ten samples of one feature.
Split set_with_targets(const Bytes& y) {
  return loaded_arrays(
             ArrayFile().add("X", npy_floats("10, 1", counting_numbers<float>(10))).add("y", y))
      .split;
}

// The targets of both parts in the order of the file.
std::vector<float> targets_in_order(const Split& split) {
  std::vector<float> result(static_cast<std::size_t>(split.train.size() + split.test.size()));
  for (const Dataset& part : {split.train, split.test}) {
    const Tensor targets = part.targets();
    for (std::size_t i = 0; i < part.indices().size(); ++i)
      result[static_cast<std::size_t>(part.indices()[i])] =
          part.target_kind() == TargetKind::classes ? static_cast<float>(targets.data<int64_t>()[i])
                                                    : targets.data<float>()[i];
  }
  return result;
}

}  // namespace

TEST_CASE("X and y of an .npz file are a data set, split by classes and normalized") {
  std::vector<int64_t> classes;
  for (int64_t i = 0; i < 50; ++i) classes.push_back(i % 2);
  const auto [split, note] =
      loaded_arrays(ArrayFile()
                        .add("X", npy_floats("50, 2", counting_numbers<float>(100)))
                        .add("y", npy_whole(classes)));
  CHECK(note.empty());
  CHECK(split.train.size() == 40);
  CHECK(split.test.size() == 10);
  CHECK(split.train.sample_shape() == Shape{2});
  CHECK(split.train.classes() == 2);
  CHECK(split.train.normalization() == split.train.statistics());
  const ArrayPlaces labels = split.test.labels().to_vector<int64_t>();
  CHECK(std::accumulate(labels.begin(), labels.end(), int64_t{0}) == 5);
  const std::vector<float> values = split.test.raw_batch(0, 10).inputs.to_vector<float>();
  for (std::size_t i = 0; i < 10; ++i)
    CHECK(values[2 * i + 1] == static_cast<float>(2 * split.test.indices()[i] + 1));
}

TEST_CASE("usual names of arrays in any case, with the parts of Keras' files") {
  const Bytes x = npy_floats("4, 1", {1, 2, 3, 4}), y = npy_whole({0, 1, 0, 1});
  const Bytes x_test = npy_floats("2, 1", {5, 6}), y_test = npy_whole({1, 2});
  for (const auto& [inputs, targets] : {std::pair{"x_train", "y_train"},
                                        {"X_Train", "Y_Train"},
                                        {"train_images", "train_labels"}}) {
    const std::string test_inputs = inputs[0] == 't' ? "test_images" : "x_test";
    const std::string test_targets = inputs[0] == 't' ? "test_labels" : "y_test";
    const auto [split, note] = loaded_arrays(ArrayFile()
                                                 .add(test_inputs, x_test)
                                                 .add(inputs, x)
                                                 .add("val_images", x)
                                                 .add(targets, y)
                                                 .add(test_targets, y_test));
    CHECK(note == "left out: val_images");
    CHECK(split.train.size() == 4);
    CHECK(split.train.classes() == 3);
    CHECK(split.test.labels().to_vector<int64_t>() == ArrayPlaces{1, 2});
    CHECK(split.test.raw_batch(0, 2).inputs.to_vector<float>() == std::vector<float>{5, 6});
    CHECK(split.test.normalization() == split.train.statistics());
  }
  const Bytes ten = npy_floats("10,", counting_numbers<float>(10)),
              classes = npy_whole({0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
  for (const auto& [inputs, targets] : {std::pair{"X", "y"},
                                        {"x", "Y"},
                                        {"data", "target"},
                                        {"features", "labels"},
                                        {"Inputs", "Targets"}}) {
    const auto [split, note] =
        loaded_arrays(ArrayFile().add(targets, classes).add(inputs, ten).add("x_test", ten));
    CHECK(note == "left out: x_test");
    CHECK(split.train.size() == 8);
    CHECK(split.train.sample_shape() == Shape{1});
  }
}

TEST_CASE("images of bytes stay bytes, with their channels first") {
  const Bytes y = npy_whole(counting_numbers<int64_t>(10));
  const auto train = [&](const Bytes& x) {
    return loaded_arrays(
               ArrayFile().add("x_train", x).add("y_train", y).add("x_test", x).add("y_test", y))
        .split.train;
  };
  const auto first = [](const Dataset& dataset) {
    std::vector<int> values;
    for (const float value : dataset.raw_batch(0, 1).inputs.to_vector<float>())
      values.push_back(static_cast<int>(value * 255 + 0.5f));
    return values;
  };
  const Dataset grey = train(npy_counting_bytes("10, 2, 3", 60));
  CHECK(grey.sample_shape() == Shape{1, 2, 3});
  CHECK(first(grey) == std::vector<int>{0, 1, 2, 3, 4, 5});
  CHECK(grey.normalization().mean.size() == 1);
  const Dataset last = train(npy_counting_bytes("10, 3, 2, 2", 120));
  CHECK(last.sample_shape() == Shape{2, 3, 2});
  CHECK(first(last) == std::vector<int>{0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11});
  const Dataset front = train(npy_counting_bytes("10, 2, 2, 3", 120));
  CHECK(front.sample_shape() == Shape{2, 2, 3});
  CHECK(first(front) == counting_numbers<int>(12));
  CHECK(train(npy_counting_bytes("10, 3, 5, 3", 450)).sample_shape() == Shape{3, 3, 5});
  // Two dimensions are features, also of bytes.
  CHECK(train(npy_counting_bytes("10, 6", 60)).raw_batch(0, 1).inputs.to_vector<float>() ==
        counting_numbers<float>(6));
  const Dataset numbers = train(npy_floats("10, 2, 2, 1", counting_numbers<float>(40)));
  CHECK(numbers.sample_shape() == Shape{1, 2, 2});
  CHECK(numbers.raw_batch(0, 1).inputs.to_vector<float>() == std::vector<float>{0, 1, 2, 3});
}

TEST_CASE("targets are classes, labels or numbers by the rules of tables") {
  const Split classes = set_with_targets(npy_whole({5, 9, 5, 9, 5, 9, 5, 9, 5, 9}));
  CHECK(classes.train.target_kind() == TargetKind::classes);
  CHECK(classes.train.target_names() == ArrayTexts{"5", "9"});
  CHECK(targets_in_order(classes) == std::vector<float>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
  const Split columns =
      set_with_targets(npy_bytes<uint8_t>("|b1", "10, 1", {0, 1, 0, 1, 0, 1, 0, 1, 0, 1}));
  CHECK(columns.train.target_names() == ArrayTexts{"0", "1"});

  const std::vector<float> halves{0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5};
  const Split numbers = set_with_targets(npy_floats("10,", halves));
  CHECK(numbers.train.target_kind() == TargetKind::numbers);
  CHECK(numbers.train.target_count() == 1);
  CHECK(targets_in_order(numbers) == halves);
  CHECK(numbers.train.target_scale().mean == numbers.train.target_statistics().mean);
  CHECK(set_with_targets(npy_floats("10, 2", counting_numbers<float>(20))).train.target_count() ==
        2);

  std::vector<float> zeros_and_ones(30);
  for (std::size_t i = 0; i < 30; i += 4) zeros_and_ones[i] = 1;
  const Split labels = set_with_targets(npy_floats("10, 3", zeros_and_ones));
  CHECK(labels.train.target_kind() == TargetKind::labels);
  CHECK(labels.train.target_count() == 3);

  // 21 different npy_whole numbers are classes only without gaps.
  const auto kind_of = [](std::vector<int64_t> y) {
    const std::string count = std::to_string(y.size());
    return loaded_arrays(ArrayFile()
                             .add("X", npy_floats(count + ", 1", counting_numbers<float>(y.size())))
                             .add("y", npy_whole(y)))
        .split.train.target_kind();
  };
  std::vector<int64_t> y = counting_numbers<int64_t>(21);
  CHECK(kind_of(y) == TargetKind::classes);
  y.back() = 30;
  CHECK(kind_of(y) == TargetKind::numbers);
  y.pop_back();
  CHECK(kind_of(y) == TargetKind::classes);
}

TEST_CASE("arrays that are missing or don't fit each other are errors") {
  const Bytes x = npy_floats("2, 1", {1, 2}), y = npy_whole({0, 1});
  const auto error = [](const Bytes& inputs, const Bytes& targets) {
    return array_error(ArrayFile().add("X", inputs).add("y", targets));
  };
  CHECK(array_error(ArrayFile()) == "needs arrays X and y, or x_train and y_train; it has none");
  CHECK(array_error(ArrayFile().add("arr_0", x).add("X", x)) ==
        "needs arrays X and y, or x_train and y_train; it has 'arr_0', 'X'");
  CHECK(error(x, npy_whole({0, 1, 0})) ==
        "y: must have a target (N) or several (N, D) for each of the 2 samples, has shape (3)");
  CHECK(
      error(npy_floats("", {1}), y) ==
      "X: must have samples of features (N, F) or images (N, H, W), (N, H, W, C) or (N, C, H, W), "
      "has shape ()");
  CHECK(error(npy_floats("2, 1, 1, 1, 1", {1, 2}), y)
            .starts_with("X: must have samples of features"));
  CHECK(error(npy_floats("0, 3", {}), y) == "X: has no values, its shape is (0, 3)");
  CHECK(error(npy_floats("2, 0", {}), y) == "X: has no values, its shape is (2, 0)");
  CHECK(error(x, npy_file(npy_header("|O", "2,"), Bytes(16)))
            .starts_with("y: has an array of Python"));
  CHECK(error(x, y) ==
        "[stratified_split] both parts must have at least one sample: fraction 0.2 of "
        "2 samples");
  const auto test_error = [&](const Bytes& inputs, const Bytes& targets) {
    return array_error(ArrayFile()
                           .add("x_train", x)
                           .add("y_train", y)
                           .add("x_test", inputs)
                           .add("y_test", targets));
  };
  CHECK(test_error(npy_floats("1, 2", {1, 2}), npy_whole({0})) ==
        "x_test: the samples have shape (2), those of the training part (1)");
  CHECK(test_error(npy_floats("1, 1", {1}), npy_floats("1, 2", {1, 2})) ==
        "y_test: has 2 numbers of each sample, the training part has 1");
}

TEST_CASE("numbers that aren't finite are errors with their place") {
  const Bytes y = npy_whole({0, 1});
  const auto error = [](const Bytes& inputs, const Bytes& targets) {
    return array_error(ArrayFile().add("X", inputs).add("y", targets));
  };
  CHECK(error(npy_floats("2, 3", {1, 2, 3, 4, NAN, 6}), y) ==
        "X: the value at [1, 1] is nan; all must be finite");
  CHECK(error(npy_floats("2,", {1, -INFINITY}), y) ==
        "X: the value at [1] is -inf; all must be finite");
  CHECK(error(npy_bytes<double>("<f8", "2, 1", {1e300, 1}), y) ==
        "X: the value at [0, 0] is 1e+300; all must be finite as f32");
  CHECK(error(npy_floats("2,", {1, 2}), npy_floats("2,", {NAN, 1})) ==
        "y: the value at [0] is nan; all must be finite");
}

TEST_CASE("the last column of a single array is the target") {
  const TemporaryFolder folder;
  std::vector<float> rows;
  for (int i = 0; i < 10; ++i)
    for (const int value : {i, 2 * i, i % 2}) rows.push_back(static_cast<float>(value));
  const std::string path = folder.write("rows.npy", npy_floats("10, 3", rows));
  Rng rng(0);
  const auto [split, note] = load_arrays(path, rng);
  CHECK(note == "the last of the 3 columns is the target");
  CHECK(split.train.size() == 8);
  CHECK(split.train.sample_shape() == Shape{2});
  CHECK(split.train.normalization() == split.train.statistics());
  CHECK(targets_in_order(split) == std::vector<float>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
  const std::vector<float> first = split.train.raw_batch(0, 1).inputs.to_vector<float>();
  CHECK(first[1] == 2 * first[0]);

  const auto error = [&](const std::string& shape, const std::vector<float>& values) {
    try {
      load_arrays(folder.write("rows.npy", npy_floats(shape, values)), rng);
    } catch (const std::runtime_error& found) {
      return std::string(found.what()).substr(path.size() + 2);
    }
    return std::string("no error");
  };
  for (const std::string shape : {"2,", "2, 1", "2, 1, 1"})
    CHECK(error(shape, {1, 2}).starts_with("must have samples as rows with the target in the"));
  CHECK(
      error("2,", {1, 2}) ==
      "must have samples as rows with the target in the last column (N, F + 1), has shape (2); or "
      "write features and targets into one file: np.savez('data.npz', X=X, y=y)");
  CHECK(error("2, 2", {1, 2, 3, NAN}) == "the value at [1, 1] is nan; all must be finite");
}

TEST_CASE("load() takes .npz and .npy files and says what it leaves out") {
  const TemporaryFolder folder;
  ArrayFile file;
  file.add("X", npy_floats("10, 1", counting_numbers<float>(10)))
      .add("y", npy_whole(counting_numbers<int64_t>(10)));
  const std::string path = file.write(folder);
  const Source source = load(path);
  CHECK(source.name == path);
  CHECK(source.note.empty());
  CHECK(source.split.train.size() == 8);
  CHECK(load(path, {.seed = 1}).split.test.indices() ==
        load(path, {.seed = 1}).split.test.indices());
  file.add("ids", npy_whole({1})).add("extra", npy_whole({1}));
  CHECK(load(file.write(folder)).note == "left out: ids, extra");
  const std::string single =
      folder.write("X.NPY", npy_floats("10, 2", counting_numbers<float>(20)));
  CHECK(load(single).note == "the last of the 2 columns is the target");
}
