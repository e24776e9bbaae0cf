#include "data/sets/picture_files.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <unordered_map>

#include "core/io/checksum.hpp"
#include "core/io/file.hpp"
#include "core/parallel.hpp"
#include "core/text/counted.hpp"
#include "core/text/printable.hpp"
#include "data/files/image.hpp"

namespace gradus::data {
namespace {

constexpr int64_t largest_extent = 64;       // of a size that isn't given
constexpr std::size_t most_measured = 1000;  // pictures, to find the size

bool has_colour(const ImageBytes& image) {
  if (image.channels == 1) return false;
  for (std::size_t i = 0; i + 2 < image.values.size(); i += 3)
    if (image.values[i] != image.values[i + 1] || image.values[i] != image.values[i + 2])
      return true;
  return false;
}

int64_t median(std::vector<int64_t> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

// What pictures that are spread over all have in common.
struct MeasuredPictures {
  int64_t height, width;  // medians
  bool have_colour;       // one of them
};

MeasuredPictures measured(const std::vector<std::string>& paths) {
  const std::size_t count = std::min(paths.size(), most_measured);
  std::vector<int64_t> heights(count), widths(count);
  std::vector<char> have_colour(count);
  std::vector<std::string> errors(count);
  parallel_for(static_cast<int64_t>(count), 1, [&](int64_t begin, int64_t) {
    const auto i = static_cast<std::size_t>(begin);
    try {
      const ImageBytes image = read_image_bytes(paths[i * paths.size() / count]);
      heights[i] = image.height;
      widths[i] = image.width;
      have_colour[i] = has_colour(image);
    } catch (const std::runtime_error& error) {
      errors[i] = error.what();
    }
  });
  std::erase(heights, 0);
  std::erase(widths, 0);
  if (heights.empty()) throw std::runtime_error(errors.front());
  return {median(heights), median(widths), std::ranges::count(have_colour, 1) > 0};
}

// The shape of samples of pictures; adds a note on what isn't given.
Shape chosen_shape(const std::vector<std::string>& paths, const PictureOptions& options,
                   std::vector<std::string>& notes) {
  if (options.height > 0 && options.channels > 0)
    return {options.channels, options.height, options.width};
  const auto [height, width, have_colour] = measured(paths);
  const int64_t channels = options.channels > 0 ? options.channels : have_colour ? 3 : 1;
  if (options.height > 0) return {channels, options.height, options.width};
  const int64_t larger = std::max(height, width);
  if (larger <= largest_extent) {
    notes.push_back(fmt::format("pictures become {}x{}, their median size", height, width));
    return {channels, height, width};
  }
  const auto reduced = [&](int64_t extent) {
    return std::max<int64_t>(1, (extent * largest_extent + larger / 2) / larger);
  };
  notes.push_back(fmt::format("pictures become {}x{}, their median size {}x{} made smaller",
                              reduced(height), reduced(width), height, width));
  return {channels, reduced(height), reduced(width)};
}

int64_t available_memory() {
  return int64_t{sysconf(_SC_AVPHYS_PAGES)} * int64_t{sysconf(_SC_PAGESIZE)};
}

// What is said if the samples need too much memory; otherwise empty.
std::string note_on_memory(int64_t count, const Shape& sample, int64_t memory) {
  const int64_t allowed = memory > 0 ? memory : available_memory() / 2;
  if (count <= allowed / sample.numel()) return "";
  constexpr double megabyte = 1e6;
  return fmt::format(
      "{} take {:.0f} MB, but the memory for them is {:.0f} MB: they are read again each epoch",
      counted(count, "picture"),
      static_cast<double>(count) * static_cast<double>(sample.numel()) / megabyte,
      static_cast<double>(allowed) / megabyte);
}

// What became of each file.
struct ReadPictures {
  std::vector<uint8_t> values;      // of all samples; empty if they are to be read again
  std::vector<uint64_t> checksums;  // of each sample
  std::vector<std::string> errors;  // of each file; empty if it was read
  bool lack_colour = false;         // a picture has a colour, but samples are grey
};

ReadPictures read_all(const std::vector<std::string>& paths, const Shape& sample,
                      const PictureOptions& options, const std::string& memory_note) {
  const bool are_kept = memory_note.empty();
  const int64_t count = std::ssize(paths);
  const auto n = static_cast<std::size_t>(sample.numel());
  ReadPictures result;
  if (are_kept) result.values.resize(paths.size() * n);
  result.checksums.resize(paths.size());
  result.errors.resize(paths.size());
  std::mutex mutex;
  int64_t read = 0;
  parallel_for(count, 1, [&](int64_t i, int64_t) {
    const auto index = static_cast<std::size_t>(i);
    bool lacks_colour = false;
    try {
      const ImageBytes image =
          read_image_bytes(paths[index], {.least_height = sample[1], .least_width = sample[2]});
      lacks_colour = sample[0] == 1 && has_colour(image);
      const std::vector<uint8_t> values = sample_bytes(image, sample, options.fit);
      Checksum sum;
      sum.add({reinterpret_cast<const char*>(values.data()), values.size()});
      result.checksums[index] = sum.value();
      if (are_kept)
        std::ranges::copy(values, result.values.begin() + static_cast<std::ptrdiff_t>(index * n));
    } catch (const std::runtime_error& error) {
      result.errors[index] = error.what();
    }
    const std::lock_guard lock(mutex);
    result.lack_colour |= lacks_colour;
    if (options.progress) options.progress({++read, count, memory_note});
  });
  return result;
}

// The files without an error; adds a note on the others.
std::vector<int64_t> readable(const std::vector<std::string>& errors,
                              std::vector<std::string>& notes) {
  std::vector<int64_t> result;
  std::vector<std::string> damaged;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (errors[i].empty())
      result.push_back(static_cast<int64_t>(i));
    else
      damaged.push_back(printable(errors[i]));
  }
  if (damaged.size() * 100 > errors.size())
    throw std::runtime_error(fmt::format("{} of {} can't be read, more than one in a hundred: {}",
                                         damaged.size(), counted(std::ssize(errors), "picture"),
                                         damaged[0]));
  for (const std::string& error : damaged) notes.push_back("left out: " + error);
  return result;
}

// The bytes of a picture file's sample.
std::vector<uint8_t> read_sample(const std::string& path, const Shape& sample, Fit fit) {
  return sample_bytes(read_image_bytes(path, {.least_height = sample[1], .least_width = sample[2]}),
                      sample, fit);
}

}  // namespace

Tensor picture_sample(const std::string& path, const Shape& sample, Fit fit) {
  return bytes_as_tensor(read_sample(path, sample, fit), sample);
}

PictureSamples read_pictures(const std::vector<std::string>& paths, Targets targets,
                             const PictureOptions& options) {
  const auto& [height, width, fit, channels, memory, progress] = options;
  require((height > 0) == (width > 0) && height >= 0 && width >= 0 && memory >= 0 &&
              (channels == 0 || channels == 1 || channels == 3),
          "read_pictures",
          "height and width must be positive or both 0, channels 0, 1 or 3, memory 0 or more, got "
          "{}, {}, {} and {}",
          height, width, channels, memory);
  require(!paths.empty(), "read_pictures", "at least one picture is needed");
  std::vector<std::string> notes;
  Shape sample = chosen_shape(paths, options, notes);
  std::string memory_note = note_on_memory(std::ssize(paths), sample, memory);
  ReadPictures read = read_all(paths, sample, options, memory_note);
  if (read.lack_colour && channels == 0) {
    sample = sample.with(0, 3);
    memory_note = note_on_memory(std::ssize(paths), sample, memory);
    read = read_all(paths, sample, options, memory_note);
  }
  if (!memory_note.empty()) notes.push_back(memory_note);
  const std::vector<int64_t> kept = readable(read.errors, notes);
  const auto reader = [paths, sample, fit = options.fit](int64_t i, uint8_t* to) {
    std::ranges::copy(read_sample(paths[static_cast<std::size_t>(i)], sample, fit), to);
  };
  const Dataset all = read.values.empty()
                          ? Dataset::of_reader(reader, sample, std::move(targets))
                          : Dataset::of_bytes(std::move(read.values), sample, std::move(targets));
  return {all.subset(kept), std::move(read.checksums), std::move(notes)};
}

std::string common_pictures(const PictureSamples& pictures, const std::vector<std::string>& paths,
                            const Dataset& train, const Dataset& tested) {
  std::unordered_map<uint64_t, int64_t> known;
  for (const int64_t i : train.indices())
    known.emplace(pictures.checksums[static_cast<std::size_t>(i)], i);
  int64_t common = 0;
  std::string example;
  for (const int64_t i : tested.indices()) {
    const auto found = known.find(pictures.checksums[static_cast<std::size_t>(i)]);
    if (found == known.end()) continue;
    if (++common == 1)
      example = fmt::format("{} and {}", in_quotes(paths[static_cast<std::size_t>(i)]),
                            in_quotes(paths[static_cast<std::size_t>(found->second)]));
  }
  if (common == 0) return "";
  return fmt::format("{} of {} {} also in the training part, such as {}", common,
                     counted(tested.size(), "test picture"), common == 1 ? "is" : "are", example);
}

}  // namespace gradus::data
