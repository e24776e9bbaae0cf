// RowReader: reads the rows of a table from text whose cells are separated by a character.
#pragma once

#include <span>

#include "core/error.hpp"
#include "data/files/byte_reader.hpp"

namespace gradus::data {

/// Text that can be read several times: of a file, plain or gzip, or in memory.
class TableSource {
 public:
  /// The text of a file.
  static TableSource of_file(const std::string& path) { return {path, {}, true}; }
  /// `text` must outlive the source; errors begin with `name`.
  static TableSource of_text(std::string_view text, std::string name) {
    return {std::move(name), text, false};
  }

  /// What errors begin with.
  const std::string& name() const { return name_; }
  /// A reader at the beginning.
  ByteReader open() const;

 private:
  TableSource(std::string name, std::string_view text, bool is_file)
      : name_(std::move(name)), text_(text), is_file_(is_file) {}

  std::string name_;
  std::string_view text_;
  bool is_file_;
};

/// How the text of a table is written.
struct TableDialect {
  char separator = ',';       ///< between cells
  char line_break = '\n';     ///< '\r' for files of old Macintoshes
  char point = '.';           ///< of decimal numbers
  bool has_comments = false;  ///< whether lines that begin with # are comments
};

/// The text of a row, without its line break.
struct RowText {
  char* text = nullptr;
  std::size_t size = 0;
  bool has_quotes = false;
  int64_t line = 0;  ///< where the row begins, from 1
};

/// Splits a row into `cells`, and moves quoted cells together in its text. Cells that don't fit are
/// left out. Returns how many the row has.
int64_t split_row(const RowText& row, char separator, std::span<std::string_view> cells);

/// Goes through the rows of a table. A cell that begins with a quote ends with the next single one:
/// in between, separators and line breaks are text, and two quotes are one. Blanks around cells,
/// empty lines and a byte order mark are skipped. A part of the text is in memory at a time.
class RowReader {
 public:
  /// `is_part`: the text is cut off at any place; the row there is left out unless it is the first.
  RowReader(const TableSource& source, const TableDialect& dialect, bool is_part = false);

  /// Goes to the next row. Returns false at the end. Throws std::runtime_error for a quote that
  /// isn't closed, a byte of 0 and a row of more than 256 MiB.
  bool next();
  /// The row, valid until next().
  const RowText& row() const { return row_; }
  /// The part of the table that was read, from 0 to 1. Compressed tables are taken as evenly
  /// compressed.
  double part_read() const;

 private:
  void fill();
  bool find_row();
  bool find_quoted_row();
  void take_row(std::size_t size, std::size_t taken, int64_t line_breaks);
  [[noreturn]] void unclosed(int64_t line, int64_t column) const;

  std::string name_;
  TableDialect dialect_;
  bool is_part_;
  ByteReader bytes_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what is not yet read of the buffer
  bool at_end_ = false;              // the buffer has the last byte
  std::size_t loaded_ = 0;           // bytes that were ever in the buffer
  RowText row_;
  int64_t rows_ = 0;
  int64_t next_line_ = 1;
};

}  // namespace gradus::data
