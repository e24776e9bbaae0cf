// dataset_of, load_table: tables as data sets; without_values: what splitting a table needs.
#pragma once

#include "data/dataset.hpp"
#include "data/table/table_encoding.hpp"
#include "data/table/table_split.hpp"

namespace gradus::data {

/// All samples of a table, encoded by `encoding`, with their targets and weights; not normalized.
/// Without targets each sample's is the number 0. `unknown` gets the number of texts of each column
/// that the encoding doesn't know. Throws like TableEncoding::encode().
Dataset dataset_of(DataTable table, const TableEncoding& encoding,
                   std::vector<int64_t>* unknown = nullptr);

/// Reads a table, splits it like split_table(), fits the encoding to the training part, and
/// normalizes both by it:
///
///     auto [train, test] = data::load_table("houses.csv", rng, {.targets = {"price"}});
///
/// Throws like read_table().
Split load_table(const std::string& path, Rng& rng, const TableOptions& options = {},
                 double test_fraction = 0.2);

/// The targets, groups and times of some samples of a table, to split them by split_table().
DataTable without_values(const DataTable& table, std::span<const int64_t> rows);

}  // namespace gradus::data
