#include "train/table_inputs.hpp"

#include "core/io/json.hpp"
#include "core/text/number.hpp"
#include "train/task.hpp"

namespace gradus::train::detail {
namespace {

const char* name_of(data::ColumnKind kind) {
  return kind == data::ColumnKind::number     ? "number"
         : kind == data::ColumnKind::category ? "category"
                                              : "other";
}

data::ColumnKind kind_of(const Json& json) {
  for (const data::ColumnKind kind :
       {data::ColumnKind::number, data::ColumnKind::category, data::ColumnKind::left_out})
    if (json == name_of(kind)) return kind;
  throw std::runtime_error(fmt::format("unknown kind of column {}", json.dump()));
}

Json columns_json(const std::vector<data::SchemaColumn>& columns) {
  Json list = Json::array();
  for (const data::SchemaColumn& column : columns)
    list.push_back(
        {{"name", column.name}, {"place", column.place}, {"kind", name_of(column.kind)}});
  return list;
}

std::vector<data::SchemaColumn> columns_from_json(const Json& list) {
  std::vector<data::SchemaColumn> columns;
  for (const Json& json : list)
    columns.push_back({json.at("name"), whole_number(json.at("place"), 0, largest_count),
                       kind_of(json.at("kind"))});
  return columns;
}

Json encoding_json(const data::TableEncoding& encoding) {
  Json list = Json::array();
  for (const data::EncodedColumn& column : encoding.columns)
    list.push_back({{"name", column.name},
                    {"kind", name_of(column.kind)},
                    {"median", column.median},
                    {"has_indicator", column.has_indicator},
                    {"values", column.values}});
  return list;
}

data::TableEncoding encoding_from_json(const Json& list) {
  data::TableEncoding encoding;
  for (const Json& json : list)
    encoding.columns.push_back({.name = json.at("name"),
                                .kind = kind_of(json.at("kind")),
                                .median = json.at("median"),
                                .has_indicator = json.at("has_indicator"),
                                .values = json.at("values")});
  return encoding;
}

}  // namespace

Json table_json(const TableInputs& table) {
  const data::TableSchema& schema = table.schema;
  return {{"has_header", schema.has_header},           {"columns", schema.columns},
          {"features", columns_json(schema.features)}, {"targets", columns_json(schema.targets)},
          {"task", task_of(schema.kind).name},         {"target_names", schema.target_names},
          {"weights", columns_json(schema.weights)},   {"unused", schema.unused},
          {"encoding", encoding_json(table.encoding)}};
}

TableInputs table_inputs_from_json(const Json& json) {
  TableInputs result;
  data::TableSchema& schema = result.schema;
  schema.has_header = json.at("has_header");
  schema.columns = whole_number(json.at("columns"), 1, largest_count);
  schema.features = columns_from_json(json.at("features"));
  schema.targets = columns_from_json(json.at("targets"));
  schema.kind = tasks().find(json.at("task").get<std::string>()).kind;
  schema.target_names = json.at("target_names");
  schema.weights = columns_from_json(json.at("weights"));
  schema.unused = json.at("unused");
  result.encoding = encoding_from_json(json.at("encoding"));
  if (result.encoding.columns.size() != schema.features.size())
    throw std::runtime_error(fmt::format("the table has {} features, but {} are encoded",
                                         schema.features.size(), result.encoding.columns.size()));
  return result;
}

}  // namespace gradus::train::detail
