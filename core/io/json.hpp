// parse_json, read_json: read JSON that other programs may have written, within limits; for .cpp
// files.
#pragma once

#include <nlohmann/json.hpp>

#include "core/shape.hpp"

namespace gradus {

using Json = nlohmann::ordered_json;

/// Throws std::runtime_error for invalid JSON and for more than 100 nested arrays and objects:
/// deeper ones could overflow the stack when they are printed.
Json parse_json(std::string_view text);
/// The same for a file; errors begin with its path. Also throws the errors of read_file().
Json read_json(const std::string& path);

/// Throws std::invalid_argument for the first member of the object `json` with a text that isn't
/// UTF-8: a JSON file can't hold it.
void require_utf8(const Json& json);

/// An integer from `least` to `most`. Throws std::runtime_error for any other value, such as a
/// fraction or 1e300, which nlohmann::json would convert to an arbitrary integer.
int64_t whole_number(const Json& json, int64_t least, int64_t most);
/// A number; NaN, which JSON doesn't have, is null.
double number_or_nan(const Json& json);
/// A shape with extents and a number of elements from 1 to 10^9.
Shape shape_from_json(const Json& json);

}  // namespace gradus
