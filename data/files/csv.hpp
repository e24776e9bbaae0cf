// Numeric tables in CSV files, one column of which is the class label.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// Options of read_csv() and parse_csv().
struct CsvOptions {
  /// The column with the labels: its name in the header line, or its number, where 0 is the first
  /// and -1 the last. Empty: the last.
  std::string label = {};
};

/// A table whose cells are numbers.
struct CsvTable {
  std::vector<std::string> names;  ///< of all columns; empty without a header line
  int64_t features = 0;            ///< columns but for the label
  std::vector<float> values;       ///< (rows, features)
  std::vector<int64_t> labels;     ///< (rows)

  /// The samples and their labels, not normalized. The number of classes is the largest label + 1.
  Dataset dataset() const;
};

/// Reads a table of comma-separated numbers (RFC 4180: cells may be quoted, lines may end in CRLF),
/// plain or gzip. The first line is a header when none of its cells is a number; empty lines are
/// skipped. Throws std::runtime_error "path: line 3, column 2: …" for a missing cell, one that is
/// no finite number, a label that is no integer from 0 to 999,999, a line of another length, a
/// label column that isn't there, and a file without samples.
CsvTable read_csv(const std::string& path, const CsvOptions& options = {});

/// The same from text; `name` stands in errors.
CsvTable parse_csv(std::string_view text, const std::string& name, const CsvOptions& options = {});

}  // namespace gradus::data
