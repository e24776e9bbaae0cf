// Tables of measurements, as text, CSV, Markdown and HTML.
#pragma once

#include <concepts>
#include <optional>
#include <utility>

#include "core/statistics.hpp"

namespace gradus::pictures {

/// A word, a number, or a mean with its spread over seeds.
struct TableCell {
  enum class Kind { word, number, estimate };

  TableCell(std::string text) : kind(Kind::word), word(std::move(text)) {}
  TableCell(const char* text) : TableCell(std::string(text)) {}
  TableCell(double value) : kind(Kind::number), number{.mean = value} {}
  TableCell(std::integral auto value) : TableCell(static_cast<double>(value)) {}
  TableCell(const Estimate& value) : kind(Kind::estimate), number(value) {}

  Kind kind;
  std::string word = {};
  Estimate number = {};  ///< of a plain number, its mean
};

struct Column {
  std::string name;             ///< with its unit: "accuracy (%)"
  std::optional<int> decimals;  ///< of its numbers; left out, three significant digits

  Column(const char* column, std::optional<int> digits = {}) : name(column), decimals(digits) {}
};

/// Each row has a cell for each column.
struct Table {
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<TableCell>> rows = {};
};

/// In columns wide enough for their texts, numbers to the right; nothing of the title. The
/// functions here throw std::invalid_argument for a row with more cells than columns, or fewer.
std::string to_text(const Table& table);

/// A header line, then a line for each row, all digits of each number; a column with a mean is two
/// there: the mean and, as "NAME spread", the spread.
std::string to_csv(const Table& table);

std::string to_markdown(const Table& table);
std::string to_html(const Table& table);

}  // namespace gradus::pictures
