// read_table, parse_table: read a table from a file or a text.
#pragma once

#include "data/table/data_table.hpp"

namespace gradus::data {

/// Reads a table with the separator comma, semicolon, tab or bar, plain or gzip. Except with
/// commas, numbers may have decimal commas. A column of numbers is an input as it is, a column of
/// few different texts is a category. Left out are dates, texts of which most are different,
/// constant columns and those that count the rows. Throws std::runtime_error "path: line 3, column
/// 2 (age): …" for a damaged file, rows of different lengths, numbers that are too large for f32,
/// missing targets, and options that don't fit the table.
DataTable read_table(const std::string& path, const TableOptions& options = {});

/// The same from text; errors begin with `name`.
DataTable parse_table(std::string_view text, const std::string& name,
                      const TableOptions& options = {});

}  // namespace gradus::data
