// DataTable: a table that people bring, as numbers and categories.
#pragma once

#include <optional>

#include "data/targets.hpp"

namespace gradus::data {

/// What a column of a table is used as.
enum class ColumnKind : uint8_t {
  number,    ///< an input that is a number
  category,  ///< an input that is one of several texts
  left_out,  ///< no input
};

/// A column of a table.
struct TableColumn {
  std::string name = {};                   ///< of the header line, else "column 3"
  ColumnKind kind = ColumnKind::left_out;  ///< what it is used as
  std::vector<std::string> values = {};    ///< of a category: the texts that occur, 2 before 10
  int64_t missing = 0;                     ///< number of cells without a value
  /// Why a column is left out: "dates", "free text", "812 distinct values", "empty", "constant",
  /// "counts the rows"; "target", "ignored", "weights", "groups", "time".
  std::string reason = {};
};

/// Options of read_table() and parse_table(). Columns are given by their names, or as numbers from
/// 1, negative ones from the end.
struct TableOptions {
  /// Empty: a column called label, target, class or y (in this order, in any case), else the last.
  std::vector<std::string> targets = {};
  std::vector<std::string> ignored = {};     ///< aren't used
  std::vector<std::string> categories = {};  ///< are categories, though they may be numbers
  std::vector<std::string> numbers = {};     ///< are numbers: a text is an error
  std::string weight = {};                   ///< weighs the samples
  std::string group = {};  ///< samples with the same text stay together when the table is split
  std::string time = {};   ///< numbers or dates; the latest samples are for the test
  std::optional<bool> header = {};  ///< whether the first line is one; empty: by its types
  std::string task = "auto";        ///< auto, classify, multi-label or regress
  bool has_target = true;           ///< false: all columns may be inputs
  bool keeps_all = false;           ///< also uses constant columns and such that count the rows
};

/// A table: the inputs as numbers, and the targets.
struct DataTable {
  std::string name = {};                  ///< of the file, for messages
  bool has_header = false;                ///< whether the columns have names of their own
  int64_t rows = 0;                       ///< number of samples
  std::vector<TableColumn> columns = {};  ///< all columns of the file in its order
  std::vector<int64_t> features = {};     ///< the inputs, as indices into `columns`
  /// (rows, features). NaN: missing. A category is its index in TableColumn::values.
  std::vector<float> values = {};
  std::vector<int64_t> target_columns = {};  ///< indices into `columns`
  std::string task_reason = {};  ///< why "auto" took the task: "text", "3 different whole numbers"
  /// The values are undefined without a target. The names of classes are the different values in
  /// natural order, those of labels and numbers are of the columns or in the cells.
  Targets targets = {};
  std::vector<float> weights = {};      ///< of the samples; empty without such a column
  std::vector<int64_t> groups = {};     ///< the number of each sample's group; empty without one
  std::vector<double> times = {};       ///< larger for later samples; empty without such a column
  int64_t weight_column = -1;           ///< index into `columns`, or -1
  std::vector<std::string> notes = {};  ///< what the user should know, one line each
  /// The texts of the columns `kept`, which aren't inputs, if they were asked for.
  std::vector<std::vector<std::string>> kept_texts = {};
  std::vector<int64_t> kept = {};  ///< indices into `columns`

  /// The feature's column.
  const TableColumn& feature(std::size_t i) const {
    return columns[static_cast<std::size_t>(features[i])];
  }
};

}  // namespace gradus::data
