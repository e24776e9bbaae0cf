// draw: the pictures and the page of a finished run.
#pragma once

#include "apps/gradus/run/build.hpp"
#include "apps/pictures/sheet.hpp"
#include "train/evaluate.hpp"

namespace gradus::app {

/// What there is to show. All that it refers to outlives it, and stays as it is.
struct FinishedRun {
  TrainingSetup& setup;    ///< with the weights that are shown
  const Json& config;      ///< as config.json has it
  const Json& report;      ///< as report.json has it
  std::string shown_name;  ///< what the scores and mistakes are of: "test" or "held-out"
  const train::Scores& scores;
  std::optional<pictures::Sheet> mistakes = {}, filters = {};
};

/// A file of the run folder.
struct RunFile {
  const char* name;
  std::string content;
};

/// schedule.svg, confusion.svg, misclassified.svg, filters.svg and histograms.svg, those for which
/// there is something to show, and report.html: a page with all of them and the curves, the scores
/// of each class and the options, which loads nothing from elsewhere.
std::vector<RunFile> draw(const FinishedRun& run);

}  // namespace gradus::app
