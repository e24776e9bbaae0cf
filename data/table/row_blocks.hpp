// RowBlocks: reads the rows of a table block by block; all threads split them into cells.
#pragma once

#include "core/parallel.hpp"
#include "data/table/row_reader.hpp"

namespace gradus::data {

/// Goes through the rows of a table whose rows have the same number of cells. Some of them, one
/// after the other, are in memory at a time.
class RowBlocks {
 public:
  /// Each row has `width` cells. `skips_first`: the first row isn't part of the blocks.
  RowBlocks(const TableSource& source, const TableDialect& dialect, std::size_t width,
            bool skips_first);

  /// Goes to the next block. Returns false at the end. Throws what RowReader throws, and
  /// std::runtime_error for a row with another number of cells, once the rows before it are
  /// visited.
  bool next();

  /// The number of rows before the block.
  int64_t begin() const { return begin_; }
  /// The same with its own, without those from one with another number of cells on, once visited.
  int64_t end() const { return begin_ + std::ssize(rows_); }
  /// The part of the table up to the end of the block, from 0 to 1.
  double part_read() const { return reader_.part_read(); }
  /// The last line that was read.
  int64_t last_line() const { return reader_.row().line; }
  /// The line where a row begins. All rows are named by their number in the table.
  int64_t line(int64_t row) const { return rows_[static_cast<std::size_t>(row - begin_)].line; }

  /// The rows are visited in chunks of so many.
  static constexpr int64_t chunk_rows = 64;
  /// Calls visit(row, cells) for the rows; the chunks of rows run in parallel. The cells' texts are
  /// valid until next().
  template <class Visit>
  void for_each_row(Visit&& visit) {
    std::vector<WrongRow> wrong(
        static_cast<std::size_t>(chunk_count(std::ssize(rows_), chunk_rows)));
    parallel_for(std::ssize(rows_), chunk_rows, [&](int64_t begin, int64_t end) {
      std::vector<std::string_view> cells(width_);
      for (int64_t i = begin; i < end; ++i) {
        const int64_t count =
            split_row(rows_[static_cast<std::size_t>(i)], dialect_.separator, cells);
        if (count != std::ssize(cells)) {
          wrong[static_cast<std::size_t>(begin / chunk_rows)] = {i, count};
          return;
        }
        visit(begin_ + i, std::span<const std::string_view>(cells));
      }
    });
    cut_at(wrong);
  }

 private:
  // A row with another number of cells.
  struct WrongRow {
    int64_t place = -1;  // in the block; -1: there is none
    int64_t count = 0;
  };

  void collect();
  void cut_at(const std::vector<WrongRow>& wrong);

  std::string name_;
  TableDialect dialect_;
  std::size_t width_;
  RowReader reader_;
  int64_t begin_ = 0;
  std::vector<char> text_;
  std::vector<RowText> rows_;
  int64_t wrong_line_ = 0;   // of a row with another number of cells behind the block
  int64_t wrong_count_ = 0;  // of its cells
};

}  // namespace gradus::data
