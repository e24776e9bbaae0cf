// table_of, picture_of: the options and results of several runs; difference_of: whether they differ
// by more than chance.
#pragma once

#include "apps/gradus/run/run_summary.hpp"
#include "apps/pictures/table.hpp"

namespace gradus::app {

/// Whether all runs have the same value of an option.
bool is_same(const std::vector<RunSummary>& runs, const std::string& option);
/// A row for each option that differs and for each result; a column for each run.
pictures::Table table_of(const std::vector<RunSummary>& runs);
/// A row of charts for each set that an epoch of a run was evaluated on, as SVG.
std::string picture_of(const std::vector<RunSummary>& runs);

/// What differs between two runs on the same test samples, by McNemar's exact test and paired
/// bootstraps of their scores; or between two groups of runs that differ in their seeds, by Welch's
/// interval of the difference of their means. `runs` are grouped by their options but the seed.
/// Empty unless there are two groups of finished runs on the same test set: two single runs, or two
/// or more runs in each.
std::string difference_of(const std::vector<RunSummary>& runs);

}  // namespace gradus::app
