// draw: draws the pictures and the page of a finished run.
#pragma once

#include "apps/gradus/report/curves.hpp"
#include "apps/gradus/run/build.hpp"
#include "apps/pictures/regions.hpp"
#include "apps/pictures/sheet.hpp"
#include "train/evaluate.hpp"
#include "train/scores.hpp"

namespace gradus::app {

/// The content of the page.
struct FinishedRun {
  TrainingSetup& setup;        ///< with the best weights
  const Json& config;          ///< the content of config.json
  const Json& report;          ///< the content of report.json
  std::string shown_name;      ///< the data set of scores and mistakes: "test" or "validation"
  const data::Dataset& shown;  ///< this data set
  const train::Evaluation& scores;
  const Tensor& probabilities;                 ///< of its samples, (N, K)
  const std::vector<train::Score>& intervals;  ///< scores with their intervals
  StepLosses steps;
  std::optional<pictures::Regions> boundary = {};
  std::optional<pictures::Sheet> mistakes = {}, filters = {};
};

/// "epoch 4, the best on the validation set", "the last epoch" or "the initialization".
std::string origin_of_weights(const Json& report);

/// A file in the run folder.
struct RunFile {
  const char* name;
  std::string content;
};

/// Returns schedule.svg, boundary.svg, confusion.svg, roc.svg, precision_recall.svg,
/// reliability.svg, misclassified.svg, filters.svg and histograms.svg, unless they would be empty,
/// and report.html: a page with these pictures, the curves, the scores of each class and the
/// options, which loads no other files. Its title has the name of the preset or model, never the
/// text of a network.
std::vector<RunFile> draw(const FinishedRun& run);

}  // namespace gradus::app
