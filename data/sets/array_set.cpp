#include "data/sets/array_set.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/ops/shape.hpp"
#include "core/text/counted.hpp"
#include "core/text/registry.hpp"
#include "data/files/npy.hpp"
#include "data/sampling.hpp"
#include "data/table/table_targets.hpp"

namespace gradus::data {
namespace {

using ArrayNames = std::vector<std::string>;

// The names of the features and the targets of one part; empty: there are none.
struct ArrayPair {
  std::string inputs, targets;
  bool is_whole() const { return !inputs.empty() && !targets.empty(); }
};

std::string find_array(const ArrayNames& names, std::span<const std::string_view> usual,
                       std::string_view part) {
  for (const std::string_view stem : usual)
    for (const std::string& name : names)
      if (same_name(name, fmt::format("{}{}", stem, part)) ||
          same_name(name, fmt::format("{}{}", part, stem)))
        return name;
  return "";
}

ArrayPair find_pair(const ArrayNames& names, std::string_view part) {
  constexpr std::string_view inputs[] = {"x", "data", "features", "inputs", "images"};
  constexpr std::string_view targets[] = {"y", "target", "targets", "label", "labels"};
  return {find_array(names, inputs, part), find_array(names, targets, part)};
}

ArrayPair find_train_pair(const std::string& path, const ArrayNames& names) {
  for (const char* part : {"train", ""})
    if (ArrayPair pair = find_pair(names, part); pair.is_whole()) return pair;
  ArrayNames quoted;
  for (const std::string& name : names) quoted.push_back(in_quotes(name));
  file_error(path, "needs arrays X and y, or x_train and y_train; {}",
             quoted.empty() ? "it has none" : fmt::format("it has {}", fmt::join(quoted, ", ")));
}

// An array of the file, with the name of file and array for errors.
struct FileArray {
  std::string place;
  NpyArray array;

