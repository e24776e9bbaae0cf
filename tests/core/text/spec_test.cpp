#include "core/text/spec.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "core/text/option_table.hpp"
#include "core/text/registry.hpp"

using namespace gradus;

namespace {

// "target|name|option=value@place …|start@place", one line for each spec.
std::string shown(std::string_view text, const SpecSyntax& syntax = {}) {
  std::string result;
  for (const Spec& spec : parse_specs(text, syntax)) {
    result += fmt::format("{}|{}|", spec.target.value_or("-"), spec.name);
    for (const auto& [name, value, place] : spec.arguments)
      result += fmt::format("{}={}@{} ", name, value, place);
    result += fmt::format("|{}@{}\n", spec.start.value_or("-"), spec.place);
  }
  return result;
}

const std::vector<OptionInfo> options{
    {"size", "", 3., range::count},
    {"mode", "", "plain", range::any, {"plain", "fancy"}},
    {"steps", "", "", range::any, {}, true},
    {"with_flag", "", false, range::any},
    {"file", "", "", range::any},
};

// "option=value …"
std::string values(std::string_view text) {
  std::string result;
  for (const auto& [name, value] : values_of(parse_spec(text), options))
    result += fmt::format("{}={} ", name,
                          std::visit([](const auto& v) { return fmt::format("{}", v); }, value));
  return result;
}

void check_refused(std::string_view text, const std::string& message) {
  CHECK_THROWS_WITH_AS(values(text), message.c_str(), std::invalid_argument);
}

}  // namespace

TEST_CASE("Specs are names with arguments, joined by +, with their places in the text") {
  CHECK(shown("batch") == "-|batch||-@1\n");
  CHECK(shown(" group : 8 + weight_std ") == "-|group|=8@10 |-@2\n-|weight_std||-@14\n");
  CHECK(shown("normal:std=0.1,2,mean = 1") == "-|normal|std=0.1@8 =2@16 mean=1@18 |-@1\n");
  CHECK(shown("constant:1e+5+zeros") == "-|constant|=1e+5@10 |-@1\n-|zeros||-@15\n");
  CHECK(shown("pca:,0.1") == "-|pca|=@5 =0.1@6 |-@1\n");
}

TEST_CASE("A SpecSyntax sets separators, targets, starts and patterns") {
  CHECK(shown("pca:0.9/0.1", {.separators = ",/"}) == "-|pca|=0.9@5 =0.1@9 |-@1\n");
  CHECK(shown("conv=he:in+zeros", {.has_targets = true}) == "conv|he|=in@9 |-@1\n-|zeros||-@12\n");
  CHECK(shown("conv=he") == "-|conv=he||-@1\n");
  CHECK(shown("constant + cosine:a=1@50%", {.has_starts = true}) ==
        "-|constant||-@1\n-|cosine|a=1@19 |50%@12\n");
  CHECK(shown("[[:digit:]]*:lr=1;0.*:lr=2", {.joints = "+;", .has_patterns = true}) ==
        "-|[[:digit:]]*|lr=1@14 |-@1\n-|0.*|lr=2@23 |-@19\n");
  const auto before_letters = [](std::string_view, std::string_view rest) {
    return rest[1] >= 'a';
  };
  CHECK(shown("a:1,2,b:3", {.joints = ",", .ends = before_letters}) ==
        "-|a|=1@3 =2@5 |-@1\n-|b|=3@9 |-@7\n");
}

TEST_CASE("Errors about missing parts of a spec name the place") {
  const auto message = [](std::string_view text) -> std::string {
    try {
      parse_specs(text, {.owner = "augment"});
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  CHECK(message("") == "[augment] a name is missing at character 1");
  CHECK(message("flip+") == "[augment] a name is missing at character 6");
  CHECK(message("flip + + zoom") == "[augment] a name is missing at character 8");
  CHECK(message("zoom + :3") == "[augment] a name is missing at character 8");
  CHECK(message("zoom:") == "[augment] an argument of zoom is missing at character 6");
  CHECK(message("zoom:1, ") == "[augment] an argument of zoom is missing at character 8");
}

TEST_CASE("Arguments are assigned to options by name, or in order") {
  CHECK(values("x") == "");
  CHECK(values("x:7") == "size=7 ");
  CHECK(values("x:7,fancy") == "mode=fancy size=7 ");
  CHECK(values("x:mode=fancy,7") == "mode=fancy size=7 ");
  CHECK(values("x:,fancy") == "mode=fancy ");
  CHECK(values("x:with-flag,7") == "size=7 with_flag=true ");
  CHECK(values("x:with_flag=false") == "with_flag=false ");
  CHECK(values("x:steps=1,2,3,with-flag,file=a.b") == "file=a.b steps=1,2,3 with_flag=true ");
  CHECK(values("x:7,plain,1,2") == "mode=plain size=7 steps=1,2 ");
  CHECK(usage(options) == "size=3, mode=plain, steps, with-flag, file");
  CHECK(described("what it is", options) == "what it is: " + usage(options));
  CHECK(described("what it is", {}) == "what it is");
  const std::vector<OptionInfo> numbers{{"a", "", 1., range::any}, {"b", "", 2., range::any}};
  CHECK(numbers_of(parse_spec("x:b=5"), numbers) == std::vector{1., 5.});
}

TEST_CASE("Errors about invalid arguments name the place") {
  const std::string takes = "; it takes size=3, mode=plain, steps, with-flag, file";
  check_refused("x:0", "[x] size must be a whole number from 1 to 10^9, got '0' at character 3");
  check_refused("x:size=a",
                "[x] size must be a whole number from 1 to 10^9, got 'a' at character 3");
  check_refused("x:7,wild", "[x] mode must be one of plain, fancy, got 'wild' at character 5");
  check_refused("x:with-flag=1", "[x] with_flag must be true or false, got '1' at character 3");
  check_refused("x:file=", "[x] file must be a text, got '' at character 3");
  check_refused("x:7,siz=8", "[x] has no option 'siz' at character 5" + takes);
  check_refused("x:7,size=8", "[x] size is given twice, at character 5" + takes);
  const auto too_many = [] { numbers_of(parse_spec("x:1,2"), {{"a", "", 1., range::any}}); };
  CHECK_THROWS_WITH(too_many(), "[x] '2' is one argument too many at character 5; it takes a=1");
  CHECK_THROWS_WITH(values_of(parse_spec("x:1"), {}),
                    "[x] '1' is one argument too many at character 3; it takes no arguments");
}

TEST_CASE("Registry::make calls the factory of the spec's name") {
  const Registry<std::string (*)(const Spec&, int)> table(
      "thing", {{"big-thing", "", [](const Spec& spec, int n) {
                   return fmt::format("{} {} {}", spec.name, spec.arguments.size(), n);
                 }}});
  CHECK(table.make(parse_spec("big_thing:1,2"), 3) == "big-thing 2 3");
  CHECK_THROWS_WITH(table.make(parse_specs("big_thing+pig-thing")[1], 3),
                    "unknown thing 'pig-thing' at character 11: did you mean big-thing?");
}
