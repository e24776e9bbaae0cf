#include "apps/gradus/run/model_description.hpp"

#include <cmath>

#include "apps/gradus/run/json.hpp"
#include "core/text/number.hpp"

namespace gradus::app {
namespace {

std::vector<int64_t> extents(const Shape& shape) {
  return {shape.begin(), shape.end()};
}

Json framing_json(const std::optional<data::Framing>& framing) {
  if (!framing) return {};
  return {{"ground", framing->ground}, {"extent", framing->extent}, {"by_mass", framing->by_mass},
          {"row", framing->row},       {"column", framing->column}, {"stroke", framing->stroke}};
}

std::optional<data::Framing> framing_from_json(const Json& json) {
  if (json.is_null()) return std::nullopt;
  const auto number = [&](const char* key) {
    const double value = json.at(key);
    if (!(std::abs(value) <= largest_count))
      throw std::runtime_error(fmt::format("its framing is damaged: {} is {}", key, value));
    return value;
  };
  return data::Framing{.ground = number("ground"),
                       .extent = whole_number(json.at("extent"), 0, largest_count),
                       .by_mass = json.at("by_mass"),
                       .row = number("row"),
                       .column = number("column"),
                       .stroke = number("stroke")};
}

}  // namespace

Json ModelDescription::to_json() const {
  return {{"model", model},
          {"norm", options.norm},
          {"activation", options.activation},
          {"dropout", options.dropout ? Json(*options.dropout) : Json()},
          {"input_dropout", options.input_dropout},
          {"channel_dropout", options.channel_dropout},
          {"drop_connect", options.drop_connect},
          {"input", extents(options.input)},
          {"classes", options.classes},
          {"mean", normalization.mean},
          {"deviation", normalization.deviation},
          {"sample", extents(sample)},
          {"framing", framing_json(framing)}};
}

ModelDescription ModelDescription::from_json(const Json& json) {
  ModelDescription result;
  result.model = json.at("model");
  result.options.norm = json.at("norm");
  result.options.activation = json.at("activation");
  if (!json.at("dropout").is_null()) result.options.dropout = json.at("dropout").get<double>();
  result.options.input_dropout = json.at("input_dropout");
  result.options.channel_dropout = json.at("channel_dropout");
  result.options.drop_connect = json.at("drop_connect");
  result.options.input = shape_from_json(json.at("input"));
  result.options.classes = whole_number(json.at("classes"), 1, largest_count);
  result.normalization = {.mean = json.at("mean"), .deviation = json.at("deviation")};
  // Runs of older programs lack the rest.
  result.sample =
      json.contains("sample") ? shape_from_json(json.at("sample")) : result.options.input;
  if (json.contains("framing")) result.framing = framing_from_json(json.at("framing"));
  return result;
}

}  // namespace gradus::app