  const Shape& shape() const { return array.shape; }
};

// "3, 2": the indices of a value.
std::string index_text(const Shape& shape, int64_t value) {
  std::string text;
  for (int i = shape.rank(); i-- > 0;) {
    text = fmt::format("{}{}{}", value % shape[i], text.empty() ? "" : ", ", text);
    value /= shape[i];
  }
  return text;
}

template <class T>
void require_finite(const FileArray& of, const std::vector<T>& values) {
  const auto bad = std::ranges::find_if(values, [](T value) { return !std::isfinite(value); });
  if (bad == values.end()) return;
  const int64_t place = bad - values.begin();
  const double exact = of.array.to_doubles()[static_cast<std::size_t>(place)];
  file_error(of.place, "the value at [{}] is {}; all must be finite{}",
             index_text(of.shape(), place), exact, std::isfinite(exact) ? " as f32" : "");
}

bool has_channels_last(const Shape& shape) {
  return shape.rank() == 4 && shape[3] <= shape[1];
}

Shape shape_of_sample(const FileArray& of) {
  const Shape& shape = of.shape();
  if (shape.rank() < 1 || shape.rank() > 4)
    file_error(of.place,
               "must have samples of features (N, F) or images (N, H, W), (N, H, W, C) or "
               "(N, C, H, W), has shape {}",
               shape);
  if (shape.numel() == 0) file_error(of.place, "has no values, its shape is {}", shape);
  if (shape.rank() == 1) return {1};
  if (shape.rank() == 3) return {1, shape[1], shape[2]};
  if (has_channels_last(shape)) return {shape[3], shape[1], shape[2]};
  return shape.without(0);
}

// values (N, H, W, C) → (N, C, H, W).
template <class T>
std::vector<T> channels_first(const std::vector<T>& values, const Shape& shape) {
  std::vector<T> result(values.size());
  const auto pixels = static_cast<std::size_t>(shape[1] * shape[2]);
  const auto channels = static_cast<std::size_t>(shape[3]);
  for (std::size_t start = 0; start < values.size(); start += pixels * channels)
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
      for (std::size_t channel = 0; channel < channels; ++channel)
        result[start + channel * pixels + pixel] = values[start + pixel * channels + channel];
  return result;
}

Dataset samples_of(FileArray of, const Targets& targets) {
  const Shape sample = shape_of_sample(of);
  const bool is_last = has_channels_last(of.shape());
  if (of.array.are_bytes() && of.shape().rank() > 2) {
    std::vector<uint8_t>& bytes = of.array.bytes;
    return Dataset::of_bytes(is_last ? channels_first(bytes, of.shape()) : std::move(bytes), sample,
                             targets);
  }
  std::vector<float> values = of.array.to_floats();
  require_finite(of, values);
  return Dataset::of_values(is_last ? channels_first(values, of.shape()) : std::move(values),
                            sample, targets);
}

// The numbers of targets (N) or (N, D), which must be as many as the samples.
std::vector<double> numbers_of(const FileArray& of, const FileArray& inputs) {
  const Shape& shape = of.shape();
  shape_of_sample(inputs);
  if (shape.rank() < 1 || shape.rank() > 2 || shape[0] != inputs.shape()[0] || shape.numel() == 0)
    file_error(of.place,
               "must have a target (N) or several (N, D) for each of the {} samples, has "
               "shape {}",
               inputs.shape()[0], shape);
  std::vector<double> numbers = of.array.to_doubles();
  require_finite(of, of.array.to_floats());
  return numbers;
}

int64_t target_width(const Shape& targets) {
  return targets.numel() / targets[0];
}

// The targets of all samples, `width` numbers each.
Targets array_targets(const std::vector<double>& numbers, int64_t width) {
  const std::vector<double> different = different_numbers(numbers);
  const bool may_be_labels =
      std::ranges::all_of(different, [](double x) { return x == 0 || x == 1; });
  if (width == 1 && may_be_classes(different)) return number_classes(numbers, different);
  const std::vector<float> values(numbers.begin(), numbers.end());
  return {width > 1 && may_be_labels ? TargetKind::labels : TargetKind::numbers,
          Tensor::from(values, {std::ssize(values) / width, width}), width};
}

// The targets of `count` samples from `first`.
Targets targets_from(const Targets& all, int64_t first, int64_t count) {
  Targets part = all;
  part.values = row_view(all.values, first, count).detach();
  return part;
}

Split with_test_part(FileArray inputs, const FileArray& targets, FileArray test_inputs,
                     const FileArray& test_targets) {
  if (shape_of_sample(test_inputs) != shape_of_sample(inputs))
    file_error(test_inputs.place, "the samples have shape {}, those of the training part {}",
               shape_of_sample(test_inputs), shape_of_sample(inputs));
  std::vector<double> numbers = numbers_of(targets, inputs);
  const std::vector<double> of_test = numbers_of(test_targets, test_inputs);
  const int64_t width = target_width(targets.shape()),
                test_width = target_width(test_targets.shape());
  if (test_width != width)
    file_error(test_targets.place, "has {} of each sample, the training part has {}",
               counted(test_width, "number"), width);
  numbers.insert(numbers.end(), of_test.begin(), of_test.end());
  const Targets all = array_targets(numbers, width);
  const int64_t train = inputs.shape()[0], test = test_inputs.shape()[0];
  return {samples_of(std::move(inputs), targets_from(all, 0, train)),
          samples_of(std::move(test_inputs), targets_from(all, train, test))};
}

Split without_test_part(const std::string& path, FileArray inputs, const FileArray& targets,
                        double fraction, Rng& rng) {
  const std::vector<double> numbers = numbers_of(targets, inputs);
  const Dataset all =
      samples_of(std::move(inputs), array_targets(numbers, target_width(targets.shape())));
  return of_file(path, [&] { return stratified_split(all, fraction, rng); });
}

// The columns [first, last) of an array (N, columns).
FileArray columns_of_array(const FileArray& of, int64_t first, int64_t last) {
  const int64_t rows = of.shape()[0], columns = of.shape()[1];
  const int64_t each = of.array.bytes_each;
  FileArray part{of.place, {of.array.kind, of.array.bytes_each, {rows, last - first}}};
  for (int64_t row = 0; row < rows; ++row) {
    const uint8_t* const start = of.array.bytes.data() + row * columns * each;
    part.array.bytes.insert(part.array.bytes.end(), start + first * each, start + last * each);
  }
  return part;
}

// One array: the features and the target of each sample are a row.
ArraySet load_single(const std::string& path, Rng& rng, double test_fraction) {
  const FileArray all{path, read_npy(path)};
  const Shape& shape = all.shape();
  if (shape.rank() != 2 || shape[1] < 2 || shape[0] < 1)
    file_error(path,
               "must have samples as rows with the target in the last column (N, F + 1), has shape "
               "{}; or write features and targets into one file: np.savez('data.npz', X=X, y=y)",
               shape);
  require_finite(all, all.array.to_floats());
  const int64_t last = shape[1] - 1;
  const Split split = without_test_part(path, columns_of_array(all, 0, last),
                                        columns_of_array(all, last, last + 1), test_fraction, rng);
  return {normalized_by_train(split),
          fmt::format("the last of the {} columns is the target", shape[1])};
}

}  // namespace

bool is_array_file(const std::string& path) {
  const std::string name = lowered(path);
  return name.ends_with(".npz") || name.ends_with(".npy");
}

ArraySet load_arrays(const std::string& path, Rng& rng, double test_fraction) {
  if (lowered(path).ends_with(".npy")) return load_single(path, rng, test_fraction);
  NpzReader file(path);
  const ArrayPair train = find_train_pair(path, file.names());
  const ArrayPair test = find_pair(file.names(), "test");
  const auto read = [&](const std::string& name) {
    return FileArray{fmt::format("{}: {}", path, name), file.read(name)};
  };
  ArrayNames unused;
  for (const std::string& name : file.names())
    if (name != train.inputs && name != train.targets &&
        !(test.is_whole() && (name == test.inputs || name == test.targets)))
      unused.push_back(name);
  FileArray inputs = read(train.inputs);
  const FileArray targets = read(train.targets);
  const Split split =
      test.is_whole()
          ? with_test_part(std::move(inputs), targets, read(test.inputs), read(test.targets))
          : without_test_part(path, std::move(inputs), targets, test_fraction, rng);
  return {normalized_by_train(split),
          unused.empty() ? "" : fmt::format("left out: {}", fmt::join(unused, ", "))};
}

}  // namespace gradus::data
