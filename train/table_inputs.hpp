// table_json, table_inputs_from_json: the inputs of a model from a table, in the metadata of its file.
#pragma once

#include "core/io/json.hpp"
#include "train/saved_model.hpp"

namespace gradus::train::detail {

/// The schema and the encoding.
Json table_json(const TableInputs& table);
/// The reverse. Throws std::runtime_error for what table_json() doesn't write.
TableInputs table_inputs_from_json(const Json& json);

}  // namespace gradus::train::detail
