// parse_json, read_json: JSON that others may have written, read within limits; for .cpp files.
#pragma once

#include <nlohmann/json.hpp>

#include "core/shape.hpp"

namespace gradus {

using Json = nlohmann::ordered_json;

/// Throws std::runtime_error for what is no JSON, and for more than 100 arrays and objects in one
/// another: printing them would need more stack than there is.
Json parse_json(std::string_view text);
/// The same of a file, whose path stands in the error. Throws too for what read_file() refuses.
Json read_json(const std::string& path);

/// A whole number from `least` to `most`. Throws std::runtime_error for any other value: a fraction
/// or 1e300 would become some number, too.
int64_t whole_number(const Json& json, int64_t least, int64_t most);
/// A shape whose extents and whose number of elements are from 1 to 10^9.
Shape shape_from_json(const Json& json);

}  // namespace gradus
