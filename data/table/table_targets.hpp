// make_targets, make_known_targets: the targets of a table from its target columns.
#pragma once

#include "data/table/table_load.hpp"

namespace gradus::data {

/// Fills in the targets of `table` from its target columns. `task`: auto, classify, multi-label or
/// regress. Throws std::runtime_error for missing targets and such that don't fit the task.
void make_targets(const TableLoad& load, const std::string& task, DataTable& table);

/// The same with the kind and the names of the targets of another table. Throws std::runtime_error
/// for a class or label that it doesn't have.
void make_known_targets(const TableLoad& load, const Targets& known, DataTable& table);

}  // namespace gradus::data
