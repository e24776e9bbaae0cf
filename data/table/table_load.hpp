// TableLoad: the columns of a table while it is read.
#pragma once

#include <limits>
#include <unordered_map>

#include "data/table/data_table.hpp"
#include "data/table/table_start.hpp"

namespace gradus::data {

/// What a column's cells are read as.
enum class ColumnUse : uint8_t { unused, number, category, target, weight, group, time };

/// The different texts of a column, numbered in the order in which they occur.
class TextNumbers {
 public:
  TextNumbers() = default;
  TextNumbers(TextNumbers&&) = default;
  TextNumbers& operator=(TextNumbers&&) = default;

  /// The number of a text, or -1.
  int32_t find(std::string_view text) const;
  /// Gives the next number to a text that has none.
  int32_t add(std::string_view text, int64_t line);
  /// How many texts there are.
  int64_t size() const { return std::ssize(texts_); }
  /// The text with a number.
  const std::string& text(int64_t number) const {
    return *texts_[static_cast<std::size_t>(number)];
  }
  /// The line where a text occurred first.
  int64_t line(int64_t number) const { return lines_[static_cast<std::size_t>(number)]; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> texts_;
  std::vector<int64_t> lines_;
};

/// A cell that may become an error, and its line; 0: none.
struct FirstCell {
  int64_t line = 0;       ///< of the first such cell
  std::string text = {};  ///< its text
};

/// What the cells of some rows of a column have shown.
struct CellFacts {
  int64_t missing = 0;           ///< cells without a value
  int64_t missing_line = 0;      ///< the first of them
  bool is_missing_word = false;  ///< one of them isn't empty
  FirstCell first_text;          ///< the first cell that is no number
  FirstCell first_infinite;      ///< the first cell that is too large

  double smallest = std::numeric_limits<double>::infinity();  ///< of numbers
  double largest = -std::numeric_limits<double>::infinity();  ///< of numbers
  /// The first number minus its row's index; NaN: there is no number.
  double start = std::numeric_limits<double>::quiet_NaN();
  bool counts_rows = true;  ///< whether each number is the start plus its row's index

  /// Adds what later rows have shown.
  void append(const CellFacts& later);
};

/// A column, as it is to be read and what was found.
struct ColumnLoad : CellFacts {
  ColumnUse use = ColumnUse::unused;  ///< how to read it
  bool is_forced = false;             ///< by the user or a run: it is never left out
  int64_t slot = -1;                  ///< of a number or category: its place in a row of the values

  TextNumbers texts = {};     ///< of categories and targets
  bool has_too_many = false;  ///< more different texts than are collected
  int64_t wordy = 0;          ///< texts of more than two words
  int64_t number_cells = 0;   ///< cells that are numbers
  bool are_dates = true;      ///< whether all texts are dates

  std::vector<double> numbers = {};  ///< of a target, the weights or the times; NaN for a text
  std::vector<double> swapped = {};  ///< of times: with the day before the month
  std::vector<int32_t> codes = {};   ///< of a target: numbers of its texts, unless has_too_many
  std::vector<int64_t> groups = {};  ///< of the group column: numbers of its texts
  std::unordered_map<uint64_t, int64_t> group_numbers = {};  ///< by the texts' checksums
};

/// The texts of a target that are collected.
constexpr int64_t most_target_texts = 100'000;

/// A table while it is read.
struct TableLoad {
  const TableSource& source;             ///< its text
  const TableStart& start;               ///< what is known before
  bool has_header;                       ///< whether the first row isn't a sample
  std::vector<std::string> names;        ///< of the columns
  std::vector<ColumnLoad> columns = {};  ///< in the order of the file
  int64_t width = 0;                     ///< number of slots
  int64_t rows = 0;                      ///< number of samples
  std::vector<float> values = {};        ///< (rows, width)

  /// "line 3, column 2 (age)".
  std::string place(int64_t line, std::size_t column) const;
};

/// Takes the features as `kept` slots, in this order and increasing, and drops the others.
void keep_slots(TableLoad& load, const std::vector<int64_t>& kept);

}  // namespace gradus::data
