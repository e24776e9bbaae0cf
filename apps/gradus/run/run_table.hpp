// RunTable: what a run keeps of its table; load_table: reads, divides and encodes it.
#pragma once

#include "apps/gradus/run/run_parts.hpp"
#include "train/table_inputs.hpp"

namespace gradus::app {

/// What a run keeps of its table.
struct RunTable {
  train::TableInputs inputs;              ///< the encoding is fitted to the training part
  std::vector<uint64_t> row_hashes = {};  ///< data::row_hashes() of the training part, sorted
};

/// A table as the samples of a run, which aren't normalized.
struct LoadedTable {
  RunParts parts;
  RunTable table;
  Texts notes = {};  ///< what was found and decided
};

/// Whether --data is a file with a table rather than a name or a folder.
bool is_table(const std::string& path);

/// Reads the table of --data, and that of --test. Throws UsageError for options that don't fit, and
/// std::runtime_error like data::read_table().
LoadedTable load_table(const TrainConfig& config);

/// What --header says: empty without it. Throws UsageError for a text other than yes and no.
std::optional<bool> header_choice(const std::string& text);

/// How many of the hashes `of` are among the `sorted` ones.
int64_t common_samples(const std::vector<uint64_t>& sorted, const std::vector<uint64_t>& of);
/// Adds a note for each column with texts that the encoding doesn't know.
void note_unknown(Texts& notes, const data::TableEncoding& encoding,
                  const std::vector<int64_t>& unknown);

}  // namespace gradus::app
