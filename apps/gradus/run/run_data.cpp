#include "apps/gradus/run/run_data.hpp"

#include <filesystem>

#include "data/sets/sources.hpp"
#include "data/transform/preprocessing.hpp"

namespace gradus::app {

static std::string absolute(const std::string& path) {
  return path.empty() ? "" : std::filesystem::absolute(path).string();
}

RunData load_data(const TrainConfig& config) {
  const data::Source source =
      as_usage([&] { return data::load(config.data, {.data_dir = config.data_dir}); });
  const bool is_named = data::sources().contains(source.name);
  const bool took_other = config.data == "auto" && source.name != "mnist";
  data::Split split = source.split;
  if (config.limit) split.train = split.train.first(*config.limit);
  RunData result{source.name,
                 source.note,
                 is_named ? source.name : absolute(source.name),
                 took_other ? "" : absolute(config.data_dir),
                 split.train,
                 split.test,
                 split.test};
  if (config.val_split > 0) {
    Rng rng = Streams(config.seed).held_out();
    const data::Split held_out = as_usage([&] { return split.train.split(config.val_split, rng); });
    result.train = held_out.train;
    result.validation = held_out.test;
  }
  // Only training samples may determine the normalization.
  if (config.limit || config.val_split > 0 || !config.preprocess.empty()) {
    const data::Normalization scale = as_usage([&] {
      return config.preprocess.empty() ? result.train.statistics()
                                       : data::fit(config.preprocess, result.train);
    });
    for (data::Dataset* dataset : {&result.train, &result.validation, &result.test})
      *dataset = dataset->normalized(scale);
  }
  return result;
}

std::string data_label(const std::string& name) {
  const std::string label = std::filesystem::path(name).stem().string();
  return label.empty() ? "data" : label;
}

}  // namespace gradus::app
