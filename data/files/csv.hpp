// read_csv, CsvTable: numeric tables in CSV files with a column of class labels.
#pragma once

#include "data/dataset.hpp"

namespace gradus::data {

/// Options of read_csv() and parse_csv().
struct CsvOptions {
  /// The label column: its name in the header line, or its index (0 is the first, -1 the last).
  /// Empty: the last column.
  std::string label = {};
};

/// A table of numbers.
struct CsvTable {
  std::vector<std::string> names;  ///< of all columns; empty without a header line
  int64_t features = 0;            ///< number of columns without the label
  std::vector<float> values;       ///< (rows, features)
  std::vector<int64_t> labels;     ///< (rows)

  /// The samples and their labels, not normalized. The number of classes is the largest label + 1.
  Dataset dataset() const;
};

/// Reads a table of comma-separated numbers (RFC 4180: cells may be quoted, lines may end in CRLF),
/// plain or gzip. The first line is a header if none of its cells is a number; empty lines are
/// skipped. Numbers too small for f32 become 0. Throws std::runtime_error "path: line 3, column 2:
/// …" for an empty cell, a cell that is not a finite number, a label that is not an integer from 0
/// to 999,999, a line with another number of cells, a missing label column, and a file without
/// samples.
CsvTable read_csv(const std::string& path, const CsvOptions& options = {});

/// The same from text; errors begin with `name`.
CsvTable parse_csv(std::string_view text, const std::string& name, const CsvOptions& options = {});

}  // namespace gradus::data
