// TableSchema: what a run keeps of its table, to read others of the same kind; read_table_like.
#pragma once

#include "data/table/data_table.hpp"

namespace gradus::data {

/// A column that a run uses.
struct SchemaColumn {
  std::string name = {};                   ///< in the header line of the run's table
  int64_t place = 0;                       ///< its index there
  ColumnKind kind = ColumnKind::left_out;  ///< number or category; of a target: left_out
};

/// Everything needed to read another table for a run.
struct TableSchema {
  bool has_header = false;                  ///< columns are found by name, else by their place
  int64_t columns = 0;                      ///< number of columns of the run's table
  std::vector<SchemaColumn> features = {};  ///< the inputs in their order
  std::vector<SchemaColumn> targets = {};   ///< the target columns
  TargetKind kind = TargetKind::classes;    ///< of the targets
  std::vector<std::string> target_names =
      {};                                  ///< Targets::names: of the classes, labels or numbers
  std::vector<SchemaColumn> weights = {};  ///< the weights' column, or none
  std::vector<std::string> unused = {};    ///< names of the other columns: they aren't extra ones
};

/// The schema of a table.
TableSchema schema_of(const DataTable& table);

/// Options of read_table_like().
struct LikeOptions {
  bool needs_target = true;  ///< false: the target is used if it is there and complete
  bool keeps_texts =
      false;  ///< also the texts of columns that aren't inputs, DataTable::kept_texts
  std::optional<bool> header = {};  ///< whether the first line is one; empty: it is found
};

/// Reads a table for a run. Its features are those of the schema in the same order; columns are
/// found by name in any order, or by place if one of both tables has no header line. The notes say
/// which columns are extra. Without weights in the file, DataTable::weights is empty. Throws
/// std::runtime_error like read_table(), for a missing column, a text in a column of numbers, and
/// classes and labels that the run doesn't have.
DataTable read_table_like(const std::string& path, const TableSchema& schema,
                          const LikeOptions& options = {});

/// The same from text; errors begin with `name`.
DataTable parse_table_like(std::string_view text, const std::string& name,
                           const TableSchema& schema, const LikeOptions& options = {});

}  // namespace gradus::data
