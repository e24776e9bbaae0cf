// split_table, row_hashes: the parts of a table for training and testing, and samples that are in
// both.
#pragma once

#include "core/random.hpp"
#include "data/table/data_table.hpp"

namespace gradus::data {

/// The samples of two parts, each in increasing order.
struct TableSplit {
  std::vector<int64_t> train;  ///< for training and for fitting encodings
  std::vector<int64_t> test;   ///< held out
};

/// Holds out round(fraction·rows) samples. With times, the latest; equal times stay together. With
/// groups, whole groups, as near to that number as random tries come. Else random ones, of each
/// class its share. Throws std::invalid_argument unless both parts have at least one sample.
TableSplit split_table(const DataTable& table, double fraction, Rng& rng);

/// A hash for each of `rows` of its inputs and, if `with_targets`, its targets: equal for samples
/// with equal contents, also in two tables that have the same features. It doesn't depend on the
/// order of the columns in the file.
std::vector<uint64_t> row_hashes(const DataTable& table, std::span<const int64_t> rows,
                                 bool with_targets = true);

}  // namespace gradus::data
