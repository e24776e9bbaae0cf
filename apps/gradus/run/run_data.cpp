#include "apps/gradus/run/run_data.hpp"

#include <filesystem>
#include <set>

#include "core/text/counted.hpp"
#include "core/text/number.hpp"
#include "core/text/split.hpp"
#include "data/sampling.hpp"
#include "data/sets/sources.hpp"
#include "data/transform/preprocessing.hpp"

namespace gradus::app {

static std::string absolute(const std::string& path) {
  return path.empty() ? "" : std::filesystem::absolute(path).string();
}

// The classes of the training set of which the validation set has no sample.
static std::vector<int64_t> missing_classes(const data::Split& held_out) {
  std::set<int64_t> missing;
  for (const int64_t label : held_out.train.labels().to_vector<int64_t>()) missing.insert(label);
  for (const int64_t label : held_out.test.labels().to_vector<int64_t>()) missing.erase(label);
  return {missing.begin(), missing.end()};
}

// The fold "2/5" of the training set.
static data::Split fold_of(const data::Dataset& train, const TrainConfig& config) {
  const auto numbers = split(config.fold, '/');
  const auto number = [&](std::size_t i) { return parse_number<int64_t>(numbers[i]).value_or(0); };
  if (numbers.size() != 2 || number(1) < 2 || number(0) < 1 || number(0) > number(1))
    throw UsageError("--fold must be I/K with I from 1 to K and K from 2 on, got '{}'",
                     config.fold);
  const int64_t count = number(1);
  std::vector<int64_t> samples(static_cast<std::size_t>(train.classes()));
  for (const int64_t label : train.labels().to_vector<int64_t>())
    ++samples[static_cast<std::size_t>(label)];
  for (std::size_t label = 0; label < samples.size(); ++label)
    if (samples[label] > 0 && samples[label] < count)
      throw UsageError("{} folds need {} samples of every class, class {} has {}", count, count,
                       label, samples[label]);
  Rng rng = Streams(config.seed).folds();
  const data::Fold fold = as_usage([&] {
    return data::stratified_k_fold(train, count, rng);
  })[static_cast<std::size_t>(number(0) - 1)];
  return {train.subset(fold.train), train.subset(fold.test)};
}

RunData load_data(const TrainConfig& config) {
  const data::Source source =
      as_usage([&] { return data::load(config.data, {.data_dir = config.data_dir}); });
  const bool is_named = data::sources().contains(source.name);
  const bool took_other = config.data == "auto" && source.name != "mnist";
  data::Split split = source.split;
  if (config.limit) split.train = split.train.first(*config.limit);
  if (!config.fold.empty()) split = fold_of(split.train, config);
  RunData result{source.name,
                 {},
                 is_named ? source.name : absolute(source.name),
                 took_other ? "" : absolute(config.data_dir),
                 split.train,
                 split.test,
                 {}};
  if (!source.note.empty()) result.notes.push_back(source.note);
  if (config.validates_on_test()) result.validation = split.test;
  const double part = config.validation_part();
  if (part > 0) {
    Rng rng = Streams(config.seed).held_out();
    const data::Split held_out = as_usage([&] {
      return config.format < 2 ? split.train.split(part, rng)
                               : data::stratified_split(split.train, part, rng);
    });
    result.train = held_out.train;
    result.validation = held_out.test;
    if (!config.val_split)
      result.notes.push_back(fmt::format("{} needs a validation set: --val-split {} holds out {}",
                                         config.chooser(), part,
                                         counted(held_out.test.size(), "training sample")));
    const std::vector<int64_t> missing = missing_classes(held_out);
    if (!missing.empty())
      result.notes.push_back(fmt::format("the validation set has no samples of class{} {}",
                                         missing.size() == 1 ? "" : "es",
                                         fmt::join(missing, ", ")));
  }
  // Only training samples may determine the normalization.
  if (config.limit || part > 0 || !config.fold.empty() || !config.preprocess.empty()) {
    const data::Normalization scale = as_usage([&] {
      return config.preprocess.empty() ? result.train.statistics()
                                       : data::fit(config.preprocess, result.train);
    });
    for (data::Dataset* dataset : {&result.train, &result.test})
      *dataset = dataset->normalized(scale);
    if (result.validation) result.validation = result.validation->normalized(scale);
  }
  return result;
}

std::string data_label(const std::string& name) {
  const std::string label = std::filesystem::path(name).stem().string();
  return label.empty() ? "data" : label;
}

std::string model_label(const std::string& model) {
  return model.find_first_of(" ,(") == model.npos ? model : "network";
}

}  // namespace gradus::app
