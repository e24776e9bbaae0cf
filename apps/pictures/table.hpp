// Table: a table of measurements; to_text, to_csv, to_markdown, to_html: write it.
#pragma once

#include <concepts>
#include <optional>

#include "core/statistics.hpp"
#include "core/text/printable.hpp"

namespace gradus::pictures {

/// A text, a number, or a mean with its standard deviation over seeds.
struct TableCell {
  enum class Kind { word, number, estimate };

  TableCell(const std::string& text) : kind(Kind::word), word(printable(text)) {}
  TableCell(const char* text) : TableCell(std::string(text)) {}
  TableCell(double value) : kind(Kind::number), number{.mean = value} {}
  TableCell(std::integral auto value) : TableCell(static_cast<double>(value)) {}
  TableCell(const Estimate& value) : kind(Kind::estimate), number(value) {}

  Kind kind;
  std::string word = {};
  Estimate number = {};  ///< a plain number is its mean
};

struct Column {
  std::string name;             ///< with its unit: "accuracy (%)"
  std::optional<int> decimals;  ///< of the numbers (default: three significant digits)

  Column(const char* column, std::optional<int> digits = {})
      : name(printable(column)), decimals(digits) {}
};

/// A table; each row must have a cell for each column.
struct Table {
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<TableCell>> rows = {};
};

/// Text in aligned columns, numbers on the right, without the title. These functions throw
/// std::invalid_argument if a row has another number of cells than the columns.
std::string to_text(const Table& table);

/// A line of names, then a line for each row, with all digits. A column of means with standard
/// deviations becomes two columns: "NAME" and "NAME spread".
std::string to_csv(const Table& table);

std::string to_markdown(const Table& table);
/// A table that scrolling() lets scroll.
std::string to_html(const Table& table);

}  // namespace gradus::pictures
