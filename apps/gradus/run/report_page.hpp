// draw: draws the pictures and the page of a finished run.
#pragma once

#include "apps/gradus/report/column_report.hpp"
#include "apps/gradus/report/curves.hpp"
#include "apps/gradus/report/task_report.hpp"
#include "apps/gradus/run/build.hpp"
#include "apps/pictures/regions.hpp"

namespace gradus::app {

/// The content of the page.
struct FinishedRun {
  TrainingSetup& setup;       ///< with the best weights
  const Json& config;         ///< the content of config.json
  const Json& report;         ///< the content of report.json
  const JudgedModel& judged;  ///< the result, on the test or validation set
  StepLosses steps;
  std::optional<pictures::Regions> boundary = {};
  std::optional<pictures::Sheet> filters = {};
  ColumnReport columns = {};  ///< of a table
};

/// "epoch 4, the best on the validation set", "the last epoch" or "the initialization".
std::string origin_of_weights(const Json& report);

/// Returns schedule.svg, boundary.svg, columns.svg, filters.svg, histograms.svg and the pictures of
/// the task (TaskReport), unless they would be empty, and report.html: a page with these pictures,
/// the curves, the scores and the options, which loads no other files. Its title has the name of
/// the preset or model, never the text of a network.
std::vector<RunFile> draw(const FinishedRun& run);

}  // namespace gradus::app
