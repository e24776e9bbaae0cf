// make_targets, make_known_targets: the targets of a table from its target columns; may_be_classes:
// whether numbers are classes.
#pragma once

#include "data/table/table_load.hpp"

namespace gradus::data {

/// Fills in the targets of `table` from its target columns. `task`: auto, classify, multi-label or
/// regress. Throws std::runtime_error for missing targets and such that don't fit the task.
void make_targets(const TableLoad& load, const std::string& task, DataTable& table);

/// The same with the kind and the names of the targets of another table. Throws std::runtime_error
/// for a class or label that it doesn't have.
void make_known_targets(const TableLoad& load, const Targets& known, DataTable& table);

/// The different ones of the numbers, in increasing order.
std::vector<double> different_numbers(std::vector<double> numbers);
/// Whether the task "auto" takes targets with these different_numbers() as classes: they are whole,
/// and there are at most 20, or at most 1,000 without gaps from 0 or 1.
bool may_be_classes(const std::vector<double>& different);
/// The numbers as classes: their places among the `different` ones, whose texts are the names.
Targets number_classes(const std::vector<double>& numbers, const std::vector<double>& different);

}  // namespace gradus::data
