// parse_specs and values_of: the first byte chooses the syntax; the values fit their options.
#include "core/text/option_table.hpp"
#include "tests/fuzz/target.hpp"

using namespace gradus;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const std::vector<OptionInfo> options{
      {"rate", "", 0.5, range::zero_to_one},
      {"count", "", 1., range::count},
      {"steps", "", std::string(), range::whole(0), {}, true},
      {"mode", "", std::string("min"), range::any, {"min", "max"}},
      {"fast", "", false, range::any}};
  if (size == 0) return 0;
  const std::string_view text = fuzz::text_of(data + 1, size - 1);
  const SpecSyntax syntax{.joints = data[0] & 1 ? "+;" : "+",
                          .separators = data[0] & 2 ? ",/" : ",",
                          .has_targets = (data[0] & 4) != 0,
                          .has_starts = (data[0] & 8) != 0,
                          .has_patterns = (data[0] & 16) != 0};
  fuzz::accepts([&] {
    for (const Spec& spec : parse_specs(text, syntax)) {
      fuzz::require(spec.place >= 1 && spec.place - 1 + spec.text.size() <= text.size() &&
                        text.substr(spec.place - 1, spec.text.size()) == spec.text,
                    "a spec in another place");
      for (const Spec::Argument& argument : spec.arguments)
        fuzz::require(argument.place >= 1 && argument.place <= size, "an argument in no place");
      for (const auto& [name, value] : values_of(spec, options)) {
        const OptionInfo* const option = find_option(options, name);
        fuzz::require(option && option->default_value.index() == value.index(), "another kind");
        if (const auto* number = std::get_if<double>(&value))
          fuzz::require(option->range.holds(*number), "a number out of its range");
      }
    }
  });
  return 0;
}
