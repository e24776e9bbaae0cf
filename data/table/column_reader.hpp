// ColumnReader: reads the cells of a table's columns, in parallel, as what each column is used for.
#pragma once

#include <cmath>

#include "data/table/row_blocks.hpp"
#include "data/table/table_load.hpp"

namespace gradus::data {

/// A cell that is being read.
struct RawCell {
  int64_t row = 0;                                           ///< of the samples
  int64_t line = 0;                                          ///< where its row begins
  std::size_t column = 0;                                    ///< of the table
  std::string_view text = {};                                ///< without blanks around it
  double number = std::numeric_limits<double>::quiet_NaN();  ///< NaN for other text

  /// Whether the text is a number.
  bool is_number() const { return !std::isnan(number); }
};

/// What is wrong with a cell.
struct CellError {
  int64_t line;         ///< where its row begins
  std::size_t column;   ///< of the table
  std::string message;  ///< what it must be
};

/// Reads some columns block by block. Each thread reads numbers of rows of its own; all else has to
/// be seen in the order of the rows, and there each thread has columns of its own.
class ColumnReader {
 public:
  /// Reads `columns` of `load`.
  ColumnReader(TableLoad& load, const std::vector<std::size_t>& columns);

  /// Reads the next rows. Throws std::runtime_error for the first cell that isn't what its column
  /// must be.
  void take(RowBlocks& rows);

 private:
  void take_numbers(RowBlocks& rows);
  void take_others(const RowBlocks& rows);

  TableLoad& load_;
  std::vector<std::size_t> numbers_, others_;  // the columns
  std::vector<RawCell> other_cells_;           // (rows, others) of the block
  std::vector<CellError> errors_;
};

}  // namespace gradus::data
