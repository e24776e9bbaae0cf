#include "apps/gradus/run/run_parts.hpp"

#include <set>

#include "core/text/counted.hpp"
#include "core/text/number.hpp"
#include "core/text/split.hpp"
#include "data/sampling.hpp"

namespace gradus::app {

// The classes of the training set of which the validation set has no sample.
static std::vector<int64_t> missing_classes(const data::Split& held_out) {
  std::set<int64_t> missing;
  for (const int64_t label : held_out.train.labels().to_vector<int64_t>()) missing.insert(label);
  for (const int64_t label : held_out.test.labels().to_vector<int64_t>()) missing.erase(label);
  return {missing.begin(), missing.end()};
}

// Every class needs a sample in each fold.
static void require_samples(const data::Dataset& train, int64_t folds) {
  const std::vector<int64_t> samples = data::target_counts(train);
  for (std::size_t label = 0; label < samples.size(); ++label)
    if (samples[label] > 0 && samples[label] < folds)
      throw UsageError("{} folds need {} samples of every class, class {} has {}", folds, folds,
                       printable(train.target_name(static_cast<int64_t>(label)), longest_value),
                       samples[label]);
}

// The fold "2/5" of the training set.
static data::Split fold_of(const data::Dataset& train, const TrainConfig& config) {
  const auto numbers = split(config.fold, '/');
  const auto number = [&](std::size_t i) { return parse_number<int64_t>(numbers[i]).value_or(0); };
  if (numbers.size() != 2 || number(1) < 2 || number(0) < 1 || number(0) > number(1))
    throw UsageError("--fold must be I/K with I from 1 to K and K from 2 on, got '{}'",
                     config.fold);
  const int64_t count = number(1);
  if (train.target_kind() == data::TargetKind::classes) require_samples(train, count);
  Rng rng = Streams(config.seed).folds();
  const data::Fold fold = as_usage([&] {
    return data::stratified_k_fold(train, count, rng);
  })[static_cast<std::size_t>(number(0) - 1)];
  return {train.subset(fold.train), train.subset(fold.test)};
}

RunParts parts_of(data::Split split, const TrainConfig& config, Texts& notes,
                  const HoldOut& hold_out, const std::optional<data::Dataset>& validation) {
  if (config.limit) split.train = split.train.first(*config.limit);
  if (!config.fold.empty()) split = fold_of(split.train, config);
  RunParts result{split.train, split.test, {}};
  if (config.validates_on_test()) result.validation = split.test;
  if (validation) {
    if (config.val_split.value_or(0) > 0 || !config.fold.empty())
      throw UsageError("--{} doesn't fit data with a validation part of its own",
                       config.fold.empty() ? "val-split" : "fold");
    result.validation = validation;
    return result;
  }
  const double part = config.validation_part();
  if (part == 0) return result;
  const data::Split held_out = as_usage([&] { return hold_out(split.train, part); });
  result.train = held_out.train;
  result.validation = held_out.test;
  if (!config.val_split)
    notes.push_back(fmt::format("{} needs a validation set: --val-split {} holds out {}",
                                config.chooser(), part,
                                counted(held_out.test.size(), "training sample")));
  if (split.train.target_kind() != data::TargetKind::classes) return result;
  std::vector<std::string> missing;
  for (const int64_t label : missing_classes(held_out))
    missing.push_back(printable(split.train.target_name(label), longest_value));
  if (!missing.empty())
    notes.push_back(fmt::format("the validation set has no samples of class{} {}",
                                missing.size() == 1 ? "" : "es", fmt::join(missing, ", ")));
  return result;
}

}  // namespace gradus::app
