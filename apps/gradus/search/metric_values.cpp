#include "apps/gradus/search/metric_values.hpp"

#include <algorithm>
#include <fstream>

#include "core/error.hpp"
#include "core/number.hpp"
#include "core/text.hpp"

namespace gradus::app {

std::vector<double> read_metric(const std::string& path, const std::string& column) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return {};
  const auto names = split(line, ',');
  const auto number = std::find(names.begin(), names.end(), column) - names.begin();
  if (number == static_cast<int64_t>(names.size())) file_error(path, "has no column {}", column);
  std::vector<double> values;
  while (std::getline(file, line)) {
    const auto cells = split(line, ',');
    const auto value = number < static_cast<int64_t>(cells.size())
                           ? parse_number<double>(cells[static_cast<std::size_t>(number)])
                           : std::nullopt;
    if (!value) file_error(path, "row {} has no {}", values.size() + 1, column);
    values.push_back(*value);
  }
  return values;
}

}  // namespace gradus::app
