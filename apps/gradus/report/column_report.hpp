// ColumnReport: which columns of a table matter to a model, in report.json, on the page and in the
// terminal.
#pragma once

#include "apps/gradus/report/task_report.hpp"
#include "data/table/table_encoding.hpp"

namespace gradus::app {

/// A column of the table, and how much worse the score gets when its values are shuffled.
struct RankedColumn {
  std::string name;
  double mean, deviation;  ///< over the shuffles
};

/// The columns of a run's table, the most important first.
struct ColumnReport {
  std::vector<RankedColumn> columns = {};  ///< empty: the data aren't a table, or it is too wide
  int64_t samples = 0;                     ///< that were shuffled, at most

  /// An object with column, mean and deviation for each.
  Json json() const;
  /// A section with a bar for each of the 30 most important columns, and columns.svg; nothing if
  /// there are none.
  void draw(RunPage& page, const JudgedModel& model) const;
  /// "columns that matter most: bmi 12.3 ± 0.8, s5 8.1 ± 0.5, …", at most three, for the terminal;
  /// empty if there are none.
  std::string line(const train::EpochScore& score) const;
};

/// Shuffles each column five times on at most 2,000 samples of the set, with more than 10 columns
/// on so many that it takes 100,000 predictions, but at least on 50
/// (train::permutation_importance). Empty for a table of more than 500 columns: it would take long.
ColumnReport column_report(layers::Module& model, const JudgedModel& judged,
                           const data::TableEncoding& encoding, const train::Loss& loss,
                           const Rng& rng);

}  // namespace gradus::app
