// describe: what a table has, in two lines.
#pragma once

#include "data/table/data_table.hpp"

namespace gradus::data {

/// Two lines at most: "1,309 samples: 6 numbers, 3 categories (sex: 2, embarked: 3, deck: 8), 20 %
/// of age missing; target survived: 2 classes", and "left out: name (1,307 distinct values)".
std::string describe(const DataTable& table);

}  // namespace gradus::data
