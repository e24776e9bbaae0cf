#include "optim/search/space.hpp"

#include <doctest/doctest.h>

#include <numbers>
#include <stdexcept>

using namespace gradus;
using namespace gradus::optim;

namespace {

std::string error_of(const std::string& text) {
  try {
    SearchSpace space(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a search space is read from a text of commas or of lines") {
  const SearchSpace commas(
      "lr=log(1e-4,1), batch=[32,64,128], norm=[batch,group:8], momentum=uniform(0,0.99), "
      "layers=int(1,4), units=logint(16,512)");
  const SearchSpace lines(
      "# what to try\n"
      "lr = log(1e-4, 1)  # the rate\n"
      "batch = [32, 64, 128]\r\n\n"
      "norm = [batch, group:8]\n momentum = uniform(0, 0.99)\nlayers = int(1, 4)\n"
      "units = logint(16, 512)");
  const Point middle(6, 0.5);
  const Configuration expected{{"lr", "0.01"},        {"batch", "64"}, {"norm", "group:8"},
                               {"momentum", "0.495"}, {"layers", "3"}, {"units", "89"}};
  CHECK(commas.configuration(middle) == expected);
  CHECK(lines.configuration(middle) == expected);
}

TEST_CASE("bounds are included, and all whole numbers have equal intervals") {
  const SearchSpace space("a=log(1e-4,1), b=int(1,4), c=logint(1,8), d=[x,y], e=uniform(-1,1)");
  CHECK(space.configuration(Point(5, 0)) ==
        Configuration{{"a", "0.0001"}, {"b", "1"}, {"c", "1"}, {"d", "x"}, {"e", "-1"}});
  CHECK(space.configuration(Point(5, 1)) ==
        Configuration{{"a", "1"}, {"b", "4"}, {"c", "8"}, {"d", "y"}, {"e", "1"}});
  // The bounds' ratio is infinite.
  const SearchSpace wide("a=log(1e-300,1e300)");
  CHECK(wide.configuration({0}) == Configuration{{"a", "1e-300"}});
  CHECK(wide.configuration({0.5}) == Configuration{{"a", "1"}});
  CHECK(wide.configuration({1}) == Configuration{{"a", "1e+300"}});
  const SearchParameter& whole = space.parameters()[1];
  CHECK(whole.value(0.249) == "1");
  CHECK(whole.value(0.251) == "2");
  for (const SearchParameter& parameter : space.parameters())
    for (int64_t i = 0; i < parameter.count().value_or(0); ++i)
      CHECK(parameter.index(parameter.middle(i)) == i);
}

TEST_CASE("a parameter with a condition is active only if it holds") {
  const SearchSpace space(
      "optimizer=[sgd,nag,adam], momentum=uniform(0,0.99) if optimizer=[sgd,nag], "
      "style=[a,b] if optimizer = nag, x=int(1,2) if style=b");
  const auto at = [&](double optimizer, double style) {
    return space.configuration({optimizer, 0.5, style, 0});
  };
  CHECK(at(0.1, 0.9) == Configuration{{"optimizer", "sgd"}, {"momentum", "0.495"}});
  CHECK(at(0.5, 0.1) == Configuration{{"optimizer", "nag"}, {"momentum", "0.495"}, {"style", "a"}});
  CHECK(at(0.5, 0.9).size() == 4);
  CHECK(at(0.9, 0.9) == Configuration{{"optimizer", "adam"}});
}

TEST_CASE("features are one number for a range and one for each value of a list") {
  const SearchSpace space("a=int(1,2), b=[x,y,z], c=uniform(0,1) if b=y, d=[u,v] if b=y");
  CHECK(space.feature_parameters() == std::vector<std::size_t>{0, 1, 1, 1, 2, 3, 3});
  const double one = std::numbers::sqrt2 / 2;
  CHECK(space.features({0.1, 0.5, 0.2, 0.9}) == std::vector<double>{0.25, 0, one, 0, 0.2, 0, one});
  CHECK(space.features({0.9, 0.1, 0.2, 0.9}) == std::vector<double>{0.75, one, 0, 0, 0.5, 0, 0});
}

TEST_CASE("errors of a search space have their place") {
  const std::string kinds =
      "values must be [a,b,…], uniform(low,high), log(low,high), int(low,high), logint(low,high) "
      "or network(blocks,classes), got ";
  for (const auto& [text, message] : std::vector<std::pair<std::string, std::string>>{
           {"", "[search_space] a space must have at least one parameter, got ''"},
           {"a=[1,2], lr=log(0,1)",
            "[search_space] at 'lr=log(0,1)': log needs 0 < low < high, got 0 and 1"},
           {"x=uniform(2,2)",
            "[search_space] at 'x=uniform(2,2)': uniform needs low < high, got 2 and 2"},
           {"x=uniform(nan,2)",
            "[search_space] at 'x=uniform(nan,2)': uniform needs low < high, got nan and 2"},
           {"x=uniform(0,inf)",
            "[search_space] at 'x=uniform(0,inf)': uniform needs numbers up to 1e+300, got 0 and "
            "inf"},
           {"x=int(1.5,2)",
            "[search_space] at 'x=int(1.5,2)': int needs whole numbers, got 1.5 and 2"},
           {"x=int(1,1e12)",
            "[search_space] at 'x=int(1,1e12)': int needs numbers up to "
            "1000000000, got 1 and 1000000000000"},
           {"x=int(-5,21e300)",
            "[search_space] at 'x=int(-5,21e300)': int needs numbers up to "
            "1000000000, got -5 and 2.1e+301"},
           {"x=logint(0,4)",
            "[search_space] at 'x=logint(0,4)': logint needs 0 < low < high, got 0 and 4"},
           {"x=log(1)", "[search_space] at 'x=log(1)': log needs two numbers, as in log(1,10)"},
           {"x=log(1,a)", "[search_space] at 'x=log(1,a)': log needs two numbers, as in log(1,10)"},
           {"x=normal(0,1)", "[search_space] at 'x=normal(0,1)': " + kinds + "'normal(0,1)'"},
           {"lr=0.1", "[search_space] at 'lr=0.1': " + kinds + "'0.1'"},
           {"lr=", "[search_space] at 'lr=': " + kinds + "''"},
           {"lr", "[search_space] at 'lr': a parameter must be NAME=VALUES, as in lr=log(1e-4,1)"},
           {"=[1]",
            "[search_space] at '=[1]': a parameter must be NAME=VALUES, as in lr=log(1e-4,1)"},
           {"a b=[1]",
            "[search_space] at 'a b=[1]': a parameter must be NAME=VALUES, as in lr=log(1e-4,1)"},
           {"x=[]", "[search_space] at 'x=[]': the list is empty"},
           {"x=[ ]", "[search_space] at 'x=[ ]': the list is empty"},
           {"x=[a,,b]", "[search_space] at 'x=[a,,b]': value 2 of the list is empty"},
           {"x=[a,b, ]", "[search_space] at 'x=[a,b, ]': value 3 of the list is empty"},
           {"x=[a], y=[b] if x=[,a]",
            "[search_space] at 'y=[b] if x=[,a]': value 1 of the list is empty"},
           {"x=[a,b,a]", "[search_space] at 'x=[a,b,a]': a is given twice"},
           {"x=[a], x=[b]", "[search_space] at 'x=[b]': x is given twice"},
           {"x=[a, b",
            "[search_space] at 'x=[a, b': a bracket is not closed at the end of the line"},
           {"x=a], y=[b]", "[search_space] at 'x=a]': unexpected closing bracket"},
           {"x=[a,\nb]",
            "[search_space] at 'x=[a,': a bracket is not closed at the end of the line"},
           {"x=[a], y=[b] if z=a",
            "[search_space] at 'y=[b] if z=a': after if, NAME=VALUES with the name of a list "
            "defined earlier is needed, got 'z=a'"},
           {"x=int(1,2), y=[b] if x=1",
            "[search_space] at 'y=[b] if x=1': after if, NAME=VALUES with the name of a list "
            "defined earlier is needed, got 'x=1'"},
           {"x=[adam,sgd], y=[b] if x=sdg",
            "[search_space] at 'y=[b] if x=sdg': x must be one of sgd, adam, got 'sdg'"},
           {"m=network(4)",
            "[search_space] at 'm=network(4)': network needs the maximal number of blocks, 1 to "
            "100, and the number of classes, as in network(4,10)"}})
    CHECK(error_of(text) == message);
}
