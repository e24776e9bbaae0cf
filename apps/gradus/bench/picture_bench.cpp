#include "apps/gradus/bench/picture_bench.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "core/parallel.hpp"
#include "core/stopwatch.hpp"
#include "data/files/image.hpp"
#include "data/picture/resize.hpp"

namespace gradus::app {
namespace {

constexpr int64_t side = 64;

std::vector<std::string> files_of(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.is_regular_file()) paths.push_back(entry.path());
  if (error) file_error(folder, "can't be read: {}", error.message());
  if (paths.empty()) file_error(folder, "there are no files in this folder");
  std::ranges::sort(paths);
  return paths;
}

// Pictures per second; the results are kept, as for a training.
double rate(const std::vector<std::string>& paths, const data::ImageBytesOptions& options) {
  constexpr int64_t files_a_turn = 16;
  const auto count = static_cast<int64_t>(paths.size());
  std::vector<data::ImageBytes> pictures(paths.size());
  const Stopwatch watch;
  parallel_for(count, files_a_turn, [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      pictures[i] = data::resized(data::to_channels(data::read_image_bytes(paths[i], options), 3),
                                  side, side);
  });
  return static_cast<double>(count) / watch.seconds();
}

}  // namespace

Json bench_pictures(const std::string& folder) {
  const std::vector<std::string> paths = files_of(folder);
  return {{"pictures", paths.size()},
          {"threads", num_threads()},
          {"pictures_per_second", rate(paths, {})},
          {"reduced_per_second", rate(paths, {.least_height = side, .least_width = side})}};
}

}  // namespace gradus::app
