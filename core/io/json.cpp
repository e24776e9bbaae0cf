#include "core/io/json.hpp"

#include "core/io/file.hpp"
#include "core/text/number.hpp"

namespace gradus {

Json parse_json(std::string_view text) {
  constexpr int deepest = 100;
  try {
    return Json::parse(text, [&](int depth, Json::parse_event_t, const Json&) {
      if (depth > deepest)
        throw std::runtime_error(
            fmt::format("arrays and objects must not be nested more than {} deep", deepest));
      return true;
    });
  } catch (const Json::out_of_range&) {
    throw std::runtime_error("no JSON: a number is too large");
  } catch (const Json::parse_error& error) {
    // "[json.exception…] parse error at line 1, column 2: …"; the rest quotes the file.
    std::string_view what = error.what();
    what.remove_prefix(std::min(what.find("line "), what.size()));
    throw std::runtime_error(fmt::format("no JSON, at {}", what.substr(0, what.find(':'))));
  }
}

Json read_json(const std::string& path) {
  return of_file(path, [&] { return parse_json(read_file(path)); });
}

void require_utf8(const Json& json) {
  for (const auto& [name, value] : json.items()) try {
      value.dump();
    } catch (const Json::type_error&) {
      fail("json", "{} must be UTF-8, got {}", name,
           value.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
}

int64_t whole_number(const Json& json, int64_t least, int64_t most) {
  // Unsigned numbers may be larger than int64_t.
  const bool is_small =
      !json.is_number_unsigned() || json.get<uint64_t>() <= static_cast<uint64_t>(most);
  if (json.is_number_integer() && is_small) {
    const auto number = json.get<int64_t>();
    if (number >= least && number <= most) return number;
  }
  throw std::runtime_error(fmt::format("must be a whole number from {} to {}, got {}", least, most,
                                       printable(json.dump(), longest_value)));
}

double number_or_nan(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

Shape shape_from_json(const Json& json) {
  Shape shape;
  int64_t elements = 1;
  for (const Json& extent : json) {
    shape = shape.inserted(shape.rank(), whole_number(extent, 1, largest_count / elements));
    elements *= shape[shape.rank() - 1];
  }
  return shape;
}

}  // namespace gradus
