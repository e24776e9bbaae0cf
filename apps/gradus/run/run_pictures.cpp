#include "apps/gradus/run/run_pictures.hpp"

#include <cmath>
#include <filesystem>

#include "apps/gradus/run/run_table.hpp"
#include "core/io/terminal.hpp"
#include "core/text/counted.hpp"
#include "core/text/number.hpp"
#include "core/text/split.hpp"
#include "data/table/read_table.hpp"
#include "data/table/table_data.hpp"

namespace gradus::app {

constexpr int64_t largest_side = 4096;  // of --size

static std::pair<int64_t, int64_t> parse_size(const std::string& text) {
  const auto extents = split(text, 'x');
  const auto extent = [&](std::size_t i) { return parse_number<int64_t>(extents[i]).value_or(0); };
  if (extents.size() != 2 || std::min(extent(0), extent(1)) < 1 ||
      std::max(extent(0), extent(1)) > largest_side)
    throw UsageError("--size must be HxW, as in 32x48, each from 1 to {}, got {}", largest_side,
                     in_quotes(text));
  return {extent(0), extent(1)};
}

data::PictureOptions picture_options(const TrainConfig& config) {
  data::PictureOptions options{.fit = as_usage([&] { return data::fits().find(config.fit); })};
  if (!config.size.empty()) std::tie(options.height, options.width) = parse_size(config.size);
  constexpr int64_t megabyte = 1'000'000;
  options.memory = std::min(config.memory.value_or(0), INT64_MAX / megabyte) * megabyte;
  options.progress =
      [line = std::make_shared<StatusLine>(stderr, false)](const data::PictureProgress& progress) {
        const double part = static_cast<double>(progress.read) / static_cast<double>(progress.all);
        line->draw([&](std::size_t width) {
          return printable(
              fmt::format("reading pictures {} {} of {}{}{}", progress_bar(part, 20), progress.read,
                          progress.all, progress.note.empty() ? "" : "; ", progress.note),
              width - 1);
        });
        if (progress.read == progress.all) line->clear();
      };
  return options;
}

std::string size_text(const Shape& sample) {
  return fmt::format("{}x{}", sample[1], sample[2]);
}

// The table with the column of file names as its only input.
static data::DataTable read_names(const std::string& path, const TrainConfig& config) {
  data::TableOptions options = table_options(config);
  options.categories.push_back(config.images);
  options.keeps_all = true;
  return as_usage([&] { return data::read_table(path, options); });
}

// The files that the column names, relative to the table's folder.
static std::vector<std::string> files_of(const data::DataTable& table, const std::string& path,
                                         const std::string& column) {
  std::size_t feature = 0;
  while (feature < table.features.size() && table.feature(feature).name != column) ++feature;
  if (feature == table.features.size())
    file_error(path, "the column {} of --images is the target, the weights or a group",
               in_quotes(column));
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::vector<std::string> files;
  for (int64_t row = 0; row < table.rows; ++row) {
    const float value =
        table.values[static_cast<std::size_t>(row) * table.features.size() + feature];
    if (std::isnan(value))
      file_error(path, "sample {} has no file name in the column {}", row + 1, in_quotes(column));
    files.push_back(
        (folder / table.feature(feature).values[static_cast<std::size_t>(value)]).string());
  }
  return files;
}

// The samples with the weights of their rows.
static data::Dataset weighted(const data::Dataset& samples, const std::vector<float>& of_rows) {
  std::vector<float> weights;
  for (const int64_t row : samples.indices())
    weights.push_back(of_rows[static_cast<std::size_t>(row)]);
  return as_usage([&] { return samples.weighted(weights); });
}

PictureTable load_picture_table(const TrainConfig& config) {
  if (!config.test_data.empty()) throw UsageError("--test cannot be combined with --images");
  const data::DataTable table = read_names(config.data, config);
  const std::vector<std::string> files = files_of(table, config.data, config.images);
  data::PictureSamples pictures =
      as_usage([&] { return data::read_pictures(files, table.targets, picture_options(config)); });
  if (!table.weights.empty()) pictures.samples = weighted(pictures.samples, table.weights);
  // The samples of the table's rows; damaged pictures are missing.
  std::vector<int64_t> place_of(files.size(), -1);
  const std::vector<int64_t>& kept = pictures.samples.indices();
  for (std::size_t i = 0; i < kept.size(); ++i)
    place_of[static_cast<std::size_t>(kept[i])] = static_cast<int64_t>(i);
  const auto part_of = [&](const data::Dataset& rows) {
    std::vector<int64_t> places;
    for (const int64_t row : rows.indices())
      if (const int64_t place = place_of[static_cast<std::size_t>(row)]; place >= 0)
        places.push_back(place);
    if (places.empty()) file_error(config.data, "a part has no pictures that can be read");
    return pictures.samples.subset(places);
  };
  PictureTable result{.parts = {pictures.samples, pictures.samples}, .notes = pictures.notes};
  const RunParts rows = divided(table, nullptr, config, result.notes);
  result.parts = {part_of(rows.train), part_of(rows.test)};
  if (rows.validation) result.parts.validation = part_of(*rows.validation);
  if (std::string note =
          data::common_pictures(pictures, files, result.parts.train, result.parts.test);
      !note.empty())
    result.notes.push_back(std::move(note));
  return result;
}

}  // namespace gradus::app
