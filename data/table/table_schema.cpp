#include "data/table/table_schema.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "data/table/load_columns.hpp"
#include "data/table/table_finish.hpp"
#include "data/table/table_targets.hpp"

namespace gradus::data {
namespace {

constexpr std::size_t longest_extra_name = 40;

SchemaColumn schema_column(const DataTable& table, int64_t place) {
  const TableColumn& column = table.columns[static_cast<std::size_t>(place)];
  return {column.name, place, column.kind};
}

// Finds the columns of a schema in another table.
class SchemaMatch {
 public:
  SchemaMatch(const TableSchema& schema, const TableLoad& load, bool needs_target)
      : schema_(schema), load_(load), by_name_(schema.has_header && load.has_header) {
    const auto count = std::ssize(load.names);
    if (by_name_ || count == schema.columns) return;
    lacks_targets_ = !needs_target && count + std::ssize(schema.targets) == schema.columns;
    if (!lacks_targets_)
      file_error(load.source.name(), "has {} columns{}, but the run's table has {}", count,
                 load.has_header ? "" : " and no header line", schema.columns);
  }

  bool by_name() const { return by_name_; }

  // The column's index, or -1.
  int64_t find(const SchemaColumn& column) const {
    if (!by_name_) {
      if (!lacks_targets_) return column.place;
      if (column.kind == ColumnKind::left_out && is_target(column)) return -1;
      const auto before = [&](const SchemaColumn& target) { return target.place < column.place; };
      return column.place - std::ranges::count_if(schema_.targets, before);
    }
    const auto& names = load_.names;
    const auto found = std::ranges::find(names, column.name);
    if (found == names.end()) return -1;
    const auto again = std::find(found + 1, names.end(), column.name);
    if (again != names.end())
      file_error(load_.source.name(), "two columns are named {} ({} and {}); rename one",
                 in_quotes(column.name), found - names.begin() + 1, again - names.begin() + 1);
    return found - names.begin();
  }

  std::size_t need(const SchemaColumn& column) const {
    const int64_t place = find(column);
    if (place < 0)
      file_error(load_.source.name(), "has no column {}, which the run needs",
                 in_quotes(column.name));
    return static_cast<std::size_t>(place);
  }

 private:
  bool is_target(const SchemaColumn& column) const {
    return std::ranges::any_of(
        schema_.targets, [&](const SchemaColumn& target) { return target.place == column.place; });
  }

  const TableSchema& schema_;
  const TableLoad& load_;
  bool by_name_;
  bool lacks_targets_ = false;
};

// A first line with the names of all features is a header line, whatever it looks like.
bool is_header_of(const TableSchema& schema, const TableStart& start, const std::string& name) {
  const std::vector<std::string>& cells = start.rows[0];
  const auto is_there = [&](const SchemaColumn& column) {
    return std::ranges::find(cells, column.name) != cells.end();
  };
  if (schema.has_header && std::ranges::all_of(schema.features, is_there)) return true;
  return has_header(start, name);
}

// "extra columns are not used: a, b"
void note_extra_columns(const TableSchema& schema, const std::vector<std::string>& reasons,
                        DataTable& table) {
  constexpr std::size_t most = 10;
  std::vector<std::string> extra;
  for (std::size_t i = 0; i < reasons.size(); ++i)
    if (reasons[i] == "extra" && extra.size() <= most &&
        std::ranges::find(schema.unused, table.columns[i].name) == schema.unused.end())
      extra.push_back(printable(table.columns[i].name, longest_extra_name));
  if (extra.empty()) return;
  if (extra.size() > most) extra.back() = "…";
  table.notes.push_back(fmt::format("extra columns are not used: {}", fmt::join(extra, ", ")));
}

void use_column(TableLoad& load, std::size_t place, ColumnUse use,
                std::vector<std::string>& reasons, std::string reason) {
  load.columns[place].use = use;
  load.columns[place].is_forced = true;
  reasons[place] = std::move(reason);
}

// The target columns, unless they aren't there and aren't needed.
std::vector<int64_t> find_targets(const TableSchema& schema, const SchemaMatch& match,
                                  bool needs_target) {
  std::vector<int64_t> targets;
  for (const SchemaColumn& column : schema.targets) {
    if (needs_target) match.need(column);
    targets.push_back(match.find(column));
  }
  if (std::ranges::count(targets, -1) > 0) targets.clear();
  return targets;
}

DataTable read_like(const TableSource& source, const TableSchema& schema,
                    const LikeOptions& options) {
  const TableStart start = read_start(source);
  const bool header = options.header ? *options.header : is_header_of(schema, start, source.name());
  TableLoad load{source, start, header, column_names(start, header)};
  load.columns.resize(load.names.size());
  std::vector<std::string> reasons(load.names.size(), "extra");
  const SchemaMatch match(schema, load, options.needs_target);

  DataTable table;
  for (const SchemaColumn& column : schema.features) {
    const std::size_t place = match.need(column);
    use_column(load, place,
               column.kind == ColumnKind::number ? ColumnUse::number : ColumnUse::category, reasons,
               "");
    load.columns[place].slot = load.width++;
    table.features.push_back(static_cast<int64_t>(place));
  }
  table.target_columns = find_targets(schema, match, options.needs_target);
  for (const int64_t place : table.target_columns)
    use_column(load, static_cast<std::size_t>(place), ColumnUse::target, reasons, "target");
  for (const SchemaColumn& column : schema.weights)
    if (const int64_t place = match.find(column); place >= 0 && options.needs_target)
      use_column(load, static_cast<std::size_t>(place), ColumnUse::weight, reasons, "weights");
  load_columns(load);

  const Targets known{schema.kind, {}, std::ssize(schema.target_names), schema.target_names};
  if (options.needs_target && !table.target_columns.empty()) {
    make_known_targets(load, known, table);
  } else if (!table.target_columns.empty()) {
    try {
      make_known_targets(load, known, table);
    } catch (const std::runtime_error& error) {
      table.notes.push_back(fmt::format("its targets are not used: {}", error.what()));
    }
  }
  for (std::size_t i = 0; options.keeps_texts && i < reasons.size(); ++i)
    if (!reasons[i].empty()) table.kept.push_back(static_cast<int64_t>(i));
  table.kept_texts = load_texts(load, table.kept);
  finish_table(load, reasons, table);
  if (match.by_name()) note_extra_columns(schema, reasons, table);
  if (!match.by_name() && schema.has_header)
    table.notes.emplace_back(
        "it has no header line: its columns are taken in the order of the run's");
  return table;
}

}  // namespace

TableSchema schema_of(const DataTable& table) {
  TableSchema schema{.has_header = table.has_header, .columns = std::ssize(table.columns)};
  for (const int64_t feature : table.features)
    schema.features.push_back(schema_column(table, feature));
  for (const int64_t target : table.target_columns)
    schema.targets.push_back(schema_column(table, target));
  schema.kind = table.targets.kind;
  schema.target_names = table.targets.names;
  if (table.weight_column >= 0) schema.weights.push_back(schema_column(table, table.weight_column));
  for (const TableColumn& column : table.columns)
    if (column.kind == ColumnKind::left_out) schema.unused.push_back(column.name);
  return schema;
}

DataTable read_table_like(const std::string& path, const TableSchema& schema,
                          const LikeOptions& options) {
  return read_like(TableSource::of_file(path), schema, options);
}

DataTable parse_table_like(std::string_view text, const std::string& name,
                           const TableSchema& schema, const LikeOptions& options) {
  return read_like(TableSource::of_text(text, name), schema, options);
}

}  // namespace gradus::data
