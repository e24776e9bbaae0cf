// finish_table: makes a DataTable of the columns that were read.
#pragma once

#include "data/table/table_load.hpp"

namespace gradus::data {

/// Moves what was read into `table`, whose features and target columns are known; `reasons` says
/// why a column isn't an input. The values of categories become indices of sorted texts.
void finish_table(TableLoad& load, const std::vector<std::string>& reasons, DataTable& table);

}  // namespace gradus::data
