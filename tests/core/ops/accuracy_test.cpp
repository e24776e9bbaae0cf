// accuracy_test: docs/accuracy.md says no less than what is measured.
#include "accuracy.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>

using namespace gradus;
using namespace gradus::testing;

namespace {

// The rows of the page's table: a name, then numbers; "–" where there is none.
std::map<std::string, std::vector<double>> documented_accuracy() {
  std::ifstream page(GRADUS_SOURCE "/docs/accuracy.md");
  std::map<std::string, std::vector<double>> rows;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| ")) continue;
    std::istringstream cells(line.substr(1));
    std::vector<std::string> texts;
    for (std::string text; std::getline(cells, text, '|');) texts.push_back(text);
    if (texts.size() != 9 || texts[1].find_first_of("0123456789") == std::string::npos) continue;
    std::vector<double> numbers;
    for (std::size_t i = 1; i < texts.size(); ++i)
      numbers.push_back(texts[i].find("–") == std::string::npos ? std::stod(texts[i]) : INFINITY);
    const std::string name = texts[0].substr(1, texts[0].size() - 2);
    rows[name] = numbers;
  }
  return rows;
}

}  // namespace

TEST_CASE("no operation is less accurate than docs/accuracy.md says") {
  const auto documented = documented_accuracy();
  const std::vector<Row> rows = all_rows();
  CHECK(documented.size() == rows.size());
  for (const Row& row : rows) {
    CAPTURE(row.name);
    REQUIRE(documented.count(row.name) == 1);
    const std::vector<double>& said = documented.at(row.name);
    const Sample sample = sample_of(row);
    const Accuracy measured = accuracy_of(row, sample);
    // Compilers fuse other products with sums, and functions of C libraries differ by a unit.
    CHECK(measured.largest <= 1.5 * said[2] + 1);
    CHECK(measured.derivative_largest <= 1.5 * said[6] + 1);
    CHECK(measured.derivative_mean <= 1.25 * said[4] + 0.2);
    if (sample.weights.numel() > 1) CHECK(measured.mean <= 1.25 * said[0] + 0.2);
  }
}
