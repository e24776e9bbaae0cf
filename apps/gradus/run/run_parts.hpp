// RunParts: the training, validation and test samples of a run; parts_of: divides a data set.
#pragma once

#include "apps/gradus/run/config.hpp"
#include "data/dataset.hpp"

namespace gradus::app {

/// The samples of a run.
struct RunParts {
  data::Dataset train, test;
  std::optional<data::Dataset> validation = {};
};

/// Holds a fraction of the training set out, as `test` of the result.
using HoldOut = std::function<data::Split(const data::Dataset& train, double fraction)>;

/// Limits the training set, takes its fold and holds the validation set out, as the options say;
/// `validation` is the one that the data has, if any.
/// Adds notes on what was decided. Throws UsageError for options that don't fit the data.
RunParts parts_of(data::Split split, const TrainConfig& config, Texts& notes,
                  const HoldOut& hold_out, const std::optional<data::Dataset>& validation = {});

}  // namespace gradus::app
