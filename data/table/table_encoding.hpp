// TableEncoding: how the columns of a table become the inputs of a network.
#pragma once

#include "data/table/data_table.hpp"

namespace gradus::data {

/// How one feature is encoded.
struct EncodedColumn {
  std::string name = {};                 ///< of the column
  ColumnKind kind = ColumnKind::number;  ///< number or category
  double median = 0;           ///< of a number in the training part; replaces missing numbers
  bool has_indicator = false;  ///< a second input is 1 where the number is missing, else 0
  /// Of a category: the texts that occur in the training part. "" stands for missing cells.
  std::vector<std::string> values = {};
};

/// An input that is an index, for an embedding.
struct EmbeddingColumn {
  int64_t feature = 0;  ///< the encoded feature; its value is 0 … values−1, 0 for unknown texts
  int64_t values = 0;   ///< how many
  int64_t width = 0;    ///< numbers per value: min(50, round(1.6·values^0.56))
};

/// Encodes the features of a table, one after the other: a number as itself and its indicator; a
/// category of up to 16 texts as one input for each (one-hot), a larger one as an index.
struct TableEncoding {
  std::vector<EncodedColumn> columns = {};  ///< of the table's features

  /// The encoding for the samples `rows`, the training part.
  static TableEncoding fit(const DataTable& table, std::span<const int64_t> rows);

  /// Whether the encoded values are the table's: there are only numbers, and none is missing.
  bool is_identity(const DataTable& table) const;
  /// The number of encoded features.
  int64_t features() const;
  /// "age", "age missing", "sex = male", for each encoded feature.
  std::vector<std::string> feature_names() const;
  /// The encoded features that are indices.
  std::vector<EmbeddingColumn> embeddings() const;
  /// Of each encoded feature whether it is a number, which may be normalized.
  std::vector<bool> is_number() const;
  /// The encoded features [first, last) of each column.
  std::vector<std::pair<int64_t, int64_t>> column_ranges() const;
  /// The samples `rows` of a table with the same features, (rows, features()). An unknown text is 0
  /// everywhere or the index 0; `unknown` gets their number for each column. Throws
  /// std::invalid_argument for a table with other features.
  std::vector<float> encode(const DataTable& table, std::span<const int64_t> rows,
                            std::vector<int64_t>* unknown = nullptr) const;
  /// The encoded features of a row whose cells are all missing, (features()), as encode() would
  /// give them: a number is its median and its indicator 1, a category the text "" if the training
  /// part has it, else unknown.
  std::vector<float> missing_row() const;
};

}  // namespace gradus::data
