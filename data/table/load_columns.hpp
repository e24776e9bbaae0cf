// load_columns, load_texts: read the columns of a table, in one pass or, if one turns out to be
// text late, two.
#pragma once

#include "data/table/table_load.hpp"

namespace gradus::data {

/// Reads the columns and counts the rows. Each number or category that isn't forced is read as what
/// it turns out to be.
void load_columns(TableLoad& load);

/// The texts of some columns, of all rows.
std::vector<std::vector<std::string>> load_texts(const TableLoad& load,
                                                 const std::vector<int64_t>& columns);

}  // namespace gradus::data
