#include "data/table/read_table.hpp"

#include <algorithm>

#include "core/text/registry.hpp"
#include "data/table/column_choice.hpp"
#include "data/table/load_columns.hpp"
#include "data/table/table_finish.hpp"
#include "data/table/table_targets.hpp"

namespace gradus::data {
namespace {

// What the user chose.
struct ChosenColumns {
  std::vector<ColumnLoad> columns;
  std::vector<std::size_t> targets;
  std::vector<std::string> reasons;  // why a column isn't an input; empty if it may be one
};

class ColumnChooser {
 public:
  ColumnChooser(const std::string& file, const ColumnChoice& choice, std::size_t count)
      : file_(file), choice_(choice) {
    chosen_.columns.resize(count);
    chosen_.reasons.resize(count);
  }

  ChosenColumns choose(const TableOptions& options) {
    for (const std::size_t column : choice_.find(options.ignored))
      chosen_.reasons[column] = "ignored";
    take(options.weight, ColumnUse::weight, "weights");
    take(options.group, ColumnUse::group, "groups");
    take(options.time, ColumnUse::time, "time");
    for (const std::string& name : options.targets) take(name, ColumnUse::target, "target");
    if (options.targets.empty() && options.has_target) {
      std::vector<bool> taken;
      for (const std::string& reason : chosen_.reasons) taken.push_back(!reason.empty());
      take(choice_.usual_target(taken), ColumnUse::target, "target");
    }
    for (ColumnLoad& column : chosen_.columns)
      if (const auto i = static_cast<std::size_t>(&column - chosen_.columns.data());
          chosen_.reasons[i].empty())
        column.use = ColumnUse::number;  // until the rows show something else
    force(options.categories, ColumnUse::category);
    force(options.numbers, ColumnUse::number);
    return std::move(chosen_);
  }

 private:
  void take(const std::string& name, ColumnUse use, const char* reason) {
    if (!name.empty()) take(choice_.find(name), use, reason);
  }
  void take(std::size_t column, ColumnUse use, const char* reason) {
    std::string& present = chosen_.reasons[column];
    if (!present.empty())
      file_error(file_, "column {} can't be used twice, as {} and as {}", column + 1, present,
                 reason);
    present = reason;
    chosen_.columns[column].use = use;
    if (use == ColumnUse::target) chosen_.targets.push_back(column);
  }
  void force(const std::vector<std::string>& names, ColumnUse use) {
    for (const std::size_t column : choice_.find(names)) {
      ColumnLoad& load = chosen_.columns[column];
      if (!chosen_.reasons[column].empty()) continue;
      if (load.is_forced && load.use != use)
        file_error(file_, "column {} can't be both a number and a category", column + 1);
      load.use = use;
      load.is_forced = true;
    }
  }

  const std::string& file_;
  const ColumnChoice& choice_;
  ChosenColumns chosen_;
};

// "PassengerId", and the column without a name that some programs write for the index.
bool is_name_of_counter(const TableLoad& load, std::size_t column) {
  const std::string name = lowered(load.names[column]);
  return load.has_header &&
         (name.ends_with("id") || name == "index" || name == "column 1" || name == "unnamed: 0");
}

// Why a category that was found isn't used; empty if it is.
std::string reason_against_texts(const ColumnLoad& column, int64_t rows) {
  constexpr int64_t few = 20, enough_rows = 10, some = 2;
  const int64_t cells = rows - column.missing, distinct = column.texts.size();
  if (cells == 0) return "empty";
  if (column.are_dates) return "dates";
  const bool are_most_distinct = column.has_too_many || 2 * distinct > cells;
  const bool is_wordy = 2 * column.wordy > distinct || distinct == 0;
  const bool is_text = are_most_distinct &&
                       (distinct > few || column.has_too_many || (is_wordy && distinct > some) ||
                        (distinct == cells && cells >= enough_rows));
  if (10 * column.number_cells >= 9 * cells && (is_text || distinct > few))
    return fmt::format("{} in line {} is not a number", in_quotes(column.first_text.text),
                       column.first_text.line);
  if (is_text) {
    if (is_wordy) return "free text";
    return fmt::format("{}{} distinct values", column.has_too_many ? "more than " : "", distinct);
  }
  return distinct == 1 && column.missing == 0 && rows > 1 ? "constant" : "";
}

// The same for any column that may be an input.
std::string reason_against(const TableLoad& load, std::size_t place, bool keeps_all) {
  constexpr int64_t many_rows = 10;
  const ColumnLoad& column = load.columns[place];
  if (column.is_forced) return "";
  if (column.use == ColumnUse::category) {
    const std::string reason = reason_against_texts(column, load.rows);
    return keeps_all && reason == "constant" ? "" : reason;
  }
  if (column.missing == load.rows) return "empty";
  if (keeps_all || load.rows == 1) return "";
  if (column.missing == 0 && column.smallest == column.largest) return "constant";
  const bool counts = column.counts_rows && (column.start == 0 || column.start == 1) &&
                      (load.rows >= many_rows || is_name_of_counter(load, place));
  return counts ? "counts the rows" : "";
}

// Leaves out what makes no input, but not the last one only since it counts the rows.
void leave_out(const TableLoad& load, bool keeps_all, std::vector<std::string>& reasons) {
  bool has_inputs = false;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (!reasons[i].empty()) continue;
    reasons[i] = reason_against(load, i, keeps_all);
    has_inputs = has_inputs || reasons[i].empty();
  }
  const auto counter = std::ranges::find(reasons, "counts the rows");
  if (!has_inputs && counter != reasons.end()) *counter = "";
}

DataTable read_source(const TableSource& source, const TableOptions& options) {
  const TableStart start = read_start(source);
  const bool header = options.header ? *options.header : has_header(start, source.name());
  TableLoad load{source, start, header, column_names(start, header)};
  const ColumnChoice choice(source.name(), load.names, header);
  if (load.names.size() < 2 && options.has_target)
    file_error(source.name(),
               "line {}: at least 2 columns are needed, an input and a target, got 1",
               start.first_line);
  ChosenColumns chosen = ColumnChooser(source.name(), choice, load.names.size()).choose(options);
  load.columns = std::move(chosen.columns);
  for (ColumnLoad& column : load.columns)
    if (column.use == ColumnUse::number || column.use == ColumnUse::category)
      column.slot = load.width++;
  load_columns(load);
  leave_out(load, options.keeps_all, chosen.reasons);

  std::vector<bool> used;
  for (const std::string& reason : chosen.reasons) used.push_back(reason.empty());
  choice.require_different(used);
  DataTable table;
  for (const std::size_t column : chosen.targets)
    table.target_columns.push_back(static_cast<int64_t>(column));
  for (std::size_t i = 0; i < used.size(); ++i)
    if (used[i]) table.features.push_back(static_cast<int64_t>(i));
  if (table.features.empty()) {
    std::string why;
    for (std::size_t i = 0; i < used.size() && i < 5; ++i)
      why += fmt::format("{}{} ({})", why.empty() ? "" : ", ", printable(load.names[i], 40),
                         chosen.reasons[i]);
    file_error(source.name(), "no column is an input: {}", why);
  }
  if (!table.target_columns.empty()) make_targets(load, options.task, table);
  finish_table(load, chosen.reasons, table);
  return table;
}

}  // namespace

DataTable read_table(const std::string& path, const TableOptions& options) {
  return read_source(TableSource::of_file(path), options);
}

DataTable parse_table(std::string_view text, const std::string& name, const TableOptions& options) {
  return read_source(TableSource::of_text(text, name), options);
}

}  // namespace gradus::data
