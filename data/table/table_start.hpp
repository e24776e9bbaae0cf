// TableStart: what the first rows of a table tell about the others: how it is written, and whether
// it has a header line.
#pragma once

#include <optional>

#include "data/table/row_reader.hpp"

namespace gradus::data {

/// The beginning of a table.
struct TableStart {
  TableDialect dialect;                        ///< how it is written
  std::vector<std::vector<std::string>> rows;  ///< cells of its first rows, with the header line
  int64_t first_line = 1;                      ///< where the first row is
};

/// Reads the first 64 KiB, or more until there are some rows. The separator is that one of comma,
/// semicolon, tab and bar that gives most rows the same number of cells. Throws std::runtime_error
/// for a text that is empty, binary or UTF-16, and for rows of different lengths.
TableStart read_start(const TableSource& source);

/// Whether the first row is a header line: it has no number, and one of its cells stands above
/// numbers or dates; or all of its cells are different texts that don't occur below. Throws
/// std::runtime_error where that is doubtful: a text above numbers beside a number.
bool has_header(const TableStart& start, const std::string& name);

/// The names of the columns: of the header line, else "column 1", which also replaces empty names.
std::vector<std::string> column_names(const TableStart& start, bool header);

}  // namespace gradus::data
