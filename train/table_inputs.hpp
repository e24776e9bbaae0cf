// TableInputs: how the inputs of a model are read from a table; table_json, table_inputs_from_json:
// write and read them in the metadata of its file.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "data/table/table_encoding.hpp"
#include "data/table/table_schema.hpp"

namespace gradus::train {

/// How the inputs of a model are read from a table.
struct TableInputs {
  data::TableSchema schema;      ///< its columns
  data::TableEncoding encoding;  ///< how they become numbers
};

namespace detail {
/// The schema and the encoding.
nlohmann::ordered_json table_json(const TableInputs& table);
/// The reverse. Throws std::runtime_error for what table_json() doesn't write.
TableInputs table_inputs_from_json(const nlohmann::ordered_json& json);
}  // namespace detail

}  // namespace gradus::train
